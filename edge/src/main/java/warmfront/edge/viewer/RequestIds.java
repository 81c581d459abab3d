package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.random.RandomGenerator;

/**
 * Makes X-Amz-Cf-Id: 16 random bytes in URL-safe base64, so 24 characters that end in two '='.
 * CloudFront's are 56 long, but opaque; ours leave room for an object of 1 KiB in the one segment
 * that its head goes in (MTU 1500), which spares an acknowledgement.
 */
final class RequestIds {
  private static final byte[] DIGITS =
      Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  private static final int LENGTH = 24;
  private static final int DIGITS_OF_A_LONG = 10;

  private final RandomGenerator chance;
  private final byte[] text = new byte[LENGTH];

  RequestIds(RandomGenerator chance) {
    this.chance = chance;
    text[LENGTH - 2] = '=';
    text[LENGTH - 1] = '=';
  }

  String next() {
    long bits = 0;
    for (int i = 0; i < LENGTH - 3; i++) {
      if (i % DIGITS_OF_A_LONG == 0) {
        bits = chance.nextLong();
      }
      text[i] = DIGITS[(int) bits & 63];
      bits >>>= 6;
    }
    text[LENGTH - 3] = DIGITS[(int) (bits & 3) << 4]; // the last two bits
    return new String(text, ISO_8859_1);
  }
}
