package warmfront.control.api;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** New ids in CloudFront's forms. Thread-safe: the generator is used under this object's lock. */
final class Ids {
  private static final String UPPER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String LOWER = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final String HEXADECIMAL = "0123456789abcdef";

  private final RandomGenerator random;

  Ids(RandomGenerator random) {
    this.random = random;
  }

  /** Returns {@code E} and 13 more: a distribution, how an origin is asked, a version. */
  String entity() {
    return "E" + characters(UPPER, 13);
  }

  /** Returns {@code I} and 24 more: an invalidation. */
  String invalidation() {
    return "I" + characters(UPPER, 24);
  }

  /** Returns {@code d} and 13 more: the first label of a distribution's own name. */
  String label() {
    return "d" + characters(LOWER, 13);
  }

  /** Returns {@code s} and 13 more: the first label of a streaming distribution's own name. */
  String streamingLabel() {
    return "s" + characters(LOWER, 13);
  }

  /** Returns {@code K} and 13 more: a public key. */
  String publicKey() {
    return "K" + characters(UPPER, 13);
  }

  /** Returns {@code cf_} and 24 more: a connection function. */
  String connectionFunction() {
    return "cf_" + characters(LOWER, 24);
  }

  /** Returns {@code C} and 13 more: a configuration of field-level encryption. */
  String encryptionConfig() {
    return "C" + characters(UPPER, 13);
  }

  /** Returns {@code P} and 12 more: a profile of field-level encryption. */
  String encryptionProfile() {
    return "P" + characters(UPPER, 12);
  }

  /** Returns 96 hexadecimal digits: a user as S3's access control lists name it. */
  String canonicalUser() {
    return characters(HEXADECIMAL, 96);
  }

  /** Returns a random UUID: a policy, a request. */
  synchronized String uuid() {
    // RFC 9562, section 5.4: version 4, variant 10.
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(high, low).toString();
  }

  private synchronized String characters(String alphabet, int count) {
    byte[] text = new byte[count];
    for (int i = 0; i < count; i++) {
      text[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
    }
    return new String(text, StandardCharsets.US_ASCII);
  }
}
