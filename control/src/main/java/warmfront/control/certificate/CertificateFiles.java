package warmfront.control.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.link.Pem;
import warmfront.time.Clock;

/**
 * A certificate that the operator keeps in files, read again when they change. While what is in
 * them is no certificate with its key, as between the writing of one and the other, the last that
 * was one is kept. Thread-safe.
 */
public final class CertificateFiles {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path chain;
  private final Path key;
  private final Clock clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Authority.Issued current;

  // Read and written by who has the lock.
  private Stamp stamp;
  private long lookedNanos;

  /** When the files were written. */
  private record Stamp(FileTime chain, FileTime key) {}

  /**
   * Reads a certificate.
   *
   * @param chain PEM: the certificate, then its issuers
   * @param key PEM: its private key, PKCS #8
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if they are not a certificate and its key
   */
  public CertificateFiles(Path chain, Path key, Clock clock) throws IOException {
    this.chain = chain;
    this.key = key;
    this.clock = clock;
    this.stamp = stamp();
    this.current = read();
    this.lookedNanos = clock.nanos();
  }

  /** Returns the certificate to be shown now; looks at the files at most once a second. */
  public Authority.Issued current() {
    if (looking.tryLock()) {
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    return current;
  }

  private void look() {
    long now = clock.nanos();
    if (now - lookedNanos < LOOK_NANOS) {
      return;
    }
    lookedNanos = now;
    try {
      Stamp latest = stamp();
      if (!latest.equals(stamp)) {
        current = read();
        stamp = latest;
        LOG.info("the certificate in {} is shown from now on", chain);
      }
    } catch (IOException | IllegalArgumentException unusable) {
      LOG.warn("the certificate in {} cannot be used yet: {}", chain, unusable.getMessage());
    }
  }

  private Stamp stamp() throws IOException {
    return new Stamp(Files.getLastModifiedTime(chain), Files.getLastModifiedTime(key));
  }

  private Authority.Issued read() throws IOException {
    List<X509Certificate> certificates =
        Pem.certificates(Files.readString(chain, StandardCharsets.US_ASCII));
    PrivateKey own = Pem.privateKey(Files.readString(key, StandardCharsets.US_ASCII));
    if (!belong(certificates.getFirst(), own)) {
      throw new IllegalArgumentException(
          "the key in %s is not that of the certificate in %s".formatted(key, chain));
    }
    return new Authority.Issued(own, certificates);
  }

  private static boolean belong(X509Certificate certificate, PrivateKey key) {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      Signature signature = Signature.getInstance(algorithm);
      byte[] probe = certificate.getEncoded();
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException mismatch) {
      return false;
    }
  }
}
