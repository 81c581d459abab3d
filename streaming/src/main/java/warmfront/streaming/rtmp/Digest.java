package warmfront.streaming.rtmp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The digests that Flash wants to see in a handshake, and that ffmpeg checks. No secret is in them:
 * the keys are in every client.
 */
final class Digest {
  /** Bytes of a handshake's message: C1, S1, C2, S2. */
  static final int MESSAGE = 1536;

  static final int LENGTH = 32;

  private static final byte[] COMMON =
      HexFormat.of().parseHex("f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae");
  private static final byte[] CLIENT = "Genuine Adobe Flash Player 001".getBytes(US_ASCII);
  private static final byte[] SERVER = "Genuine Adobe Flash Media Server 001".getBytes(US_ASCII);

  /** Where the two layouts have the bytes that say where the digest is. */
  private static final int[] SCHEMAS = {8, 772};

  private static final int OFFSETS = 728;

  private Digest() {}

  /** Returns which of the two layouts has a client's right digest in C1, 0 or 1. */
  static OptionalInt schema(byte[] c1) {
    for (int schema = 0; schema < SCHEMAS.length; schema++) {
      if (MessageDigest.isEqual(of(c1, schema), around(CLIENT, c1, at(c1, schema)))) {
        return OptionalInt.of(schema);
      }
    }
    return OptionalInt.empty();
  }

  /** Returns the digest that stands in a message. */
  static byte[] of(byte[] message, int schema) {
    int at = at(message, schema);
    return Arrays.copyOfRange(message, at, at + LENGTH);
  }

  /** Puts a server's digest into S1. */
  static void sign(byte[] s1, int schema) {
    int at = at(s1, schema);
    System.arraycopy(around(SERVER, s1, at), 0, s1, at, LENGTH);
  }

  /** Puts what answers a client's digest at the end of S2. */
  static void answer(byte[] s2, byte[] clientDigest) {
    byte[] key = hmac(joined(SERVER, COMMON), clientDigest);
    byte[] signature = hmac(key, Arrays.copyOf(s2, MESSAGE - LENGTH));
    System.arraycopy(signature, 0, s2, MESSAGE - LENGTH, LENGTH);
  }

  static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] around(byte[] key, byte[] message, int at) {
    return hmac(
        key, Arrays.copyOf(message, at), Arrays.copyOfRange(message, at + LENGTH, message.length));
  }

  private static int at(byte[] message, int schema) {
    int from = SCHEMAS[schema];
    int sum = 0;
    for (int i = from; i < from + 4; i++) {
      sum += message[i] & 0xFF;
    }
    return sum % OFFSETS + from + 4;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
