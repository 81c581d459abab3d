package warmfront.control.api.iam;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.certificate.AliasCertificate;
import warmfront.control.certificate.Imported;
import warmfront.control.identity.Caller;
import warmfront.control.identity.Deed;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.StoreUnavailable;
import warmfront.control.store.Transaction;
import warmfront.distribution.Certificate;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.time.Clock;

/**
 * The actions on server certificates. As with those of the certificate manager, what edges serve is
 * in the log alone, sealed; the row says what a certificate is called. Thread-safe.
 */
public final class Iam {
  /** The media type of answers. */
  public static final String MEDIA_TYPE = "text/xml";

  private static final Logger LOG = LoggerFactory.getLogger(Iam.class);
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String TYPE = "iam-certificate";
  private static final String NAMES = "server-certificate-name";
  private static final Set<String> ACTIONS =
      Set.of(
          "UploadServerCertificate",
          "GetServerCertificate",
          "ListServerCertificates",
          "UpdateServerCertificate",
          "DeleteServerCertificate");

  /** Actions that nothing keeps from being done again: an upload's name is taken. */
  private static final Set<String> UNGUARDED =
      Set.of("UpdateServerCertificate", "DeleteServerCertificate");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+=,.@-]{1,128}");
  private static final Pattern PATH = Pattern.compile("/|/[!-~]{1,510}/");

  /** IAM's quota. */
  private static final int CERTIFICATES_MAX = 20;

  private final Store store;
  private final String account;
  private final Clock clock;
  private final Supplier<String> newId;

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body XML
   */
  public record Answer(int status, String body) {}

  /**
   * What a certificate is called.
   *
   * @param path begins and ends with a slash
   * @param name unique but for case
   */
  private record Title(String path, String name) {
    static Title of(Row row) {
      int space = row.body().indexOf(' ');
      return new Title(row.body().substring(0, space), row.body().substring(space + 1));
    }

    String kept() {
      return path + " " + name;
    }
  }

  /**
   * Makes the actions.
   *
   * @param account twelve digits
   * @param newId gives a random UUID
   */
  public Iam(Store store, String account, Clock clock, Supplier<String> newId) {
    this.store = store;
    this.account = account;
    this.clock = clock;
    this.newId = newId;
  }

  /**
   * Returns whether a request to {@code /} is for this API.
   *
   * @param contentType its media type
   */
  public static boolean isMeant(String contentType, byte[] body) {
    return contentType.toLowerCase(Locale.ROOT).startsWith(FORM)
        && Form.of(body).text("Action").filter(ACTIONS::contains).isPresent();
  }

  /** Answers a request whose signature is right. */
  public Answer answer(Caller caller, byte[] body) {
    Form form = Form.of(body);
    String action = form.required("Action");
    try {
      require(caller, action, form);
      return new Answer(200, Document.answer(action, result(action, form), newId.get()));
    } catch (IamRefused refused) {
      return refuse(refused);
    } catch (StoreUnavailable unavailable) {
      LOG.warn("{}: the store is not available", action, unavailable);
      return refuse(new IamRefused(503, "ServiceUnavailable", "The store is not available."));
    } catch (RuntimeException bug) {
      LOG.error("{} failed", action, bug);
      return refuse(new IamRefused(500, "ServiceFailure", "The log has the reason."));
    }
  }

  /** Answers a request that got no further. */
  public Answer refuse(int status, String code, String message) {
    return refuse(new IamRefused(status, code, message));
  }

  private Answer refuse(IamRefused refused) {
    return new Answer(refused.status(), Document.error(refused, newId.get()));
  }

  private void require(Caller caller, String action, Form form) {
    for (String resource : resources(action, form)) {
      caller
          .refusal(Deed.of("iam:" + action, resource))
          .ifPresent(why -> {
            throw new IamRefused(403, "AccessDenied", why);
          });
    }
    if (UNGUARDED.contains(action) && caller.comesAgain()) {
      throw new IamRefused(
          503, "ServiceUnavailable", "This very request was answered before; sign it anew.");
    }
  }

  /** Returns the ARNs of what an action is done to; one that renames has two. */
  private List<String> resources(String action, Form form) {
    String name = form.text("ServerCertificateName").orElse("");
    Title asked = new Title(form.text("Path").orElse("/"), name);
    return switch (action) {
      case "ListServerCertificates" -> List.of("*");
      case "UploadServerCertificate" -> List.of(arn(asked));
      default -> {
        Title now = store.read(tx -> named(tx, name)).map(Title::of).orElse(asked);
        Title next =
            new Title(
                form.text("NewPath").orElse(now.path()),
                form.text("NewServerCertificateName").orElse(now.name()));
        yield List.of(arn(now), arn(next));
      }
    };
  }

  private String arn(Title title) {
    return "arn:aws:iam::%s:server-certificate%s%s".formatted(account, title.path(), title.name());
  }

  private Document result(String action, Form form) {
    return switch (action) {
      case "UploadServerCertificate" -> upload(form);
      case "GetServerCertificate" -> get(form);
      case "ListServerCertificates" -> list(form);
      case "UpdateServerCertificate" -> rename(form);
      default -> delete(form);
    };
  }

  private Document upload(Form form) {
    Title title = title(form.text("Path").orElse("/"), form.required("ServerCertificateName"));
    Map<String, String> tags = form.tags();
    Imported imported;
    try {
      imported =
          Imported.of(
              new Imported.Brought(
                  form.required("CertificateBody"),
                  form.required("PrivateKey"),
                  form.text("CertificateChain").orElse("")),
              clock.now());
    } catch (IllegalArgumentException wrong) {
      throw new IamRefused(400, "MalformedCertificate", wrong.getMessage() + ".");
    }
    return store.write(tx -> {
      if (tx.count(TYPE, "") >= CERTIFICATES_MAX) {
        throw new IamRefused(
            409,
            "LimitExceeded",
            "There may be %d server certificates.".formatted(CERTIFICATES_MAX));
      }
      String id = "ASCA" + newId.get().replace("-", "").substring(0, 17).toUpperCase(Locale.ROOT);
      claim(tx, title, id);
      Certificate value = new Certificate(id, imported.chainPem(), imported.keyPem());
      long revision = tx.append(Kind.CERTIFICATE, id, Optional.of(value));
      Instant now = clock.now();
      Row row = new Row(TYPE, id, "", "", "", now, now, revision, title.kept());
      tx.insert(row);
      if (!tags.isEmpty()) {
        tx.tag(id, tags);
      }
      return new Document().in("ServerCertificateMetadata", metadata(tx, row));
    });
  }

  private static Title title(String path, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Form.wrong("A name has 1 to 128 letters, digits and _+=,.@-, not '%s'".formatted(name));
    }
    if (!PATH.matcher(path).matches()) {
      throw Form.wrong("A path begins and ends with /, not '%s'".formatted(path));
    }
    return new Title(path, name);
  }

  private static void claim(Transaction tx, Title title, String id) {
    Optional<String> owner = tx.claim(NAMES, title.name().toLowerCase(Locale.ROOT), id);
    if (owner.isPresent() && !owner.get().equals(id)) {
      throw new IamRefused(
          409,
          "EntityAlreadyExists",
          "There is a server certificate with the name %s.".formatted(title.name()));
    }
  }

  private static Row find(Transaction tx, Form form) {
    String name = form.required("ServerCertificateName");
    return named(tx, name)
        .orElseThrow(() ->
            new IamRefused(
                404,
                "NoSuchEntity",
                "There is no server certificate with the name %s.".formatted(name)));
  }

  private static Optional<Row> named(Transaction tx, String name) {
    return tx.owner(NAMES, name.toLowerCase(Locale.ROOT)).flatMap(id -> tx.find(TYPE, id));
  }

  private static AliasCertificate certificate(Transaction tx, Row row) {
    Certificate value = (Certificate) tx.latest(Kind.CERTIFICATE, row.id()).orElseThrow();
    return AliasCertificate.ofPem(value.chainPem());
  }

  private Document metadata(Transaction tx, Row row) {
    Title title = Title.of(row);
    return new Document()
        .add("ServerCertificateName", title.name())
        .add("Path", title.path())
        .add("Arn", arn(title))
        .add("ServerCertificateId", row.id())
        .add("UploadDate", row.created())
        .add("Expiration", certificate(tx, row).ends());
  }

  private Document get(Form form) {
    return store.read(tx -> {
      Row row = find(tx, form);
      AliasCertificate certificate = certificate(tx, row);
      Document shown =
          new Document()
              .in("ServerCertificateMetadata", metadata(tx, row))
              .add("CertificateBody", certificate.leafPem());
      if (!certificate.issuersPem().isEmpty()) {
        shown.add("CertificateChain", certificate.issuersPem());
      }
      return new Document().in("ServerCertificate", shown);
    });
  }

  private Document list(Form form) {
    String prefix = form.text("PathPrefix").orElse("/");
    int max = form.items();
    return store.read(tx -> {
      List<Row> found = new ArrayList<>(tx.page(TYPE, "", form.text("Marker"), CERTIFICATES_MAX));
      found.removeIf(row -> !Title.of(row).path().startsWith(prefix));
      Document members = new Document();
      List<Row> shown = found.subList(0, Math.min(max, found.size()));
      shown.forEach(row -> members.in("member", metadata(tx, row)));
      boolean more = found.size() > shown.size();
      Document said =
          new Document()
              .in("ServerCertificateMetadataList", members)
              .add("IsTruncated", String.valueOf(more));
      return more ? said.add("Marker", shown.getLast().id()) : said;
    });
  }

  private Document rename(Form form) {
    return store.write(tx -> {
      Row row = find(tx, form);
      Title before = Title.of(row);
      Title after =
          title(
              form.text("NewPath").orElse(before.path()),
              form.text("NewServerCertificateName").orElse(before.name()));
      if (!after.name().equalsIgnoreCase(before.name())) {
        claim(tx, after, row.id());
        tx.release(NAMES, before.name().toLowerCase(Locale.ROOT));
      }
      tx.update(
          new Row(
              TYPE,
              row.id(),
              "",
              "",
              "",
              row.created(),
              clock.now(),
              row.revision(),
              after.kept()));
      return new Document();
    });
  }

  private Document delete(Form form) {
    return store.write(tx -> {
      Row row = find(tx, form);
      for (var one : tx.latest(Kind.DISTRIBUTION)) {
        Distribution user = (Distribution) one;
        if (user.entrance().certificate().filter(c -> c.id().equals(row.id())).isPresent()) {
          throw new IamRefused(
              409,
              "DeleteConflict",
              "The server certificate %s is used by the distribution %s."
                  .formatted(Title.of(row).name(), user.id()));
        }
      }
      tx.append(Kind.CERTIFICATE, row.id(), Optional.empty());
      tx.delete(TYPE, row.id());
      tx.releaseAll(NAMES, row.id());
      tx.untagAll(row.id());
      return new Document();
    });
  }
}
