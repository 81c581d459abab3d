package warmfront.control.api.acm;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import warmfront.control.api.wire.Refused;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/**
 * Certificates that are requested by CloudFront's API, for those who are to show them. They are
 * ordinary ones otherwise, and are renewed as these are. Thread-safe.
 */
public final class ManagedCertificates {
  /** How far a certificate is. */
  public enum Status {
    /** A public authority has not issued it yet. */
    PENDING("pending-validation"),
    /** It is there. */
    ISSUED("issued"),
    /** It is there, and over. */
    EXPIRED("expired"),
    /** It never will be issued. */
    TIMED_OUT("validation-timed-out");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    /** Returns CloudFront's word for it. */
    public String word() {
      return word;
    }
  }

  /** A request that was taken, with what was issued for it. */
  public static final class Draft {
    private final Requests.Draft request;

    private Draft(Requests.Draft request) {
      this.request = request;
    }
  }

  private final Requests requests;
  private final Certificates certificates;
  private final boolean world;
  private final int namesMax;
  private final Clock clock;

  ManagedCertificates(
      Requests requests, Certificates certificates, boolean world, int namesMax, Clock clock) {
    this.requests = requests;
    this.certificates = certificates;
    this.world = world;
    this.namesMax = namesMax;
    this.clock = clock;
  }

  /** Returns whether a public authority issues them, which wants proofs. */
  public boolean isProved() {
    return world;
  }

  /**
   * Takes a request; keys are made outside of transactions.
   *
   * @param names the first is the certificate's domain name
   * @param transparent whether it may be logged publicly
   * @throws Refused if there cannot be such a certificate
   */
  public Draft draft(List<String> names, boolean transparent) {
    return refusing(() ->
        new Draft(
            requests.draft(
                Requested.of(names, transparent ? "ENABLED" : "DISABLED", namesMax, world))));
  }

  /**
   * Keeps a request, and returns the ARN of its certificate.
   *
   * @throws Refused if there are enough certificates
   */
  public String keep(Transaction tx, Draft draft) {
    return refusing(() -> requests.keep(tx, draft.request));
  }

  /** Returns how far a certificate is; empty if it is not there. */
  public Optional<Status> status(Transaction tx, String arn) {
    Optional<Row> row = certificates.find(tx, arn);
    return row.map(there ->
        Certificates.certificate(tx, there)
            .map(this::status)
            .orElseGet(() ->
                there.status().equals(Certificates.PENDING) ? Status.PENDING : Status.TIMED_OUT));
  }

  private Status status(AliasCertificate issued) {
    return clock.now().isAfter(issued.ends()) ? Status.EXPIRED : Status.ISSUED;
  }

  /** Returns the names that a certificate was requested for; none if it is not there. */
  public Set<String> names(Transaction tx, String arn) {
    return certificates
        .find(tx, arn)
        .flatMap(Requested::of)
        .map(requested -> Set.copyOf(requested.names()))
        .orElse(Set.of());
  }

  /** CloudFront has other words for what the certificate manager refuses. */
  private static <T> T refusing(Supplier<T> work) {
    try {
      return work.get();
    } catch (AcmRefused refused) {
      String code =
          refused.code().equals("LimitExceededException")
              ? "EntityLimitExceeded"
              : "InvalidArgument";
      throw new Refused(code, refused.message());
    }
  }
}
