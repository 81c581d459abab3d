package warmfront.control.certificate;

import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.jspecify.annotations.Nullable;
import warmfront.link.Pem;

/**
 * A certificate that is shown for aliases of distributions or to origins, with its issuers, as the
 * API tells of it.
 *
 * @param chain the certificate, then its issuers, each of which signed the one before
 */
public record AliasCertificate(List<X509Certificate> chain) {
  /** A name that is of DNS (RFC 5280, section 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_PURPOSE = "2.5.29.37.0";

  private static final List<String> USAGES =
      List.of(
          "DIGITAL_SIGNATURE",
          "NON_REPUDIATION",
          "KEY_ENCIPHERMENT",
          "DATA_ENCIPHERMENT",
          "KEY_AGREEMENT",
          "CERTIFICATE_SIGNING",
          "CRL_SIGNING",
          "ENCIPHER_ONLY",
          "DECIPHER_ONLY");

  public AliasCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads a certificate and its issuers.
   *
   * @throws IllegalArgumentException if they are none
   */
  public static AliasCertificate ofPem(String chainPem) {
    return new AliasCertificate(Pem.certificates(chainPem));
  }

  private X509Certificate leaf() {
    return chain.getFirst();
  }

  /** Returns the DNS names that it is for, lower case. */
  public List<String> names() {
    try {
      @Nullable Collection<List<?>> all = leaf().getSubjectAlternativeNames();
      List<String> names = new ArrayList<>();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.get(0).equals(DNS_NAME)) {
          names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
        }
      }
      return names;
    } catch (CertificateParsingException unreadable) {
      throw new IllegalArgumentException("the certificate's names cannot be read", unreadable);
    }
  }

  /**
   * Returns whether it is for an alias in lower case: a wildcard stands for one label (RFC 9525,
   * section 6.3), so it takes the same wildcard to cover an alias that is one.
   */
  public boolean covers(String alias) {
    int dot = alias.indexOf('.');
    List<String> names = names();
    return names.contains(alias)
        || (dot > 0 && !alias.startsWith("*") && names.contains("*" + alias.substring(dot)));
  }

  /** Returns whether a client may show it (RFC 5280, section 4.2.1.12). */
  public boolean isForClients() {
    try {
      @Nullable List<String> purposes = leaf().getExtendedKeyUsage();
      return purposes == null || purposes.contains(CLIENT_AUTH) || purposes.contains(ANY_PURPOSE);
    } catch (CertificateParsingException unreadable) {
      return false;
    }
  }

  /** Returns the subject's common name, or the first of its DNS names; empty if it has neither. */
  public String domainName() {
    X500Name subject = X500Name.getInstance(leaf().getSubjectX500Principal().getEncoded());
    RDN[] common = subject.getRDNs(BCStyle.CN);
    return common.length == 0
        ? names().stream().findFirst().orElse("")
        : IETFUtils.valueToString(common[0].getFirst().getValue());
  }

  /** Returns the subject as a distinguished name (RFC 4514). */
  public String subject() {
    return leaf().getSubjectX500Principal().getName();
  }

  /** Returns the issuer as a distinguished name (RFC 4514). */
  public String issuer() {
    return leaf().getIssuerX500Principal().getName();
  }

  /** Returns the serial number: bytes in hexadecimal digits, with colons between. */
  public String serial() {
    return HexFormat.ofDelimiter(":").formatHex(leaf().getSerialNumber().toByteArray());
  }

  /** Returns from when on it is valid. */
  public Instant begins() {
    return leaf().getNotBefore().toInstant();
  }

  /** Returns until when it is valid. */
  public Instant ends() {
    return leaf().getNotAfter().toInstant();
  }

  /** Returns the kind of its key in the API's words; empty if it is none that edges serve. */
  public Optional<String> keyAlgorithm() {
    return keyAlgorithm(leaf().getPublicKey());
  }

  static Optional<String> keyAlgorithm(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      return List.of(2048, 3072, 4096).contains(bits)
          ? Optional.of("RSA_" + bits)
          : Optional.empty();
    }
    if (key instanceof ECPublicKey ec) {
      String curve = ec.getParams().toString();
      return curve.startsWith("secp256r1")
          ? Optional.of("EC_prime256v1")
          : curve.startsWith("secp384r1") ? Optional.of("EC_secp384r1") : Optional.empty();
    }
    return Optional.empty();
  }

  /** Returns what signed it, as {@code SHA256WITHRSA}. */
  public String signatureAlgorithm() {
    return leaf().getSigAlgName().toUpperCase(Locale.ROOT);
  }

  /** Returns what its key may be used for (RFC 5280, section 4.2.1.3), in the API's words. */
  public List<String> usages() {
    boolean @Nullable [] bits = leaf().getKeyUsage();
    List<String> usages = new ArrayList<>();
    for (int i = 0; bits != null && i < USAGES.size(); i++) {
      if (bits[i]) {
        usages.add(USAGES.get(i));
      }
    }
    return usages;
  }

  /** Returns the certificate itself as PEM. */
  public String leafPem() {
    return Pem.of(leaf());
  }

  /** Returns its issuers as PEM; empty text if there are none. */
  public String issuersPem() {
    return Pem.of(chain.subList(1, chain.size()));
  }
}
