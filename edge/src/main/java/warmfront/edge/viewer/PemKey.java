package warmfront.edge.viewer;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * Reads private keys (PKCS #8 in PEM, RFC 7468, section 10). We do not leave that to the TLS
 * library: it would load a whole cryptographic provider only to try formats that we refuse.
 */
final class PemKey {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final String[] ALGORITHMS = {"EC", "RSA"};

  private PemKey() {}

  /**
   * Returns the first key of a text.
   *
   * @throws GeneralSecurityException if there is none, or it is neither EC nor RSA
   */
  static PrivateKey of(String pem) throws GeneralSecurityException {
    int from = pem.indexOf(BEGIN);
    int to = pem.indexOf(END);
    if (from < 0 || to < from) {
      throw new InvalidKeySpecException("no PKCS #8 private key in the PEM text");
    }
    PKCS8EncodedKeySpec key =
        new PKCS8EncodedKeySpec(
            Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (InvalidKeySpecException _) {
        // The next algorithm may know it.
      }
    }
    throw new InvalidKeySpecException("neither an EC nor an RSA key");
  }
}
