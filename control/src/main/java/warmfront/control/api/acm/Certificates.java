package warmfront.control.api.acm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import warmfront.control.api.wire.Asked;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Kind;
import warmfront.time.Clock;

/**
 * What is kept of certificates. What edges serve, the key too, is in the log alone, sealed; the row
 * of a certificate says when it came, and what was asked for if it was requested. Thread-safe; used
 * within transactions.
 */
final class Certificates {
  /** It was requested of a public authority, and is not issued yet. */
  static final String PENDING = "PENDING_VALIDATION";

  /** It was not issued for so long that it never will be. */
  static final String TIMED_OUT = "VALIDATION_TIMED_OUT";

  /** It is there, and a public authority is asked for the next one. */
  static final String RENEWING = "RENEWING";

  private static final String TYPE = "certificate";
  private static final Pattern ARN =
      Pattern.compile("arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-zA-Z-]+");

  private final String account;
  private final int max;
  private final Clock clock;
  private final Supplier<String> newId;

  Certificates(String account, int max, Clock clock, Supplier<String> newId) {
    this.account = account;
    this.max = max;
    this.clock = clock;
    this.newId = newId;
  }

  /**
   * Returns the ARN for one more.
   *
   * @throws AcmRefused if there are enough
   */
  String newArn(Transaction tx) {
    if (tx.count(TYPE, "") >= max) {
      throw new AcmRefused(
          400, "LimitExceededException", "There may be %d certificates.".formatted(max));
    }
    return "arn:aws:acm:us-east-1:%s:certificate/%s".formatted(account, newId.get());
  }

  /** Publishes a certificate, a new one or another under its ARN. */
  void keep(Transaction tx, Certificate value, Optional<Requested> requested) {
    long revision = tx.append(Kind.CERTIFICATE, value.id(), Optional.of(value));
    Instant now = clock.now();
    Optional<Row> before = tx.find(TYPE, value.id());
    Row row =
        new Row(
            TYPE,
            value.id(),
            "",
            "",
            "",
            before.map(Row::created).orElse(now),
            now,
            revision,
            requested.map(Requested::text).orElse(""));
    if (before.isPresent()) {
      tx.update(row);
    } else {
      tx.insert(row);
    }
  }

  /** Keeps a request that is to be answered later. */
  void await(Transaction tx, String arn, Requested requested) {
    Instant now = clock.now();
    tx.insert(new Row(TYPE, arn, "", PENDING, "", now, now, 0, requested.text()));
  }

  /** Puts what is kept of a request into another state. */
  Row change(Transaction tx, Row row, String status, Requested requested) {
    Row next =
        new Row(
            TYPE,
            row.id(),
            "",
            status,
            "",
            row.created(),
            row.modified(),
            row.revision(),
            requested.text());
    tx.update(next);
    return next;
  }

  /** Returns those that a public authority has to be asked for, the oldest first. */
  List<Row> awaited(Transaction tx) {
    return Stream.of(PENDING, RENEWING)
        .flatMap(status -> tx.withStatus(TYPE, status).stream())
        .toList();
  }

  void remove(Transaction tx, Row row) {
    tx.retract(Kind.CERTIFICATE, row.id());
    tx.delete(TYPE, row.id());
    tx.untagAll(row.id());
  }

  /** Returns them, the newest first, after the one with this ARN. */
  List<Row> all(Transaction tx, Optional<String> after) {
    return tx.page(TYPE, "", after, Integer.MAX_VALUE);
  }

  Optional<Row> find(Transaction tx, String arn) {
    return tx.find(TYPE, arn);
  }

  /**
   * Returns the one that a request names.
   *
   * @throws AcmRefused if it names none, or none that is there
   */
  static Row named(Transaction tx, Asked asked) {
    String arn =
        asked.text("CertificateArn").orElseThrow(() -> AcmRefused.required("CertificateArn"));
    if (!ARN.matcher(arn).matches()) {
      throw new AcmRefused(
          400, "InvalidArnException", "Not the ARN of a certificate: '%s'.".formatted(arn));
    }
    return tx.find(TYPE, arn)
        .orElseThrow(() ->
            new AcmRefused(
                400,
                "ResourceNotFoundException",
                "There is no certificate with the ARN %s.".formatted(arn)));
  }

  /** Returns what edges show; empty if it is not issued yet. */
  static Optional<AliasCertificate> certificate(Transaction tx, Row row) {
    return tx.latest(Kind.CERTIFICATE, row.id())
        .map(value -> AliasCertificate.ofPem(((Certificate) value).chainPem()));
  }
}
