package warmfront.link;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Certificates and keys as PEM (RFC 7468). */
public final class Pem {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /** Returns a chain of certificates, the first first. */
  public static String of(List<X509Certificate> chain) {
    return chain.stream().map(Pem::of).collect(Collectors.joining());
  }

  /** Returns a certificate. */
  public static String of(X509Certificate certificate) {
    try {
      return armored("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException broken) {
      throw new IllegalArgumentException("a certificate that has no encoding", broken);
    }
  }

  /** Returns a private key (PKCS #8). */
  public static String of(PrivateKey key) {
    return armored("PRIVATE KEY", encoded(key));
  }

  /**
   * Reads the certificates of a PEM text in their order.
   *
   * @throws IllegalArgumentException if there is none or one is broken
   */
  public static List<X509Certificate> certificates(String pem) {
    try {
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      List<X509Certificate> found =
          x509
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new IllegalArgumentException("no certificate in the PEM text");
      }
      return found;
    } catch (CertificateException broken) {
      throw new IllegalArgumentException("a broken certificate in the PEM text", broken);
    }
  }

  /**
   * Reads a private key, EC or RSA, PKCS #8.
   *
   * @throws IllegalArgumentException if there is none or it is broken
   */
  public static PrivateKey privateKey(String pem) {
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf("-----END PRIVATE KEY-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no PKCS #8 private key in the PEM text");
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
    return privateKey("EC", der)
        .or(() -> privateKey("RSA", der))
        .orElseThrow(
            () -> new IllegalArgumentException("a private key that is neither EC nor RSA"));
  }

  private static Optional<PrivateKey> privateKey(String algorithm, byte[] der) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (GeneralSecurityException another) {
      return Optional.empty();
    }
  }

  /** Returns the SHA-256 of a certificate's DER in hexadecimal digits. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException broken) {
      throw new IllegalArgumentException("a certificate that has no encoding", broken);
    }
  }

  private static byte[] encoded(Key key) {
    byte[] bytes = key.getEncoded();
    if (bytes == null) {
      throw new IllegalArgumentException("a key that cannot be exported");
    }
    return bytes;
  }

  private static String armored(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(der), label);
  }
}
