package warmfront.control.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.ZoneCertificate;
import warmfront.link.Pem;
import warmfront.time.Clock;

/** The certificate under which edges serve the zone's own names, by the fleet's CA. */
public final class ZoneCertificates {
  /** How long one lives; replaced after two thirds. */
  public static final Duration LIFE = Duration.ofDays(90);

  private final Store store;
  private final Authority authority;
  private final Clock clock;

  /** Makes the zone's issuer. */
  public ZoneCertificates(Store store, Authority authority, Clock clock) {
    this.store = store;
    this.authority = authority;
    this.clock = clock;
  }

  /**
   * Publishes a certificate for {@code *.zone}, {@code zone} and the names of live channels if
   * there is none of this CA for all of them, or two thirds of its life are over. To be called at
   * start and every hour.
   *
   * @param zone without a trailing dot, as {@code warmfront.localhost}
   * @return the revision that published it; empty if the present one is good
   */
  public OptionalLong ensure(String zone) {
    String id = "*." + zone;
    List<String> names = List.of(id, zone, Channel.anyHostName(zone));
    if (store.read(transaction -> isGood(transaction, id, names))) {
      return OptionalLong.empty();
    }
    Authority.Issued issued = authority.issue(names, LIFE);
    ZoneCertificate value = new ZoneCertificate(id, Pem.of(issued.chain()), Pem.of(issued.key()));
    return store.write(transaction ->
        // Another control process may have found the same.
        isGood(transaction, id, names)
            ? OptionalLong.empty()
            : OptionalLong.of(transaction.append(Kind.ZONE_CERTIFICATE, id, Optional.of(value))));
  }

  private boolean isGood(Transaction transaction, String id, List<String> names) {
    return transaction
        .latest(Kind.ZONE_CERTIFICATE, id)
        .map(ZoneCertificate.class::cast)
        .map(value -> Pem.certificates(value.chainPem()).getFirst())
        .filter(leaf -> isGood(leaf) && Authority.names(leaf).containsAll(names))
        .isPresent();
  }

  private boolean isGood(X509Certificate leaf) {
    boolean ours =
        leaf.getIssuerX500Principal().equals(authority.certificate().getSubjectX500Principal());
    Instant from = leaf.getNotBefore().toInstant();
    Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
    return ours && clock.now().isBefore(from.plus(life.multipliedBy(2).dividedBy(3)));
  }
}
