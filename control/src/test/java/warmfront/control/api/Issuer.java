package warmfront.control.api;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import warmfront.link.Pem;

/** An authority of certificates for tests. */
public final class Issuer {
  private final KeyPair pair = pair("EC", 256);
  private final X509Certificate certificate;
  private final Issuer above;
  private final Instant now;

  /** A certificate with its key. */
  public record Issued(X509Certificate certificate, PrivateKey key) {
    /** Returns the certificate as PEM. */
    public String pem() {
      return Pem.of(certificate);
    }

    /** Returns the key as PEM (PKCS #8). */
    public String keyPem() {
      return Pem.of(key);
    }
  }

  /** Makes one that signs itself, whose certificates begin a day before {@code now}. */
  public Issuer(String name, Instant now) {
    this.now = now;
    this.above = this;
    this.certificate = sign(name, pair, true, Duration.ofDays(100), List.of());
  }

  private Issuer(String name, Issuer above) {
    this.now = above.now;
    this.above = above;
    this.certificate = above.sign(name, pair, true, Duration.ofDays(100), List.of());
  }

  /** Returns an authority that this one certifies. */
  public Issuer below(String name) {
    return new Issuer(name, this);
  }

  /** Returns its certificate and those of the ones above, but for the topmost, as PEM. */
  public String chainPem() {
    return above == this ? "" : Pem.of(certificate) + above.chainPem();
  }

  /** Returns its own certificate as PEM. */
  public String pem() {
    return Pem.of(certificate);
  }

  /** Returns a certificate of an ECDSA key on P-256 for these names. */
  public Issued issue(String... names) {
    return issue("EC", 256, Duration.ofDays(30), names);
  }

  /** Returns a certificate for one purpose alone, and for no name. */
  public Issued issueFor(KeyPurposeId purpose) {
    KeyPair leaf = pair("EC", 256);
    ExtendedKeyUsage usage = new ExtendedKeyUsage(purpose);
    return new Issued(
        sign("one", leaf, false, Duration.ofDays(30), List.of(), usage), leaf.getPrivate());
  }

  /** Returns a certificate of another's key for these names. */
  public X509Certificate certify(PublicKey key, Duration life, List<String> names) {
    return sign(names.getFirst(), new KeyPair(key, null), false, life, names);
  }

  /** Returns a certificate for these names. */
  public Issued issue(String algorithm, int bits, Duration life, String... names) {
    KeyPair leaf = pair(algorithm, bits);
    String common = names.length == 0 ? "nobody" : names[0];
    return new Issued(sign(common, leaf, false, life, Arrays.asList(names)), leaf.getPrivate());
  }

  private X509Certificate sign(
      String name, KeyPair subject, boolean authority, Duration life, List<String> names) {
    return sign(name, subject, authority, life, names, null);
  }

  private X509Certificate sign(
      String name,
      KeyPair subject,
      boolean authority,
      Duration life,
      List<String> names,
      @Nullable ExtendedKeyUsage usage) {
    try {
      X500Principal issuer =
          above == this && authority && certificate == null
              ? new X500Principal("CN=" + name)
              : certificate.getSubjectX500Principal();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(0x0102_0304L),
              Date.from(now.minus(Duration.ofDays(1))),
              Date.from(now.plus(life)),
              new X500Principal("CN=" + name),
              subject.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (usage != null) {
        builder.addExtension(Extension.extendedKeyUsage, true, usage);
      }
      if (!names.isEmpty()) {
        GeneralName[] all =
            names.stream()
                .map(one -> new GeneralName(GeneralName.dNSName, one))
                .toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
