package warmfront.control.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Server;
import warmfront.link.Credentials;
import warmfront.link.KeyFile;
import warmfront.link.Pem;
import warmfront.snapshot.Seal;
import warmfront.time.Clock;

/**
 * The fleet's certificate authority: made once per data directory, or the operator's own.
 * Thread-safe.
 */
public final class Authority {
  /** How long a server's certificate lives. */
  public static final Duration SERVER_LIFE = Duration.ofDays(30);

  /** How long the certificate of a control process lives; see {@link ControlCertificate}. */
  static final Duration CONTROL_LIFE = Duration.ofDays(825);

  /** How long a certificate of the API lives, which clients verify that others wrote. */
  private static final Duration API_LIFE = Duration.ofDays(90);

  private static final Duration CA_LIFE = Duration.ofDays(3650);

  /** The fleet's servers are servers and clients to one another. */
  private static final List<KeyPurposeId> FLEET =
      List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);

  private static final List<KeyPurposeId> SITE = List.of(KeyPurposeId.id_kp_serverAuth);

  /** Clocks of servers differ: what is issued is valid from a little earlier. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final Clock clock;
  private final SecureRandom random;

  private Authority(PrivateKey key, X509Certificate certificate, Clock clock, SecureRandom random) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
    this.random = random;
  }

  /** A certificate with its issuers, and its key. */
  public record Issued(PrivateKey key, List<X509Certificate> chain) {
    public Issued {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "Issued[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
  }

  /**
   * Returns the authority of a data directory, which is made if there is none: {@code ca.pem} for
   * everyone and {@code ca.key}, sealed.
   *
   * @throws IllegalStateException if the sealing key does not open {@code ca.key}
   */
  public static Authority loadOrMake(
      Path folder, SecretKey sealing, Clock clock, SecureRandom random) throws IOException {
    Path pem = folder.resolve("ca.pem");
    Path sealedKey = folder.resolve("ca.key");
    Seal seal = new Seal(sealing, random);
    if (Files.notExists(pem)) {
      Issued made = selfSigned(clock, random);
      byte[] keyPem = Pem.of(made.key()).getBytes(StandardCharsets.US_ASCII);
      KeyFile.write(sealedKey, seal.seal(keyPem, "ca.key"));
      // Last, because its presence says that the authority is there.
      Path fresh = folder.resolve("ca.pem.new");
      Files.writeString(fresh, Pem.of(made.chain()), StandardCharsets.US_ASCII);
      Files.move(fresh, pem, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
    byte[] opened =
        seal.open(Files.readAllBytes(sealedKey), "ca.key")
            .orElseThrow(
                () -> new IllegalStateException("the sealing key does not open " + sealedKey));
    return new Authority(
        Pem.privateKey(new String(opened, StandardCharsets.US_ASCII)),
        Pem.certificates(Files.readString(pem, StandardCharsets.US_ASCII)).getFirst(),
        clock,
        random);
  }

  /**
   * Returns the operator's own authority.
   *
   * @param pem its certificate, which must be a CA's
   * @param keyPem its private key, PKCS #8
   * @throws IllegalArgumentException if they do not belong together or may not sign
   */
  public static Authority of(String pem, String keyPem, Clock clock, SecureRandom random) {
    X509Certificate certificate = Pem.certificates(pem).getFirst();
    PrivateKey key = Pem.privateKey(keyPem);
    if (certificate.getBasicConstraints() < 0) {
      throw new IllegalArgumentException("not the certificate of a CA");
    }
    Authority authority = new Authority(key, certificate, clock, random);
    Issued probe = authority.control();
    try {
      probe.chain().getFirst().verify(certificate.getPublicKey());
    } catch (GeneralSecurityException mismatch) {
      throw new IllegalArgumentException("the key is not the CA certificate's", mismatch);
    }
    return authority;
  }

  /** Returns the CA's certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** Returns the CA's certificate as PEM. */
  public String pem() {
    return Pem.of(certificate);
  }

  /** Returns the SHA-256 of the CA's certificate, as join tokens carry it. */
  public String fingerprint() {
    return Pem.fingerprint(certificate);
  }

  /** Returns a new certificate of the control plane, for the port that servers connect to. */
  public Issued control() {
    return issue(List.of(Credentials.CONTROL_NAME), CONTROL_LIFE);
  }

  /**
   * Returns a new certificate of the API.
   *
   * @param names DNS names and IP addresses, where it is reached
   */
  public Issued api(List<String> names) {
    return issue(names, API_LIFE);
  }

  /** Returns a new certificate and key for these names or addresses, the first in the subject. */
  public Issued issue(List<String> names, Duration life) {
    KeyPair pair = newKey(SiteKey.EC_prime256v1, random);
    return issued(pair, names, life, FLEET);
  }

  /** Returns the same with a key of another kind, for servers alone: no client may show it. */
  Issued issueForSite(List<String> names, SiteKey kind, Duration life) {
    return issued(newKey(kind, random), names, life, SITE);
  }

  private Issued issued(KeyPair pair, List<String> names, Duration life, List<KeyPurposeId> use) {
    return new Issued(
        pair.getPrivate(), List.of(sign(pair.getPublic(), names, life, use), certificate));
  }

  /**
   * Returns a certificate of a server for the key of its certification request, issuers following;
   * empty if the request is none, or its sender does not have the key.
   *
   * @param csr PKCS #10, DER; whatever name it asks for, it gets the server's
   */
  public Optional<List<X509Certificate>> server(String serverId, byte[] csr) {
    return requestedKey(csr)
        .map(wanted ->
            List.of(
                sign(wanted, List.of(Server.certificateName(serverId)), SERVER_LIFE, FLEET),
                certificate));
  }

  private static Optional<PublicKey> requestedKey(byte[] csr) {
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(csr);
      PublicKey wanted = new JcaPKCS10CertificationRequest(request).getPublicKey();
      boolean has = request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(wanted));
      return has && wanted.getAlgorithm().equals("EC") ? Optional.of(wanted) : Optional.empty();
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private X509Certificate sign(
      PublicKey subject, List<String> names, Duration life, List<KeyPurposeId> purposes) {
    Instant now = clock.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate,
            serial(random),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(life)),
            new javax.security.auth.x500.X500Principal("CN=" + names.getFirst()),
            subject);
    try {
      JcaX509ExtensionUtils keys = new JcaX509ExtensionUtils();
      GeneralName[] all =
          names.stream()
              .map(name ->
                  new GeneralName(
                      IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      // RSA without ephemeral keys, which old viewers speak, enciphers a secret.
      int encipherment = subject.getAlgorithm().equals("RSA") ? KeyUsage.keyEncipherment : 0;
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | encipherment));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, keys.createAuthorityKeyIdentifier(certificate));
      return signed(builder, key);
    } catch (CertIOException | GeneralSecurityException failed) {
      throw new IllegalStateException("a certificate cannot be made", failed);
    }
  }

  /** Returns the DNS names that a certificate of an authority's is for. */
  static List<String> names(X509Certificate certificate) {
    try {
      @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream().map(name -> String.valueOf(name.get(1))).toList();
    } catch (CertificateParsingException unreadable) {
      throw new IllegalArgumentException("no certificate of ours", unreadable);
    }
  }

  private static Issued selfSigned(Clock clock, SecureRandom random) {
    KeyPair pair = newKey(SiteKey.EC_prime256v1, random);
    Instant now = clock.now();
    X500Name name = new X500Name("CN=Warmfront fleet CA " + serial(random).toString(36));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial(random),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(CA_LIFE)),
            name,
            pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new Issued(pair.getPrivate(), List.of(signed(builder, pair.getPrivate())));
    } catch (CertIOException | GeneralSecurityException failed) {
      throw new IllegalStateException("a CA cannot be made", failed);
    }
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
      throws GeneralSecurityException {
    String algorithm = by.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(by)));
    } catch (OperatorCreationException missing) {
      throw new GeneralSecurityException("no signature " + algorithm, missing);
    }
  }

  /** Returns a new key. */
  static KeyPair newKey(SiteKey kind, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm());
      generator.initialize(kind.parameters(), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has " + kind, missing);
    }
  }

  /** 127 random bits, positive (CA/Browser Forum BR 7.1: at least 64). */
  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).add(BigInteger.ONE);
  }
}
