package warmfront.routing.dns;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * DNS cookies (RFC 7873): a client that sends back what we made for its address was not forged. Our
 * part is made as RFC 9018 says, from the client's part, the time and the client's address. Makes
 * no garbage; owned by one thread.
 */
final class Cookies {
  static final int CLIENT_BYTES = 8;
  static final int SERVER_BYTES = 16;

  /** A whole cookie of ours, in bytes. */
  static final int BYTES = CLIENT_BYTES + SERVER_BYTES;

  // RFC 9018, 4.3.
  private static final int AGE_SECONDS_MAX = 3600;
  private static final int AHEAD_SECONDS_MAX = 300;
  private static final int RENEWED_AFTER_SECONDS = 1800;

  private static final int TIME_OFFSET = CLIENT_BYTES + 4;
  private static final int HASH_OFFSET = CLIENT_BYTES + 8;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SECONDS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final Supplier<CookieSecret.Keys> secret;
  private final SipHash hash = new SipHash();

  Cookies(Supplier<CookieSecret.Keys> secret) {
    this.secret = secret;
  }

  /**
   * Returns whether a cookie was made for this client lately, by us or another of the fleet.
   *
   * @param bytes of the cookie, from {@code at}
   * @param length of the cookie, the client's part included
   * @param seconds since 1970, as many bits as an int has
   */
  boolean prove(byte[] bytes, int at, int length, Client client, int seconds) {
    if (length != BYTES || bytes[at + CLIENT_BYTES] != 1) {
      return false;
    }
    int age = seconds - (int) SECONDS.get(bytes, at + TIME_OFFSET);
    if (age > AGE_SECONDS_MAX || age < -AHEAD_SECONDS_MAX) {
      return false;
    }
    long theirs = (long) WORD.get(bytes, at + HASH_OFFSET);
    CookieSecret.Keys keys = secret.get();
    return theirs == hash(keys.current(), bytes, at, client)
        || theirs == hash(keys.previous(), bytes, at, client)
        || theirs == hash(keys.next(), bytes, at, client);
  }

  /**
   * Writes the cookie that a client is to send from now on: the one that it sent, or a new one.
   *
   * @param from the query with the client's cookie at {@code fromAt}
   * @param proven whether it is one of ours
   */
  void write(
      byte[] from, int fromAt, boolean proven, Client client, int seconds, byte[] to, int toAt) {
    System.arraycopy(from, fromAt, to, toAt, proven ? BYTES : CLIENT_BYTES);
    if (proven && seconds - (int) SECONDS.get(to, toAt + TIME_OFFSET) <= RENEWED_AFTER_SECONDS) {
      return;
    }
    SECONDS.set(to, toAt + CLIENT_BYTES, 1 << 24); // version 1, three bytes reserved
    SECONDS.set(to, toAt + TIME_OFFSET, seconds);
    WORD.set(to, toAt + HASH_OFFSET, hash(secret.get().current(), to, toAt, client));
  }

  private long hash(CookieSecret.Key key, byte[] cookie, int at, Client client) {
    hash.begin(key.first(), key.last());
    hash.take((long) WORD.get(cookie, at));
    hash.take((long) WORD.get(cookie, at + CLIENT_BYTES));
    if (client.family() == AddressFamily.IPV4) {
      int address = Integer.reverseBytes((int) (client.high() >>> 32));
      return hash.end(Integer.toUnsignedLong(address), 20);
    }
    hash.take(Long.reverseBytes(client.high()));
    hash.take(Long.reverseBytes(client.low()));
    return hash.end(0, 32);
  }
}
