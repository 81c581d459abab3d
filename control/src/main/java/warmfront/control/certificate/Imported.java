package warmfront.control.certificate;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;
import warmfront.link.Pem;

/**
 * A certificate that an operator brings, with its key, once it was found that edges can serve it
 * (ACM, "Prerequisites for importing ACM certificates").
 *
 * @param certificate the certificate and its issuers
 * @param key its private key
 */
public record Imported(AliasCertificate certificate, PrivateKey key) {
  /** Longest texts, in characters: an RSA key of 4096 bits has about 3,300. */
  private static final int CERTIFICATE_CHARS_MAX = 32_768;

  private static final int KEY_CHARS_MAX = 5_120;
  private static final int CHAIN_CHARS_MAX = 131_072;

  private static final byte[] PROBE = {1, 2, 3};

  /**
   * What an operator brings, as PEM (RFC 7468).
   *
   * @param certificate the certificate alone
   * @param key its private key, not encrypted
   * @param issuers each signed the one before; empty for none
   */
  public record Brought(String certificate, String key, String issuers) {
    @Override
    public String toString() {
      return "Brought";
    }
  }

  /**
   * Checks what was brought.
   *
   * @param now when it has to be valid
   * @throws IllegalArgumentException if edges could not serve it; says why
   */
  public static Imported of(Brought brought, Instant now) {
    limit("certificate", brought.certificate(), CERTIFICATE_CHARS_MAX);
    limit("private key", brought.key(), KEY_CHARS_MAX);
    limit("certificate chain", brought.issuers(), CHAIN_CHARS_MAX);
    List<X509Certificate> chain = new ArrayList<>(Pem.certificates(brought.certificate()));
    if (chain.size() > 1) {
      throw new IllegalArgumentException("the issuers belong into the certificate chain");
    }
    if (!brought.issuers().isBlank()) {
      chain.addAll(Pem.certificates(brought.issuers()));
    }
    requireOrder(chain);
    requireValid(chain, now);
    AliasCertificate certificate = new AliasCertificate(chain);
    if (certificate.keyAlgorithm().isEmpty()) {
      throw new IllegalArgumentException(
          "the key is RSA of 2048, 3072 or 4096 bits, or ECDSA on P-256 or P-384");
    }
    PrivateKey key = key(brought.key());
    requireMatch(chain.getFirst(), key);
    return new Imported(certificate, key);
  }

  private static void limit(String what, String text, int max) {
    if (text.length() > max) {
      throw new IllegalArgumentException(
          "the %s has %d characters; %d are allowed".formatted(what, text.length(), max));
    }
  }

  private static void requireOrder(List<X509Certificate> chain) {
    for (int i = 1; i < chain.size(); i++) {
      try {
        chain.get(i - 1).verify(chain.get(i).getPublicKey());
      } catch (GeneralSecurityException another) {
        throw new IllegalArgumentException(
            "certificate %d of the chain, %s, did not sign the one before, %s"
                .formatted(i, subject(chain.get(i)), subject(chain.get(i - 1))),
            another);
      }
      if (chain.get(i).getBasicConstraints() < 0) {
        throw new IllegalArgumentException(
            "certificate %d of the chain, %s, is not an authority's"
                .formatted(i, subject(chain.get(i))));
      }
    }
  }

  private static void requireValid(List<X509Certificate> chain, Instant now) {
    for (X509Certificate one : chain) {
      if (now.isBefore(one.getNotBefore().toInstant())
          || now.isAfter(one.getNotAfter().toInstant())) {
        throw new IllegalArgumentException(
            "the certificate of %s is valid from %s to %s, not now"
                .formatted(
                    subject(one), one.getNotBefore().toInstant(), one.getNotAfter().toInstant()));
      }
    }
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  /** Reads PKCS #8, PKCS #1 and SEC 1. */
  private static PrivateKey key(String pem) {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (@Nullable Object one = parser.readObject(); one != null; one = parser.readObject()) {
        if (one instanceof PEMEncryptedKeyPair || one instanceof PKCS8EncryptedPrivateKeyInfo) {
          throw new IllegalArgumentException("the private key must not be encrypted");
        }
        JcaPEMKeyConverter converter =
            new JcaPEMKeyConverter() // the JDK has no factory of the name ECDSA
                .setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");
        if (one instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (one instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
    } catch (IOException malformed) {
      throw new IllegalArgumentException("the private key cannot be read", malformed);
    }
    throw new IllegalArgumentException("there is no private key in the PEM text");
  }

  private static void requireMatch(X509Certificate leaf, PrivateKey key) {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      signer.initVerify(leaf.getPublicKey());
      signer.update(PROBE);
      if (signer.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException another) {
      throw new IllegalArgumentException("the private key is not the certificate's", another);
    }
    throw new IllegalArgumentException("the private key is not the certificate's");
  }

  /** Returns the private key as PEM (PKCS #8). */
  public String keyPem() {
    return Pem.of(key);
  }

  /** Returns the certificate and its issuers as PEM. */
  public String chainPem() {
    return Pem.of(certificate.chain());
  }

  @Override
  public String toString() {
    return "Imported[" + certificate.domainName() + "]";
  }
}
