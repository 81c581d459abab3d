package warmfront.signing;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a signature is good for.
 *
 * @param date the day, as {@code 20150830}
 * @param region the region; empty in Signature Version 4A, whose scopes have none
 * @param service the service
 */
record Scope(String date, String region, String service) {
  static final String ALGORITHM = Algorithm.HMAC.label();
  static final String TERMINATOR = "aws4_request";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** Returns the time as {@code 20150830T123600Z}. */
  static String stamp(Instant time) {
    return STAMP.format(time);
  }

  static Scope of(String stamp, String region, String service) {
    return new Scope(stamp.substring(0, 8), region, service);
  }

  @Override
  public String toString() {
    return date + "/" + (region.isEmpty() ? "" : region + "/") + service + "/" + TERMINATOR;
  }

  /** Returns the signature of a canonical request, in lower-case hex. */
  String signature(String secret, String stamp, String canonicalRequest) {
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {date, region, service, TERMINATOR}) {
      key = hmac(key, part);
    }
    String toSign = toSign(Algorithm.HMAC, stamp, canonicalRequest);
    return HexFormat.of().formatHex(hmac(key, toSign));
  }

  /** Returns the text that is signed. */
  String toSign(Algorithm algorithm, String stamp, String canonicalRequest) {
    return String.join("\n", algorithm.label(), stamp, toString(), Message.hash(canonicalRequest));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new LinkageError("every JDK has HmacSHA256", e);
    }
  }
}
