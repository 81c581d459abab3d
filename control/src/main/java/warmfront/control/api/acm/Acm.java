package warmfront.control.api.acm;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Json;
import warmfront.control.api.wire.Refused;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.certificate.Imported;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Deed;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Resource;
import warmfront.time.Clock;

/**
 * The operations on certificates, imported ones and those that the fleet's authority issues.
 * Thread-safe.
 */
public final class Acm {
  /** The media type of requests and answers. */
  public static final String MEDIA_TYPE = "application/x-amz-json-1.1";

  private static final Logger LOG = LoggerFactory.getLogger(Acm.class);
  private static final String TARGET = "CertificateManager.";

  /** Operations that nothing keeps from being done again. */
  private static final Set<String> UNGUARDED =
      Set.of(
          "ImportCertificate",
          "RequestCertificate",
          "DeleteCertificate",
          "AddTagsToCertificate",
          "RemoveTagsFromCertificate");

  /** Operations that make a certificate. */
  private static final Set<String> MAKING = Set.of("ImportCertificate", "RequestCertificate");

  private final Store store;
  private final Owner owner;
  private final Clock clock;
  private final Certificates certificates;
  private final Requests requests;
  private final Orders orders;
  private final ManagedCertificates managed;

  /**
   * Whose certificates they are.
   *
   * @param account twelve digits
   * @param zone the fleet's DNS zone
   * @param userArn gives the ARN of a distribution or a tenant that shows a certificate
   * @param certificatesMax how many there may be
   * @param namesMax how many names one may be requested for
   */
  public record Owner(
      String account,
      String zone,
      Function<Resource, String> userArn,
      int certificatesMax,
      int namesMax) {}

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body JSON
   */
  public record Answer(int status, String body) {}

  /**
   * Makes the operations.
   *
   * @param issuers issue what is requested
   * @param alias says where a name points in DNS (CNAME)
   * @param newId gives a random UUID
   */
  public Acm(
      Store store,
      Owner owner,
      Issuers issuers,
      Function<String, Optional<String>> alias,
      Clock clock,
      Supplier<String> newId) {
    this.store = store;
    this.owner = owner;
    this.clock = clock;
    this.certificates = new Certificates(owner.account(), owner.certificatesMax(), clock, newId);
    this.requests = new Requests(store, certificates, issuers, owner.namesMax(), clock);
    this.orders = new Orders(store, certificates, issuers, alias, owner.zone(), clock);
    this.managed =
        new ManagedCertificates(
            requests, certificates, issuers.world().isPresent(), owner.namesMax(), clock);
  }

  /** Returns the certificates that tenants request by CloudFront's API. */
  public ManagedCertificates managed() {
    return managed;
  }

  /**
   * Issues requested certificates anew that are in use and near their end. To be called every hour.
   *
   * @return how many
   */
  public int renew() {
    return requests.renew();
  }

  /**
   * Asks a public authority for what was requested of it, and can be had now; takes minutes for
   * each. To be called several times a minute, by one thread.
   */
  public void advance() throws InterruptedException {
    orders.advance();
  }

  /** Returns whether a request with this X-Amz-Target is for this API. */
  public static boolean isMeant(String target) {
    return target.startsWith(TARGET);
  }

  /**
   * Answers a request whose signature is right.
   *
   * @param target the X-Amz-Target
   * @param body JSON
   */
  public Answer answer(Caller caller, String target, byte[] body) {
    String operation = target.substring(TARGET.length());
    try {
      Asked asked = Asked.of(body);
      require(caller, operation, asked);
      return new Answer(200, answer(operation, asked));
    } catch (AcmRefused refused) {
      return refuse(refused);
    } catch (Refused wrong) {
      return refuse(400, wrong.code(), wrong.message());
    } catch (StoreUnavailable unavailable) {
      LOG.warn("{}: the store is not available", operation, unavailable);
      return refuse(new AcmRefused(503, "ServiceUnavailable", "The store is not available."));
    } catch (RuntimeException bug) {
      LOG.error("{} failed", operation, bug);
      return refuse(new AcmRefused(500, "InternalFailure", "The log has the reason."));
    }
  }

  /** Answers a request that got no further. */
  public static Answer refuse(int status, String code, String message) {
    return refuse(new AcmRefused(status, code, message));
  }

  private static Answer refuse(AcmRefused refused) {
    return new Answer(
        refused.status(),
        Json.object(Map.of("__type", refused.code(), "message", refused.message())));
  }

  private void require(Caller caller, String operation, Asked asked) {
    String made = "arn:aws:acm:us-east-1:%s:certificate/*".formatted(owner.account());
    String otherwise = MAKING.contains(operation) ? made : "*";
    caller
        .refusal(Deed.of("acm:" + operation, asked.text("CertificateArn").orElse(otherwise)))
        .ifPresent(why -> {
          throw new AcmRefused(403, "AccessDeniedException", why);
        });
    if (UNGUARDED.contains(operation) && caller.comesAgain()) {
      throw new AcmRefused(
          503, "ServiceUnavailable", "This very request was answered before; sign it anew.");
    }
  }

  private String answer(String operation, Asked asked) {
    return switch (operation) {
      case "ImportCertificate" -> bring(asked);
      case "DescribeCertificate" -> describe(asked);
      case "GetCertificate" -> get(asked);
      case "ListCertificates" -> list(asked);
      case "DeleteCertificate" -> delete(asked);
      case "AddTagsToCertificate" -> {
        Map<String, String> tags = Tags.of(asked);
        yield write(asked, (tx, row) -> tx.tag(row.id(), tags));
      }
      case "RemoveTagsFromCertificate" -> {
        Map<String, String> tags = Tags.of(asked);
        yield write(asked, (tx, row) -> tx.untag(row.id(), tags.keySet()));
      }
      case "ListTagsForCertificate" ->
          store.read(tx ->
              Json.object(Map.of("Tags", Tags.said(tx.tags(Certificates.named(tx, asked).id())))));
      case "RequestCertificate" -> requests.request(asked);
      case "ResendValidationEmail" -> {
        String arn = store.read(tx -> Certificates.named(tx, asked).id());
        throw new AcmRefused(
            400, "InvalidStateException", "%s is validated without mail.".formatted(arn));
      }
      default ->
          throw new AcmRefused(
              501,
              "NotImplemented",
              "The operation %s is not implemented by this version.".formatted(operation));
    };
  }

  private String bring(Asked asked) {
    Imported imported;
    try {
      imported =
          Imported.of(
              new Imported.Brought(
                  asked.blob("Certificate").orElseThrow(() -> AcmRefused.required("Certificate")),
                  asked.blob("PrivateKey").orElseThrow(() -> AcmRefused.required("PrivateKey")),
                  asked.blob("CertificateChain").orElse("")),
              clock.now());
    } catch (IllegalArgumentException wrong) {
      throw AcmRefused.invalid(String.valueOf(wrong.getMessage()));
    }
    Optional<String> again = asked.text("CertificateArn");
    Map<String, String> tags = Tags.of(asked);
    if (again.isPresent() && !tags.isEmpty()) {
      throw AcmRefused.invalid("tags cannot be given where a certificate is imported again");
    }
    return store.write(tx -> {
      String arn = again.isPresent() ? replaced(tx, asked, imported) : certificates.newArn(tx);
      certificates.keep(
          tx, new Certificate(arn, imported.chainPem(), imported.keyPem()), Optional.empty());
      if (!tags.isEmpty()) {
        tx.tag(arn, tags);
      }
      return Json.object(Map.of("CertificateArn", arn));
    });
  }

  private static String replaced(Transaction tx, Asked asked, Imported next) {
    Row row = Certificates.named(tx, asked);
    if (Requested.of(row).isPresent()) {
      throw AcmRefused.invalid(
          "the certificate %s was requested; import another one beside it".formatted(row.id()));
    }
    CertificateUsers.of(tx).requireCoverage(tx, row.id(), next.certificate());
    return row.id();
  }

  private String describe(Asked asked) {
    return store.read(tx -> {
      Row row = Certificates.named(tx, asked);
      Said said = said(tx, row, CertificateUsers.of(tx));
      return Json.object(Map.of("Certificate", said.detail()));
    });
  }

  private Said said(Transaction tx, Row row, CertificateUsers users) {
    return new Said(
        row,
        Certificates.certificate(tx, row),
        users.of(row.id()).stream().map(owner.userArn()).toList(),
        owner.zone(),
        clock.now());
  }

  private String get(Asked asked) {
    return store.read(tx -> {
      Row row = Certificates.named(tx, asked);
      AliasCertificate certificate =
          Certificates.certificate(tx, row)
              .orElseThrow(() ->
                  new AcmRefused(
                      400,
                      "RequestInProgressException",
                      "The certificate %s is not issued yet.".formatted(row.id())));
      String issuers = certificate.issuersPem();
      return Json.object(
          issuers.isEmpty()
              ? Map.of("Certificate", certificate.leafPem())
              : Map.of("Certificate", certificate.leafPem(), "CertificateChain", issuers));
    });
  }

  private String list(Asked asked) {
    Filter filter = Filter.of(asked);
    return store.read(tx -> {
      CertificateUsers users = CertificateUsers.of(tx);
      List<Row> rows = certificates.all(tx, filter.after());
      List<Map<String, Object>> found =
          rows.stream()
              .map(row -> said(tx, row, users))
              .filter(filter::passes)
              .limit(filter.max() + 1L)
              .map(Said::summary)
              .toList();
      boolean more = found.size() > filter.max();
      List<Map<String, Object>> shown = more ? found.subList(0, filter.max()) : found;
      return Json.object(
          more
              ? Map.of(
                  "CertificateSummaryList",
                  shown,
                  "NextToken",
                  String.valueOf(shown.getLast().get("CertificateArn")))
              : Map.of("CertificateSummaryList", shown));
    });
  }

  private String delete(Asked asked) {
    return write(
        asked,
        (tx, row) -> {
          List<String> users = said(tx, row, CertificateUsers.of(tx)).usedBy();
          if (!users.isEmpty()) {
            throw new AcmRefused(
                400,
                "ResourceInUseException",
                "The certificate %s is used by %s.".formatted(row.id(), users.getFirst()));
          }
          certificates.remove(tx, row);
          Requests.forget(tx, row.id());
        });
  }

  /** A change of a certificate that is there. */
  private interface Change {
    void make(Transaction tx, Row row);
  }

  private String write(Asked asked, Change change) {
    return store.write(tx -> {
      change.make(tx, Certificates.named(tx, asked));
      return "{}";
    });
  }
}
