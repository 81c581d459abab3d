package warmfront.control.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CaCertificatesBundleS3Location;
import software.amazon.awssdk.services.cloudfront.model.CaCertificatesBundleSource;
import software.amazon.awssdk.services.cloudfront.model.CreateTrustStoreRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateTrustStoreResponse;
import software.amazon.awssdk.services.cloudfront.model.DeleteTrustStoreRequest;
import software.amazon.awssdk.services.cloudfront.model.DeleteTrustStoreResponse;
import software.amazon.awssdk.services.cloudfront.model.GetTrustStoreRequest;
import software.amazon.awssdk.services.cloudfront.model.GetTrustStoreResponse;
import software.amazon.awssdk.services.cloudfront.model.ListTrustStoresRequest;
import software.amazon.awssdk.services.cloudfront.model.ListTrustStoresResponse;
import software.amazon.awssdk.services.cloudfront.model.TrustStore;
import software.amazon.awssdk.services.cloudfront.model.TrustStoreSummary;
import software.amazon.awssdk.services.cloudfront.model.UpdateTrustStoreRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateTrustStoreResponse;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Refused;
import warmfront.control.certificate.AuthorityBundle;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.S3Endpoints;
import warmfront.distribution.ViewerMtls;
import warmfront.http.DotSegments;
import warmfront.time.Clock;

/**
 * Trust stores. The bundle of authorities is read from its bucket while the caller waits, so that a
 * trust store is active or failed at once; what edges obey is the last bundle that could be read.
 */
final class TrustStores {
  static final String TYPE = "trust-store";
  private static final String ROOT = "TrustStore";
  private static final String NAMES = "trust-store-name";
  private static final String ACTIVE = "active";
  private static final String FAILED = "failed";
  private static final int KEY_CHARS = 1_024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Store store;
  private final Codec codec;
  private final Ids ids;
  private final Clock clock;
  private final Quotas quotas;
  private final Site site;
  private final ObjectReader objects;

  /**
   * Makes the operations.
   *
   * @param objects reads bundles
   */
  TrustStores(Kit kit, ObjectReader objects) {
    this.store = kit.store();
    this.codec = kit.codec();
    this.ids = kit.ids();
    this.clock = kit.clock();
    this.quotas = kit.quotas();
    this.site = kit.site();
    this.objects = objects;
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateTrustStore",
        CreateTrustStoreRequest.class,
        CreateTrustStoreRequest::builder,
        this::create);
    handlers.on(
        "GetTrustStore",
        GetTrustStoreRequest.class,
        GetTrustStoreRequest::builder,
        asked -> {
          Row row = store.read(tx -> known(tx, asked.identifier()));
          return GetTrustStoreResponse.builder().trustStore(shown(row)).eTag(row.etag()).build();
        });
    handlers.on(
        "UpdateTrustStore",
        UpdateTrustStoreRequest.class,
        UpdateTrustStoreRequest::builder,
        this::update);
    handlers.on(
        "DeleteTrustStore",
        DeleteTrustStoreRequest.class,
        DeleteTrustStoreRequest::builder,
        this::delete);
    handlers.on(
        "ListTrustStores",
        ListTrustStoresRequest.class,
        ListTrustStoresRequest::builder,
        this::list);
  }

  /** What came of reading a bundle. */
  private sealed interface Loaded {
    record Good(AuthorityBundle bundle) implements Loaded {}

    record Bad(String reason) implements Loaded {}
  }

  private CreateTrustStoreResponse create(CreateTrustStoreRequest asked) {
    if (!NAME.matcher(asked.name()).matches()) {
      throw invalid(
          "Name",
          "has 1 to 128 letters, digits, '.', '_' and '-', not '%s'".formatted(asked.name()));
    }
    Tagging.Given tags = Tagging.Given.of(asked, quotas);
    Loaded loaded = load(location(asked.caCertificatesBundleSource()));
    Row row = store.write(tx -> add(tx, asked.name(), tags, loaded));
    return CreateTrustStoreResponse.builder().trustStore(shown(row)).eTag(row.etag()).build();
  }

  private Row add(Transaction tx, String name, Tagging.Given tags, Loaded loaded) {
    if (tx.count(TYPE, "") >= quotas.of(Quota.TRUST_STORES)) {
      throw new Refused(
          "EntityLimitExceeded",
          "There may be %d trust stores.".formatted(quotas.of(Quota.TRUST_STORES)));
    }
    String id = "ts_" + ids.label();
    Optional<String> owner = tx.claim(NAMES, name, id);
    if (owner.isPresent()) {
      throw new Refused(
          "EntityAlreadyExists",
          "A trust store with the name %s exists already: %s.".formatted(name, owner.get()));
    }
    TrustStore blank = TrustStore.builder().id(id).name(name).numberOfCaCertificates(0).build();
    Instant now = clock.now();
    Row row = with(tx, new Row(TYPE, id, "", FAILED, "", now, now, 0, document(blank)), loaded);
    tx.insert(row);
    tags.keep(tx, site.trustStoreArn(id));
    return row;
  }

  /** Publishes a bundle that could be read; says why of one that could not. */
  private Row with(Transaction tx, Row before, Loaded loaded) {
    TrustStore.Builder next = parse(before).toBuilder();
    String status = ACTIVE;
    long revision = before.revision();
    switch (loaded) {
      case Loaded.Good(AuthorityBundle bundle) -> {
        next.numberOfCaCertificates(bundle.authorities().size()).reason(null);
        Resource value = new warmfront.distribution.TrustStore(before.id(), bundle.pem());
        if (!tx.latest(Kind.TRUST_STORE, before.id()).equals(Optional.of(value))) {
          revision = tx.append(Kind.TRUST_STORE, before.id(), Optional.of(value));
        }
      }
      case Loaded.Bad(String reason) -> {
        next.reason(reason);
        status = FAILED;
      }
    }
    return new Row(
        TYPE,
        before.id(),
        "",
        status,
        ids.entity(),
        before.created(),
        clock.now(),
        revision,
        document(next.build()));
  }

  private UpdateTrustStoreResponse update(UpdateTrustStoreRequest asked) {
    store.read(tx -> matched(tx, asked.id(), asked.ifMatch()));
    Loaded loaded = load(location(asked.caCertificatesBundleSource()));
    Row row =
        store.write(tx -> {
          Row changed = with(tx, matched(tx, asked.id(), asked.ifMatch()), loaded);
          tx.update(changed);
          return changed;
        });
    return UpdateTrustStoreResponse.builder().trustStore(shown(row)).eTag(row.etag()).build();
  }

  private DeleteTrustStoreResponse delete(DeleteTrustStoreRequest asked) {
    store.write(tx -> {
      Row row = matched(tx, asked.id(), asked.ifMatch());
      letGo(tx, row.id());
      tx.retract(Kind.TRUST_STORE, row.id());
      tx.delete(TYPE, row.id());
      tx.releaseAll(NAMES, row.id());
      tx.untagAll(site.trustStoreArn(row.id()));
      return row;
    });
    return DeleteTrustStoreResponse.builder().build();
  }

  /** A distribution that was deleted may still be on its way off the edges: it goes first. */
  private static void letGo(Transaction tx, String id) {
    for (Distribution user : users(tx, id)) {
      if (tx.find(DistributionFamily.TYPE, user.id()).isPresent()) {
        throw new Refused(
            "CannotDeleteEntityWhileInUse",
            "The trust store %s cannot be deleted: the distribution %s uses it."
                .formatted(id, user.id()));
      }
      tx.append(Kind.DISTRIBUTION, user.id(), Optional.empty());
    }
  }

  /**
   * Returns the ids of the distributions that use a trust store, sorted.
   *
   * @throws Refused {@code EntityNotFound} if there is no such trust store
   */
  List<String> distributions(Transaction tx, String identifier) {
    return users(tx, known(tx, identifier).id()).stream()
        .map(Distribution::id)
        .filter(id -> tx.find(DistributionFamily.TYPE, id).isPresent())
        .sorted()
        .toList();
  }

  private static List<Distribution> users(Transaction tx, String id) {
    return tx.latest(Kind.DISTRIBUTION).stream()
        .map(Distribution.class::cast)
        .filter(user -> uses(user, id))
        .toList();
  }

  /** Returns whether a distribution has its viewers' certificates judged by a trust store. */
  static boolean uses(Distribution user, String id) {
    return user.entrance().mtls().flatMap(ViewerMtls::trustStore).filter(id::equals).isPresent();
  }

  /**
   * Checks that a distribution may use a trust store.
   *
   * @param own the id of the distribution; empty for one that is being made
   * @throws Refused {@code EntityNotFound}, {@code InvalidArgument}, {@code EntityLimitExceeded}
   */
  static void refer(Transaction tx, String id, Optional<String> own, int usersMax) {
    if (tx.find(TYPE, id).isEmpty()) {
      throw missing(id);
    }
    if (tx.latest(Kind.TRUST_STORE, id).isEmpty()) {
      throw new Refused(
          "InvalidArgument",
          "The parameter DistributionConfig.ViewerMtlsConfig names a trust store that failed: %s."
              .formatted(id));
    }
    long others =
        users(tx, id).stream().filter(user -> !own.equals(Optional.of(user.id()))).count();
    if (others >= usersMax) {
      throw new Refused(
          "EntityLimitExceeded",
          "The trust store %s may be used by %d distributions.".formatted(id, usersMax));
    }
  }

  private ListTrustStoresResponse list(ListTrustStoresRequest asked) {
    Paging paging = Paging.of(asked.marker(), asked.maxItems(), quotas.of(Quota.PAGE_ITEMS));
    List<Row> rows = store.read(tx -> tx.page(TYPE, "", paging.marker(), paging.max() + 1));
    List<TrustStoreSummary> shown = new ArrayList<>();
    for (Row row : rows.subList(0, Math.min(rows.size(), paging.max()))) {
      TrustStore one = shown(row);
      shown.add(
          TrustStoreSummary.builder()
              .id(one.id())
              .arn(one.arn())
              .name(one.name())
              .status(one.statusAsString())
              .numberOfCaCertificates(one.numberOfCaCertificates())
              .lastModifiedTime(one.lastModifiedTime())
              .reason(one.reason())
              .eTag(row.etag())
              .build());
    }
    return ListTrustStoresResponse.builder()
        .trustStoreList(shown)
        .nextMarker(rows.size() > paging.max() ? shown.getLast().id() : null)
        .build();
  }

  private Loaded load(CaCertificatesBundleS3Location location) {
    Optional<S3Endpoint> endpoint =
        store.read(tx -> endpoint(tx, location.bucket(), location.region()));
    if (endpoint.isEmpty()) {
      return new Loaded.Bad(
          "no S3 endpoint is configured for buckets of the region " + location.region());
    }
    ObjectReader.Name name =
        new ObjectReader.Name(
            location.bucket(),
            location.key(),
            Optional.ofNullable(location.version()).filter(version -> !version.isEmpty()));
    return switch (objects.read(endpoint.get(), name, AuthorityBundle.BYTES_MAX)) {
      case ObjectReader.Answer.Unread(String reason) -> new Loaded.Bad(reason);
      case ObjectReader.Answer.Read read -> {
        try {
          yield new Loaded.Good(AuthorityBundle.of(read.text(StandardCharsets.ISO_8859_1)));
        } catch (IllegalArgumentException wrong) {
          yield new Loaded.Bad("%s: %s".formatted(name, wrong.getMessage()));
        }
      }
    };
  }

  /** As Amazon names buckets, with their region or without; else any endpoint of the region. */
  static Optional<S3Endpoint> endpoint(Transaction tx, String bucket, String region) {
    List<S3Endpoint> all =
        tx.latest(Kind.S3_ENDPOINT).stream().map(S3Endpoint.class::cast).toList();
    S3Endpoints endpoints = new S3Endpoints(all);
    return endpoints
        .find("%s.s3.%s.amazonaws.com".formatted(bucket, region))
        .or(() -> endpoints.find("%s.s3.amazonaws.com".formatted(bucket)))
        .map(S3Endpoints.Bucket::endpoint)
        .or(() -> all.stream().filter(one -> one.region().equals(region)).findFirst());
  }

  private static CaCertificatesBundleS3Location location(
      @Nullable CaCertificatesBundleSource source) {
    if (source == null || source.caCertificatesBundleS3Location() == null) {
      throw invalid("CaCertificatesBundleSource", "has a CaCertificatesBundleS3Location");
    }
    CaCertificatesBundleS3Location location = source.caCertificatesBundleS3Location();
    if (!location.bucket().matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
      throw invalid(
          "CaCertificatesBundleS3Location.Bucket",
          "is a bucket's name, not '%s'".formatted(location.bucket()));
    }
    if (location.key().isEmpty()
        || location.key().length() > KEY_CHARS
        || DotSegments.areIn(location.key())) {
      throw invalid(
          "CaCertificatesBundleS3Location.Key",
          "has 1 to %d characters, and no segments . or ..".formatted(KEY_CHARS));
    }
    return location;
  }

  private Row matched(Transaction tx, String id, String ifMatch) {
    Row row = known(tx, id);
    Resources.match(row, Optional.ofNullable(ifMatch));
    return row;
  }

  /** Finds one by its id, its name or its ARN. */
  private Row known(Transaction tx, String identifier) {
    String prefix = site.trustStoreArn("");
    String bare =
        identifier.startsWith(prefix) ? identifier.substring(prefix.length()) : identifier;
    return tx.find(TYPE, bare)
        .or(() -> tx.owner(NAMES, bare).flatMap(id -> tx.find(TYPE, id)))
        .orElseThrow(() -> missing(identifier));
  }

  private static Refused missing(String id) {
    return new Refused("EntityNotFound", "There is no trust store with the id %s.".formatted(id));
  }

  private TrustStore shown(Row row) {
    return parse(row).toBuilder()
        .arn(site.trustStoreArn(row.id()))
        .status(row.status())
        .lastModifiedTime(row.modified())
        .build();
  }

  private TrustStore parse(Row row) {
    return (TrustStore) codec.parse(ROOT, TrustStore.builder(), row.body());
  }

  private String document(TrustStore store) {
    return codec.document(ROOT, store);
  }

  private static Refused invalid(String field, String what) {
    return new Refused("InvalidArgument", "The parameter %s %s.".formatted(field, what));
  }
}
