package warmfront.control.api.acm;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Json;
import warmfront.control.certificate.Authority;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.link.Pem;
import warmfront.time.Clock;

/**
 * Certificates that are requested: issued at once, and anew before they end. Keys are made outside
 * of transactions. Thread-safe.
 */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
  private static final Pattern TOKEN = Pattern.compile("\\w{1,32}");

  /** The scope of claims on tokens of requests. */
  private static final String TOKENS = "certificate-token";

  /** For so long the same request again is the same certificate (ACM). */
  private static final Duration TOKEN_LIFE = Duration.ofHours(1);

  private final Store store;
  private final Certificates certificates;
  private final Issuers issuers;
  private final int namesMax;
  private final Clock clock;

  Requests(Store store, Certificates certificates, Issuers issuers, int namesMax, Clock clock) {
    this.store = store;
    this.certificates = certificates;
    this.issuers = issuers;
    this.namesMax = namesMax;
    this.clock = clock;
  }

  String request(Asked asked) {
    Requested wanted = Requested.of(asked, namesMax, issuers.world().isPresent());
    Map<String, String> tags = Tags.of(asked);
    Optional<String> token = asked.text("IdempotencyToken").map(text -> claim(text, wanted));
    Optional<String> known = token.flatMap(one -> store.read(tx -> sameAs(tx, one)));
    String arn = known.orElseGet(() -> issue(wanted, tags, token));
    return Json.object(Map.of("CertificateArn", arn));
  }

  private String issue(Requested wanted, Map<String, String> tags, Optional<String> token) {
    Draft draft = draft(wanted);
    return store.write(tx -> {
      Optional<String> meanwhile = token.flatMap(one -> sameAs(tx, one));
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      String arn = keep(tx, draft);
      if (!tags.isEmpty()) {
        tx.tag(arn, tags);
      }
      token.ifPresent(one -> {
        tx.release(TOKENS, one);
        tx.claim(TOKENS, one, arn);
      });
      return arn;
    });
  }

  /**
   * A request that is to be kept.
   *
   * @param issued what was issued at once; empty if a public authority is to be asked for it
   */
  record Draft(Requested wanted, Optional<Authority.Issued> issued) {}

  /** Takes a request, outside of transactions. */
  Draft draft(Requested wanted) {
    return new Draft(wanted, wanted.world() ? Optional.empty() : Optional.of(ofFleet(wanted)));
  }

  /** Keeps a request, and returns the ARN of its certificate. */
  String keep(Transaction tx, Draft draft) {
    String arn = certificates.newArn(tx);
    if (draft.issued().isPresent()) {
      certificates.keep(tx, value(arn, draft.issued().get()), Optional.of(draft.wanted()));
    } else {
      certificates.await(tx, arn, draft.wanted());
    }
    return arn;
  }

  private Authority.Issued ofFleet(Requested wanted) {
    try {
      return issuers.fleet().issue(wanted.names(), wanted.key());
    } catch (IllegalArgumentException fleets) {
      throw AcmRefused.invalid(String.valueOf(fleets.getMessage()));
    }
  }

  static Certificate value(String arn, Authority.Issued issued) {
    return new Certificate(arn, Pem.of(issued.chain()), Pem.of(issued.key()));
  }

  /** Returns the certificate that this request was answered with, if that was not long ago. */
  private Optional<String> sameAs(Transaction tx, String claim) {
    return tx.owner(TOKENS, claim)
        .flatMap(arn -> certificates.find(tx, arn))
        .filter(row -> clock.now().isBefore(row.created().plus(TOKEN_LIFE)))
        .map(Row::id);
  }

  /** A token stands for the request that it came with, so another request is not answered by it. */
  private static String claim(String token, Requested wanted) {
    if (!TOKEN.matcher(token).matches()) {
      throw AcmRefused.invalid(
          "IdempotencyToken has 1 to 32 letters, digits and _, not '%s'".formatted(token));
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(wanted.text().getBytes(StandardCharsets.UTF_8));
      return token + " " + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }

  /** Forgets the tokens of a certificate that is deleted. */
  static void forget(Transaction tx, String arn) {
    tx.releaseAll(TOKENS, arn);
  }

  /**
   * Issues those anew that are in use and have a third of their life left, and has a public
   * authority asked for its own. Others end: nobody waits for them.
   *
   * @return how many
   */
  int renew() {
    List<Row> due =
        store.read(tx -> {
          CertificateUsers users = CertificateUsers.of(tx);
          return certificates.all(tx, Optional.empty()).stream()
              .filter(row -> Requested.of(row).isPresent() && users.use(row.id()))
              .filter(row -> row.status().isEmpty())
              .filter(row ->
                  Certificates.certificate(tx, row).filter(issuers.fleet()::isDue).isPresent())
              .toList();
        });
    due.forEach(this::renew);
    return due.size();
  }

  /** Another process may have been first. */
  private void renew(Row before) {
    Requested requested = Requested.of(before).orElseThrow();
    Optional<Authority.Issued> issued = draft(requested).issued();
    boolean first =
        store.write(tx -> {
          if (!certificates.find(tx, before.id()).equals(Optional.of(before))) {
            return false;
          }
          if (issued.isEmpty()) {
            certificates.change(tx, before, Certificates.RENEWING, requested);
            return false;
          }
          certificates.keep(
              tx,
              value(before.id(), issued.get()),
              Optional.of(requested.issued(clock.now(), true)));
          return true;
        });
    if (first) {
      LOG.info("the certificate {} for {} is renewed", before.id(), requested.names());
    }
  }
}
