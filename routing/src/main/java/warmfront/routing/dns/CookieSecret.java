package warmfront.routing.dns;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.random.RandomGenerator;
import warmfront.time.Clock;

/**
 * What server cookies are made with, and were made with before: rolled over once a day, which is
 * longer than any cookie lives (RFC 9018, section 5). Thread-safe.
 */
final class CookieSecret {
  /** How long a secret makes cookies. */
  static final Duration LIFETIME = Duration.ofDays(1);

  /**
   * A secret of 128 bits.
   *
   * @param first its first 8 bytes, little-endian
   * @param last its last 8 bytes, little-endian
   */
  record Key(long first, long last) {
    static Key of(byte[] bytes) {
      ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      return new Key(words.getLong(), words.getLong());
    }
  }

  /**
   * The secrets by which a cookie may have been made.
   *
   * @param current makes new ones
   * @param previous made those before
   */
  record Keys(Key current, Key previous) {}

  private final RandomGenerator random;
  private final Clock clock;
  private volatile Keys keys;
  private volatile long sinceNanos;

  /**
   * Makes secrets.
   *
   * @param random of which nobody can foretell anything
   */
  CookieSecret(RandomGenerator random, Clock clock) {
    this.random = random;
    this.clock = clock;
    this.keys = new Keys(key(), key());
    this.sinceNanos = clock.nanos();
  }

  private Key key() {
    return new Key(random.nextLong(), random.nextLong());
  }

  Keys keys() {
    return keys;
  }

  /** Takes a new secret if the current one is old; to be called now and then, by one thread. */
  void renew() {
    if (clock.nanos() - sinceNanos >= LIFETIME.toNanos()) {
      sinceNanos = clock.nanos();
      keys = new Keys(key(), keys.current());
    }
  }
}
