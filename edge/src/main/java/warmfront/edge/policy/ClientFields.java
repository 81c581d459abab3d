package warmfront.edge.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import warmfront.distribution.ViewerMtls.Mode;
import warmfront.edge.step.Client;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Request;
import warmfront.edge.step.Tls;
import warmfront.http.Fields;

/** What fields say of a viewer's certificate (CloudFront, "Viewer mTLS headers"). */
final class ClientFields {
  /** The certificate itself, for an origin that judges it (RFC 9440, section 2.2). */
  private static final String CERT = "Client-Cert";

  /** Those that came with it (RFC 9440, section 2.3). */
  private static final String CHAIN = "Client-Cert-Chain";

  private static final int LINE_CHARS = 64; // RFC 7468, section 2
  private static final String UNRESERVED = "-._~"; // RFC 3986, section 2.3

  private ClientFields() {}

  /**
   * Has a request to an origin say which certificates the viewer showed, where the origin judges
   * them, and never what the viewer says of that itself (RFC 9440, section 2.4).
   */
  static void pass(ClientCheck check, Request request, Fields.Builder fields) {
    fields.remove(CERT).remove(CHAIN);
    if (check.mode() != Mode.PASSTHROUGH) {
      return;
    }
    Optional<Client> client = request.tls().flatMap(Tls::client);
    client.flatMap(Client::leaf).ifPresent(leaf -> fields.set(CERT, item(leaf)));
    List<X509Certificate> issuers = client.map(Client::issuers).orElse(List.of());
    if (!issuers.isEmpty()) {
      fields.set(CHAIN, issuers.stream().map(ClientFields::item).collect(Collectors.joining(", ")));
    }
  }

  /** A byte sequence of structured fields (RFC 9651, section 3.3.5). */
  private static String item(X509Certificate certificate) {
    return ":" + Base64.getEncoder().encodeToString(der(certificate)) + ":";
  }

  /** Returns its serial number: bytes in hexadecimal digits, with colons between. */
  static String serialNumber(X509Certificate certificate) {
    byte[] bytes = certificate.getSerialNumber().toByteArray();
    int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0; // the sign
    return HexFormat.ofDelimiter(":").formatHex(bytes, from, bytes.length);
  }

  /** Returns a distinguished name as RFC 2253 writes it. */
  static String name(X500Principal principal) {
    return principal.getName(X500Principal.RFC2253);
  }

  /** Returns the SHA-256 of it in hexadecimal digits. */
  static String sha256(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(der(certificate));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Returns from when to when it is valid, to the second. */
  static String validity(X509Certificate certificate) {
    return "NotBefore=%s;NotAfter=%s"
        .formatted(certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  /** Returns it as PEM, percent-encoded. */
  static String pem(X509Certificate certificate) {
    String base64 =
        Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der(certificate));
    String pem = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    StringBuilder encoded = new StringBuilder(pem.length() + 200);
    for (byte b : pem.getBytes(StandardCharsets.US_ASCII)) {
      if (Character.isLetterOrDigit(b) || UNRESERVED.indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        encoded.append("%%%02X".formatted(b));
      }
    }
    return encoded.toString();
  }

  private static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has no bytes", e);
    }
  }
}
