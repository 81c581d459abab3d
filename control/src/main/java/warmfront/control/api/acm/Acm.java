package warmfront.control.api.acm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.api.wire.Json;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.certificate.Imported;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenant;
import warmfront.time.Clock;

/**
 * The operations on imported certificates. What edges serve, the key too, is in the log alone,
 * sealed; the row of a certificate only says when it came. Thread-safe.
 */
public final class Acm {
  /** The media type of requests and answers. */
  public static final String MEDIA_TYPE = "application/x-amz-json-1.1";

  private static final Logger LOG = LoggerFactory.getLogger(Acm.class);
  private static final String TARGET = "CertificateManager.";
  private static final String TYPE = "certificate";
  private static final Pattern ARN =
      Pattern.compile("arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-zA-Z-]+");

  private final Store store;
  private final Owner owner;
  private final Clock clock;
  private final Supplier<String> newId;

  /**
   * Whose certificates they are.
   *
   * @param account twelve digits
   * @param userArn gives the ARN of a distribution or a tenant that shows a certificate
   * @param certificatesMax how many there may be
   */
  public record Owner(String account, Function<Resource, String> userArn, int certificatesMax) {}

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
   * @param newId gives a random UUID
   */
  public Acm(Store store, Owner owner, Clock clock, Supplier<String> newId) {
    this.store = store;
    this.owner = owner;
    this.clock = clock;
    this.newId = newId;
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
  public Answer answer(String target, byte[] body) {
    String operation = target.substring(TARGET.length());
    try {
      return new Answer(200, answer(operation, Asked.of(body)));
    } catch (AcmRefused refused) {
      return refuse(refused);
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

  private String answer(String operation, Asked asked) {
    return switch (operation) {
      case "ImportCertificate" -> bring(asked);
      case "DescribeCertificate" -> describe(asked);
      case "GetCertificate" -> get(asked);
      case "ListCertificates" -> list(asked);
      case "DeleteCertificate" -> delete(asked);
      case "AddTagsToCertificate" -> {
        Map<String, String> tags = asked.tags();
        yield write(asked, (tx, row) -> tx.tag(row.id(), tags));
      }
      case "RemoveTagsFromCertificate" -> {
        Map<String, String> tags = asked.tags();
        yield write(asked, (tx, row) -> tx.untag(row.id(), tags.keySet()));
      }
      case "ListTagsForCertificate" ->
          store.read(tx -> Json.object(Map.of("Tags", Said.tags(tx.tags(find(tx, asked).id())))));
      case "RequestCertificate" ->
          throw new AcmRefused(
              501,
              "NotImplemented",
              "Certificates cannot be requested in this version; import one.");
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
                  asked.blob("Certificate").orElseThrow(() -> required("Certificate")),
                  asked.blob("PrivateKey").orElseThrow(() -> required("PrivateKey")),
                  asked.blob("CertificateChain").orElse("")),
              clock.now());
    } catch (IllegalArgumentException wrong) {
      throw invalid(String.valueOf(wrong.getMessage()));
    }
    Optional<String> again = asked.text("CertificateArn");
    Map<String, String> tags = asked.tags();
    if (again.isPresent() && !tags.isEmpty()) {
      throw invalid("tags cannot be given where a certificate is imported again");
    }
    return store.write(tx -> {
      String arn = again.isPresent() ? find(tx, asked).id() : newArn(tx);
      again.ifPresent(_ -> requireCoverage(tx, arn, imported.certificate()));
      keep(tx, arn, imported);
      if (!tags.isEmpty()) {
        tx.tag(arn, tags);
      }
      return Json.object(Map.of("CertificateArn", arn));
    });
  }

  private void keep(Transaction tx, String arn, Imported imported) {
    Certificate value = new Certificate(arn, imported.chainPem(), imported.keyPem());
    long revision = tx.append(Kind.CERTIFICATE, arn, Optional.of(value));
    Instant now = clock.now();
    Optional<Row> before = tx.find(TYPE, arn);
    Row row =
        new Row(TYPE, arn, "", "", "", before.map(Row::created).orElse(now), now, revision, "");
    if (before.isPresent()) {
      tx.update(row);
    } else {
      tx.insert(row);
    }
  }

  private String newArn(Transaction tx) {
    if (tx.count(TYPE, "") >= owner.certificatesMax()) {
      throw new AcmRefused(
          400,
          "LimitExceededException",
          "There may be %d certificates.".formatted(owner.certificatesMax()));
    }
    return "arn:aws:acm:us-east-1:%s:certificate/%s".formatted(owner.account(), newId.get());
  }

  /**
   * A certificate in use is replaced only by one that is for all aliases that it is shown for, and
   * for clients if it is shown to origins.
   */
  private static void requireCoverage(Transaction tx, String arn, AliasCertificate next) {
    List<Resource> users = users(tx).getOrDefault(arn, List.of());
    if (users.isEmpty()) {
      return;
    }
    Optional<AliasCertificate> before =
        tx.latest(Kind.CERTIFICATE, arn)
            .map(one -> AliasCertificate.ofPem(((Certificate) one).chainPem()));
    for (Resource user : users) {
      if (toOrigins(user).contains(arn) && !next.isForClients()) {
        throw invalid(
            "the certificate is not for clients, and the distribution %s shows it to an origin"
                .formatted(user.id()));
      }
      for (String name : names(user, arn)) {
        // Another certificate may be for a tenant's domain that this one never was for.
        boolean shown = before.filter(one -> one.covers(name)).isPresent();
        if (shown && !next.covers(name)) {
          throw invalid(
              "the certificate is not for %s, an alias of the %s %s that uses it"
                  .formatted(
                      name,
                      user instanceof Tenant ? "distribution tenant" : "distribution",
                      user.id()));
        }
      }
    }
  }

  /** Returns the ARNs of the certificates that a distribution shows to its origins. */
  private static Set<String> toOrigins(Resource user) {
    return user instanceof Distribution web
        ? web.origins().stream()
            .flatMap(origin -> origin.reach().clientCertificate().stream())
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** Returns the names that viewers are shown a certificate for. */
  private static List<String> names(Resource user, String arn) {
    return switch (user) {
      case Distribution web
          when web.entrance().certificate().filter(shown -> shown.id().equals(arn)).isPresent() ->
          web.aliases();
      case Tenant tenant -> tenant.domains();
      default -> List.of();
    };
  }

  /** Returns the distributions and tenants that show certificates, by the ARNs of these. */
  private static Map<String, List<Resource>> users(Transaction tx) {
    Map<String, List<Resource>> users = new HashMap<>();
    Map<String, String> shared = new HashMap<>();
    for (Resource one : tx.latest(Kind.DISTRIBUTION)) {
      Set<String> shown = new HashSet<>(toOrigins(one));
      ((Distribution) one)
          .entrance()
          .certificate()
          .ifPresent(viewers -> {
            shared.put(one.id(), viewers.id());
            shown.add(viewers.id());
          });
      shown.forEach(arn -> users.computeIfAbsent(arn, _ -> new ArrayList<>()).add(one));
    }
    for (Resource one : tx.latest(Kind.TENANT)) {
      Tenant tenant = (Tenant) one;
      Stream.concat(
              tenant.certificate().stream(),
              Optional.ofNullable(shared.get(tenant.distributionId())).stream())
          .distinct()
          .forEach(arn -> users.computeIfAbsent(arn, _ -> new ArrayList<>()).add(one));
    }
    return users;
  }

  private String describe(Asked asked) {
    return store.read(tx -> {
      Row row = find(tx, asked);
      return Json.object(
          Map.of("Certificate", Said.detail(row, certificate(tx, row), usedBy(tx, row), now())));
    });
  }

  private Instant now() {
    return clock.now();
  }

  private List<String> usedBy(Transaction tx, Row row) {
    return users(tx).getOrDefault(row.id(), List.of()).stream().map(owner.userArn()).toList();
  }

  private String get(Asked asked) {
    return store.read(tx -> {
      AliasCertificate certificate = certificate(tx, find(tx, asked));
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
      Set<String> used = users(tx).keySet();
      List<Row> rows = tx.page(TYPE, "", filter.after(), owner.certificatesMax());
      List<Map<String, Object>> found =
          rows.stream()
              .filter(row -> filter.passes(certificate(tx, row), now()))
              .limit(filter.max() + 1L)
              .map(row -> Said.summary(row, certificate(tx, row), used.contains(row.id()), now()))
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
          List<String> users = usedBy(tx, row);
          if (!users.isEmpty()) {
            throw new AcmRefused(
                400,
                "ResourceInUseException",
                "The certificate %s is used by %s.".formatted(row.id(), users.getFirst()));
          }
          tx.append(Kind.CERTIFICATE, row.id(), Optional.empty());
          tx.delete(TYPE, row.id());
          tx.untagAll(row.id());
        });
  }

  /** A change of a certificate that is there. */
  private interface Change {
    void make(Transaction tx, Row row);
  }

  private String write(Asked asked, Change change) {
    return store.write(tx -> {
      change.make(tx, find(tx, asked));
      return "{}";
    });
  }

  private static Row find(Transaction tx, Asked asked) {
    String arn = asked.text("CertificateArn").orElseThrow(() -> required("CertificateArn"));
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

  private static AliasCertificate certificate(Transaction tx, Row row) {
    Certificate value = (Certificate) tx.latest(Kind.CERTIFICATE, row.id()).orElseThrow();
    return AliasCertificate.ofPem(value.chainPem());
  }

  private static AcmRefused required(String member) {
    return invalid(member + " is required");
  }

  private static AcmRefused invalid(String what) {
    return new AcmRefused(
        400,
        "ValidationException",
        Character.toUpperCase(what.charAt(0)) + what.substring(1) + ".");
  }
}
