package warmfront.routing.dns;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import warmfront.time.Clock;

/**
 * What server cookies are made with: a key for each day (UTC), longer than any cookie lives. It
 * follows from a secret that all DNS servers of a fleet know, so that each takes the cookies of the
 * others, without a word between them (RFC 9018, section 5). Thread-safe.
 */
final class CookieSecret {
  private static final String MAC = "HmacSHA256";
  private static final byte[] PURPOSE = "DNS cookies of day".getBytes(StandardCharsets.US_ASCII);
  private static final int SECRET_BYTES = 32;

  /**
   * A key of 128 bits.
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
   * The keys by which a cookie may have been made.
   *
   * @param current makes new ones
   * @param previous made those before
   * @param next makes those after, and does already where a clock is ahead
   */
  record Keys(Key current, Key previous, Key next) {}

  private record Origin(SecretKey secret, long day) {
    Key key(int days) {
      try {
        Mac mac = Mac.getInstance(MAC);
        mac.init(secret);
        mac.update(PURPOSE);
        return Key.of(mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(day + days).array()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has HmacSHA256", e);
      }
    }

    Keys keys() {
      return new Keys(key(0), key(-1), key(1));
    }
  }

  private final Supplier<Optional<SecretKey>> shared;
  private final SecretKey own;
  private final Clock clock;
  private volatile Origin origin;
  private volatile Keys keys;

  /**
   * Makes the keys of today.
   *
   * @param shared what the fleet's DNS servers have in common; until that is known, a secret of our
   *     own serves
   * @param random of which nobody can foretell anything
   */
  CookieSecret(Supplier<Optional<SecretKey>> shared, RandomGenerator random, Clock clock) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    this.shared = shared;
    this.own = new SecretKeySpec(bytes, MAC);
    this.clock = clock;
    this.origin = origin();
    this.keys = origin.keys();
  }

  private Origin origin() {
    return new Origin(
        shared.get().orElse(own), Math.floorDiv(clock.millis(), TimeUnit.DAYS.toMillis(1)));
  }

  Keys keys() {
    return keys;
  }

  /** Makes other keys on another day or of another secret; to be called by one thread, often. */
  void renew() {
    Origin now = origin();
    if (!now.equals(origin)) {
      origin = now;
      keys = now.keys();
    }
  }
}
