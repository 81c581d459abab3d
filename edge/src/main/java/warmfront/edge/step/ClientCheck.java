package warmfront.edge.step;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.distribution.ViewerMtls.Mode;

/**
 * What a distribution asks of viewers' own certificates, ready to judge them (RFC 5280, section 6,
 * without revocation). Two that ask the same of the same distribution are equal. Immutable.
 */
public final class ClientCheck {
  /** CloudFront's quota: a certificate, its authority in the trust store, and two between them. */
  static final int CHAIN_MAX = 4;

  /** What viewers may show altogether, in bytes of DER: four certificates with keys of RSA. */
  private static final int CHAIN_BYTES_MAX = 16_384;

  /** The purpose of who authenticates itself as a client (RFC 5280, section 4.2.1.12). */
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private static final boolean[] DIGITAL_SIGNATURE = {true};

  private final String distribution;
  private final ViewerMtls asked;
  private final Optional<TrustStore> store;
  private final List<X509Certificate> authorities;
  private final Set<TrustAnchor> anchors = new HashSet<>();

  /**
   * Reads what is asked.
   *
   * @param distribution the id of who asks
   * @param store the trust store that {@code asked} names
   * @throws IllegalArgumentException if the trust store has no certificate that can be read
   */
  public ClientCheck(String distribution, ViewerMtls asked, Optional<TrustStore> store) {
    this.distribution = distribution;
    this.asked = asked;
    this.store = store;
    this.authorities = store.map(ClientCheck::read).orElse(List.of());
    authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
  }

  private static List<X509Certificate> read(TrustStore store) {
    byte[] pem = store.authoritiesPem().getBytes(StandardCharsets.US_ASCII);
    try {
      List<X509Certificate> all = new ArrayList<>();
      CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem))
          .forEach(one -> all.add((X509Certificate) one));
      if (all.isEmpty()) {
        throw new IllegalArgumentException("trust store %s is empty".formatted(store.id()));
      }
      return List.copyOf(all);
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "trust store %s cannot be read: %s".formatted(store.id(), e.getMessage()), e);
    }
  }

  /** Returns the id of the distribution that asks. */
  public String distribution() {
    return distribution;
  }

  /** Returns whether there has to be a certificate, and who judges it. */
  public Mode mode() {
    return asked.mode();
  }

  /** Returns the authorities that the handshake names. */
  public List<X509Certificate> named() {
    return asked.namesAuthorities() ? authorities : List.of();
  }

  /**
   * Returns what is wrong with the certificates that a viewer shows; empty if they are right. That
   * the viewer has the key is for the handshake to find out.
   *
   * @param chain the viewer's own first; the others in any order
   * @param now when they have to be valid
   */
  public Optional<String> objection(List<X509Certificate> chain, Instant now) {
    if (chain.isEmpty()) {
      return mode() == Mode.REQUIRED ? Optional.of("there is no certificate") : Optional.empty();
    }
    if (chain.size() > CHAIN_MAX || bytes(chain) > CHAIN_BYTES_MAX) {
      return Optional.of(
          "a chain of %d certificates and %d bytes is longer than %d and %d"
              .formatted(chain.size(), bytes(chain), CHAIN_MAX, CHAIN_BYTES_MAX));
    }
    return mode() == Mode.PASSTHROUGH ? Optional.empty() : judged(chain, now);
  }

  private static int bytes(List<X509Certificate> chain) {
    try {
      int bytes = 0;
      for (X509Certificate one : chain) {
        bytes += one.getEncoded().length;
      }
      return bytes;
    } catch (CertificateEncodingException e) {
      return Integer.MAX_VALUE;
    }
  }

  private Optional<String> judged(List<X509Certificate> chain, Instant now) {
    X509Certificate leaf = chain.getFirst();
    if (now.isBefore(leaf.getNotBefore().toInstant())) {
      return Optional.of("it is valid from " + leaf.getNotBefore().toInstant());
    }
    Instant at = asked.ignoresExpiry() ? beforeAnyEnded(chain, now) : now;
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(leaf);
    target.setKeyUsage(DIGITAL_SIGNATURE.clone());
    try {
      target.setExtendedKeyUsage(Set.of(CLIENT_AUTH));
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      parameters.setRevocationEnabled(false);
      parameters.setMaxPathLength(CHAIN_MAX - 2);
      parameters.setDate(Date.from(at));
      PKIXCertPathBuilderResult built =
          (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
      return objection(built, now);
    } catch (CertPathBuilderException e) {
      return Optional.of("no authority of the trust store vouches for it: " + e.getMessage());
    } catch (GeneralSecurityException | java.io.IOException e) {
      return Optional.of("it cannot be judged: " + e.getMessage());
    }
  }

  /** The last moment up to now at which none of them had ended yet. */
  private static Instant beforeAnyEnded(List<X509Certificate> chain, Instant now) {
    Instant at = now;
    for (X509Certificate one : chain) {
      Instant end = one.getNotAfter().toInstant();
      at = end.isBefore(at) ? end : at;
    }
    return at;
  }

  /** Path validation asks nothing of the authority itself, nor of a path without an issuer. */
  private Optional<String> objection(PKIXCertPathBuilderResult built, Instant now) {
    int length = built.getCertPath().getCertificates().size();
    if (length == 0 || length + 1 > CHAIN_MAX) {
      return Optional.of("its path to the trust store has %d certificates".formatted(length + 1));
    }
    X509Certificate authority = built.getTrustAnchor().getTrustedCert();
    boolean begun = !now.isBefore(authority.getNotBefore().toInstant());
    boolean ended = now.isAfter(authority.getNotAfter().toInstant());
    return begun && (asked.ignoresExpiry() || !ended)
        ? Optional.empty()
        : Optional.of("its authority is not valid now");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this
        || (other instanceof ClientCheck check
            && distribution.equals(check.distribution)
            && asked.equals(check.asked)
            && store.equals(check.store));
  }

  @Override
  public int hashCode() {
    return Objects.hash(distribution, asked, store);
  }

  @Override
  public String toString() {
    return "ClientCheck[%s of %s]".formatted(asked.mode(), distribution);
  }
}
