package warmfront.control.api.acm;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.control.certificate.Authority;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.TextRecord;
import warmfront.time.Clock;

/**
 * Requests to a public authority: it is asked once all records are in DNS, and again later if it
 * does not issue. Proofs are texts of the fleet's zone, which its DNS servers answer. Of several
 * processes one asks: who writes down that it tries. To be advanced by one thread.
 */
final class Orders {
  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  /** As long as ACM waits for records. */
  private static final Duration PENDING_MAX = Duration.ofDays(3);

  /** Public authorities take a few failures in an hour. */
  private static final Duration AGAIN_AFTER = Duration.ofMinutes(15);

  private static final int DOUBLED_MAX = 5;
  private static final Duration ANSWERED_MAX = Duration.ofMinutes(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final Store store;
  private final Certificates certificates;
  private final Issuers issuers;
  private final Function<String, Optional<String>> alias;
  private final String zone;
  private final Clock clock;

  /**
   * Makes them.
   *
   * @param alias says where a name points (CNAME); may wait for DNS
   */
  Orders(
      Store store,
      Certificates certificates,
      Issuers issuers,
      Function<String, Optional<String>> alias,
      String zone,
      Clock clock) {
    this.store = store;
    this.certificates = certificates;
    this.issuers = issuers;
    this.alias = alias;
    this.zone = zone;
    this.clock = clock;
  }

  /** Asks for what can be had now. */
  void advance() throws InterruptedException {
    if (issuers.world().isEmpty()) {
      return;
    }
    for (Row row : store.read(certificates::awaited)) {
      Requested requested = Requested.of(row).orElseThrow();
      boolean pending = row.status().equals(Certificates.PENDING);
      if (pending && !clock.now().isBefore(row.created().plus(PENDING_MAX))) {
        exchange(row, Certificates.TIMED_OUT, requested);
      } else if (isTime(requested.tries()) && requested.names().stream().allMatch(this::points)) {
        Optional<Row> mine = exchange(row, row.status(), requested.tried(clock.now()));
        if (mine.isPresent()) {
          order(issuers.world().get(), mine.get());
        }
      }
    }
  }

  private boolean isTime(Requested.Tries tries) {
    return tries
        .last()
        .map(last -> {
          int doubled = Math.min(tries.count() - 1, DOUBLED_MAX);
          return !clock.now().isBefore(last.plus(AGAIN_AFTER.multipliedBy(1L << doubled)));
        })
        .orElse(true);
  }

  /** The zone's own names are answered by the fleet's DNS servers in any case. */
  private boolean points(String name) {
    Proof proof = Proof.of(name, zone, true);
    return !proof.place(zone).equals(proof.target())
        || alias.apply(proof.name()).equals(Optional.of(proof.target()));
  }

  /** Changes a row unless another process did. */
  private Optional<Row> exchange(Row before, String status, Requested requested) {
    return store.write(tx ->
        certificates.find(tx, before.id()).equals(Optional.of(before))
            ? Optional.of(certificates.change(tx, before, status, requested))
            : Optional.empty());
  }

  private void order(AcmeAuthority authority, Row row) throws InterruptedException {
    Requested requested = Requested.of(row).orElseThrow();
    Authority.Issued issued;
    try {
      issued = authority.issue(requested.names(), requested.key(), new InZone());
    } catch (IOException refused) {
      LOG.warn(
          "the certificate {} for {} is not issued: {}",
          row.id(),
          requested.names(),
          refused.getMessage());
      return;
    }
    boolean anew = row.status().equals(Certificates.RENEWING);
    Instant now = clock.now();
    boolean kept =
        store.write(tx -> {
          if (!certificates.find(tx, row.id()).equals(Optional.of(row))) {
            return false;
          }
          certificates.keep(
              tx, Requests.value(row.id(), issued), Optional.of(requested.issued(now, anew)));
          return true;
        });
    if (kept) {
      LOG.info("the certificate {} for {} is issued", row.id(), requested.names());
    }
  }

  /** Proofs as texts of the zone. */
  private final class InZone implements AcmeAuthority.Proofs {
    @Override
    public void show(Map<String, List<String>> texts) throws IOException, InterruptedException {
      long revision =
          store.write(tx -> {
            texts.forEach((domain, values) -> put(tx, new TextRecord(place(domain), values)));
            return tx.head();
          });
      long began = clock.nanos();
      while (!issuers.answered().test(revision)) {
        if (clock.nanos() - began > ANSWERED_MAX.toNanos()) {
          throw new IOException("the fleet's DNS servers do not come to answer the proofs");
        }
        Thread.sleep(LOOK_EVERY);
      }
    }

    private static void put(Transaction tx, TextRecord record) {
      tx.append(Kind.TEXT_RECORD, record.id(), Optional.of(record));
    }

    @Override
    public void withdraw(Set<String> domains) {
      store.write(tx -> {
        domains.forEach(domain -> tx.retract(Kind.TEXT_RECORD, place(domain)));
        return true;
      });
    }

    private String place(String domain) {
      return Proof.of(domain, zone, true).place(zone);
    }
  }
}
