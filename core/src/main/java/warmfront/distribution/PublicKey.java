package warmfront.distribution;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * A key by which signed URLs, cookies and stream names are verified: RSA of 2048 bits or ECDSA on
 * P-256 (CloudFront, "Creating key pairs for your signers").
 *
 * @param id {@code K...}, the Key-Pair-Id of what it signed
 * @param base64 its SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) in DER
 */
public record PublicKey(String id, String base64) implements Resource {
  private static final int RSA_BITS = 2048;
  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";

  /** Longest PEM text, in characters: an RSA key of 2048 bits has about 450. */
  private static final int PEM_CHARS_MAX = 2_000;

  /** How a key on P-256 begins (RFC 5480, section 2.1.1.1). */
  private static final String P256 = "3059301306072a8648ce3d020106082a8648ce3d030107";

  private static final String WANTED = "a public key is RSA of 2048 bits or ECDSA on P-256";

  public PublicKey {
    decode(base64);
  }

  /**
   * Returns the key of a PEM text.
   *
   * @throws IllegalArgumentException if it is no such key
   */
  public static PublicKey ofPem(String id, String pem) {
    String text = pem.strip();
    if (text.length() > PEM_CHARS_MAX || !text.startsWith(BEGIN) || !text.endsWith(END)) {
      throw new IllegalArgumentException(
          "a public key is a PEM text between %s and %s".formatted(BEGIN, END));
    }
    String body = text.substring(BEGIN.length(), text.length() - END.length());
    byte[] der = Base64.getDecoder().decode(body.replaceAll("\\s", ""));
    return new PublicKey(id, Base64.getEncoder().encodeToString(der));
  }

  /** Returns the key for the JDK's signatures, made anew each time. */
  public java.security.PublicKey decoded() {
    return decode(base64);
  }

  private static java.security.PublicKey decode(String base64) {
    byte[] der = Base64.getDecoder().decode(base64);
    boolean p256 = HexFormat.of().formatHex(der).startsWith(P256);
    try {
      java.security.PublicKey key =
          KeyFactory.getInstance(p256 ? "EC" : "RSA").generatePublic(new X509EncodedKeySpec(der));
      if (p256 || ((RSAPublicKey) key).getModulus().bitLength() == RSA_BITS) {
        return key;
      }
    } catch (GeneralSecurityException malformed) {
      throw new IllegalArgumentException(WANTED + ": " + malformed.getMessage(), malformed);
    }
    throw new IllegalArgumentException(WANTED);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.PUBLIC_KEYS);
  }
}
