package warmfront.control.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CreateInvalidationForDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateInvalidationForDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateInvalidationRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateInvalidationResponse;
import software.amazon.awssdk.services.cloudfront.model.GetInvalidationForDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.GetInvalidationForDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.GetInvalidationRequest;
import software.amazon.awssdk.services.cloudfront.model.GetInvalidationResponse;
import software.amazon.awssdk.services.cloudfront.model.Invalidation;
import software.amazon.awssdk.services.cloudfront.model.InvalidationBatch;
import software.amazon.awssdk.services.cloudfront.model.InvalidationList;
import software.amazon.awssdk.services.cloudfront.model.InvalidationSummary;
import software.amazon.awssdk.services.cloudfront.model.ListInvalidationsForDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.ListInvalidationsForDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.ListInvalidationsRequest;
import software.amazon.awssdk.services.cloudfront.model.ListInvalidationsResponse;
import warmfront.control.api.wire.Codec;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Tenant;
import warmfront.time.Clock;

/**
 * Invalidations of distributions and of tenants: made once, never changed, completed by the edges.
 */
final class Invalidations {
  static final String TYPE = "invalidation";
  static final String IN_PROGRESS = "InProgress";
  private static final String ROOT = "Invalidation";
  private static final String REFERENCES = "invalidation-caller-reference ";

  private static final int FORGOTTEN_AT_ONCE = 100;

  private final Store store;
  private final Codec codec;
  private final Ids ids;
  private final Clock clock;
  private final Quotas quotas;
  private final InvalidationRules rules;

  Invalidations(Store store, Codec codec, Ids ids, Clock clock, Quotas quotas) {
    this.store = store;
    this.codec = codec;
    this.ids = ids;
    this.clock = clock;
    this.quotas = quotas;
    this.rules = new InvalidationRules(quotas);
  }

  void register(Handlers handlers) {
    handlers.on(
        "CreateInvalidation",
        CreateInvalidationRequest.class,
        CreateInvalidationRequest::builder,
        this::create);
    handlers.on(
        "GetInvalidation",
        GetInvalidationRequest.class,
        GetInvalidationRequest::builder,
        asked -> {
          Invalidation found =
              store.read(tx -> get(tx, distribution(tx, asked.distributionId()), asked.id()));
          return GetInvalidationResponse.builder().invalidation(found).build();
        });
    handlers.on(
        "ListInvalidations",
        ListInvalidationsRequest.class,
        ListInvalidationsRequest::builder,
        asked ->
            ListInvalidationsResponse.builder()
                .invalidationList(
                    list(
                        tx -> distribution(tx, asked.distributionId()),
                        asked.marker(),
                        asked.maxItems()))
                .build());
    registerForTenants(handlers);
  }

  private void registerForTenants(Handlers handlers) {
    handlers.on(
        "CreateInvalidationForDistributionTenant",
        CreateInvalidationForDistributionTenantRequest.class,
        CreateInvalidationForDistributionTenantRequest::builder,
        asked -> {
          rules.check(asked.invalidationBatch());
          Invalidation made =
              store.write(tx -> create(tx, tenant(tx, asked.id()), asked.invalidationBatch()));
          return CreateInvalidationForDistributionTenantResponse.builder()
              .location(
                  "/2020-05-31/distribution-tenant/%s/invalidation/%s"
                      .formatted(asked.id(), made.id()))
              .invalidation(made)
              .build();
        });
    handlers.on(
        "GetInvalidationForDistributionTenant",
        GetInvalidationForDistributionTenantRequest.class,
        GetInvalidationForDistributionTenantRequest::builder,
        asked -> {
          Invalidation found =
              store.read(tx -> get(tx, tenant(tx, asked.distributionTenantId()), asked.id()));
          return GetInvalidationForDistributionTenantResponse.builder().invalidation(found).build();
        });
    handlers.on(
        "ListInvalidationsForDistributionTenant",
        ListInvalidationsForDistributionTenantRequest.class,
        ListInvalidationsForDistributionTenantRequest::builder,
        asked -> {
          @Nullable Integer max = asked.maxItems();
          return ListInvalidationsForDistributionTenantResponse.builder()
              .invalidationList(
                  list(
                      tx -> tenant(tx, asked.id()),
                      asked.marker(),
                      max == null ? null : max.toString()))
              .build();
        });
  }

  /** Returns how many of a distribution's invalidations are not completed. */
  static int countInProgress(Transaction tx, String distributionId) {
    return Math.toIntExact(tx.count(TYPE, distributionId, IN_PROGRESS));
  }

  /** Removes the invalidations of a distribution that is deleted, from the log too. */
  static void forget(Transaction tx, String distributionId) {
    List<Row> rows = tx.page(TYPE, distributionId, Optional.empty(), FORGOTTEN_AT_ONCE);
    while (!rows.isEmpty()) {
      for (Row row : rows) {
        withdraw(tx, Kind.INVALIDATION, row.id());
        tx.releaseAll(REFERENCES + distributionId, row.id());
        tx.delete(TYPE, row.id());
      }
      rows = tx.page(TYPE, distributionId, Optional.empty(), FORGOTTEN_AT_ONCE);
    }
    withdraw(tx, Kind.INVALIDATION_FLOOR, distributionId);
  }

  /** Completed ones may have left the log before. */
  private static void withdraw(Transaction tx, Kind kind, String id) {
    if (tx.latestRevision(kind, id).isPresent()) {
      tx.append(kind, id, Optional.empty());
    }
  }

  /**
   * Invalidates what viewers wrote to, if the distribution asks for it. There is no quota for that.
   *
   * @param owner the id of a distribution, and behind a slash its tenant's
   * @param paths raw paths, or {@code /*} for all
   */
  void written(String owner, List<String> paths) {
    String id = owner.substring(owner.indexOf('/') + 1);
    List<String> items =
        paths.stream()
            .flatMap(path -> path.endsWith("*") ? Stream.of(path) : Stream.of(path, path + "?*"))
            .distinct()
            .toList();
    store.write(tx -> written(tx, id, items));
  }

  private boolean written(Transaction tx, String distribution, List<String> items) {
    boolean asked =
        published(tx, distribution)
            .filter(published -> published.wishes().invalidatesWritten())
            .isPresent();
    boolean isThere =
        tx.find(DistributionFamily.TYPE, distribution).isPresent()
            || tx.find(TenantFamily.TYPE, distribution).isPresent();
    if (!asked || !isThere) {
      return false;
    }
    String id = ids.invalidation();
    InvalidationBatch batch =
        InvalidationBatch.builder()
            .callerReference("written " + id)
            .paths(p -> p.quantity(items.size()).items(items))
            .build();
    add(tx, distribution, id, batch, items);
    return true;
  }

  private CreateInvalidationResponse create(CreateInvalidationRequest asked) {
    rules.check(asked.invalidationBatch());
    Invalidation made =
        store.write(
            tx -> create(tx, distribution(tx, asked.distributionId()), asked.invalidationBatch()));
    return CreateInvalidationResponse.builder()
        .location(
            "/2020-05-31/distribution/%s/invalidation/%s"
                .formatted(asked.distributionId(), made.id()))
        .invalidation(made)
        .build();
  }

  private Invalidation create(Transaction tx, String distribution, InvalidationBatch batch) {
    String id = ids.invalidation();
    Optional<String> earlier = tx.claim(REFERENCES + distribution, batch.callerReference(), id);
    if (earlier.isPresent()) {
      return same(get(tx, distribution, earlier.get()), batch);
    }
    Optional<warmfront.distribution.Distribution> published = published(tx, distribution);
    published.ifPresent(known -> InvalidationRules.check(batch, known));
    quota(tx, distribution, batch.paths().items());
    return add(tx, distribution, id, batch, meant(published, batch.paths().items()));
  }

  private Invalidation add(
      Transaction tx, String distribution, String id, InvalidationBatch batch, List<String> items) {
    Instant now = clock.now();
    Invalidation made = Invalidation.builder().id(id).invalidationBatch(batch).build();
    long revision =
        tx.append(
            Kind.INVALIDATION,
            id,
            Optional.of(new warmfront.distribution.Invalidation(id, distribution, items)));
    Row row =
        new Row(
            TYPE,
            id,
            distribution,
            IN_PROGRESS,
            "",
            now,
            now,
            revision,
            codec.document(ROOT, made));
    tx.insert(row);
    return shown(row);
  }

  /**
   * Returns the items, and the default root object's if {@code /} is among them: objects are stored
   * under it, not under the URL of the root. CloudFront's guide asks for the object's own path,
   * which does as well.
   */
  private static List<String> meant(
      Optional<warmfront.distribution.Distribution> distribution, List<String> items) {
    String root =
        distribution.map(warmfront.distribution.Distribution::defaultRootObject).orElse("");
    if (root.isEmpty()) {
      return items;
    }
    return items.stream()
        .flatMap(item ->
            item.equals("/") || item.startsWith("/?")
                ? Stream.of(item, "/" + root + item.substring(1))
                : Stream.of(item))
        .distinct()
        .toList();
  }

  /** The same reference with the same paths gives what was made then; with others it is refused. */
  private static Invalidation same(Invalidation earlier, InvalidationBatch batch) {
    if (!earlier.invalidationBatch().equals(batch)) {
      throw new Refused(
          "InvalidationBatchAlreadyExists",
          "The caller reference %s is that of the invalidation %s, which has other paths."
              .formatted(batch.callerReference(), earlier.id()));
    }
    return earlier;
  }

  private void quota(Transaction tx, String distribution, List<String> paths) {
    long all = paths.size();
    long wild = InvalidationRules.wildcards(paths);
    for (Row row : tx.withStatus(TYPE, IN_PROGRESS, distribution)) {
      List<String> others = shown(row).invalidationBatch().paths().items();
      all += others.size();
      wild += InvalidationRules.wildcards(others);
    }
    if (all > quotas.of(Quota.INVALIDATION_PATHS)
        || wild > quotas.of(Quota.INVALIDATION_WILDCARDS)) {
      throw new Refused(
          "TooManyInvalidationsInProgress",
          "%d paths, %d with a wildcard, would be in progress; %d and %d are allowed."
              .formatted(
                  all,
                  wild,
                  quotas.of(Quota.INVALIDATION_PATHS),
                  quotas.of(Quota.INVALIDATION_WILDCARDS)));
    }
  }

  private Invalidation get(Transaction tx, String distribution, String id) {
    return tx.find(TYPE, id)
        .filter(row -> row.parent().equals(distribution))
        .map(this::shown)
        .orElseThrow(() ->
            new Refused(
                "NoSuchInvalidation", "There is no invalidation with the id %s.".formatted(id)));
  }

  private InvalidationList list(
      Function<Transaction, String> owner, @Nullable String marker, @Nullable String maxItems) {
    Paging paging = Paging.of(marker, maxItems, quotas.of(Quota.PAGE_ITEMS));
    List<Row> rows =
        store.read(tx -> tx.page(TYPE, owner.apply(tx), paging.marker(), paging.max() + 1));
    boolean more = rows.size() > paging.max();
    List<Row> page = rows.subList(0, Math.min(rows.size(), paging.max()));
    InvalidationList.Builder list =
        InvalidationList.builder()
            .marker(Objects.requireNonNullElse(marker, ""))
            .maxItems(paging.max())
            .isTruncated(more)
            .nextMarker(more ? page.getLast().id() : null)
            .quantity(page.size());
    if (!page.isEmpty()) {
      list.items(page.stream().map(Invalidations::summary).toList());
    }
    return list.build();
  }

  private static InvalidationSummary summary(Row row) {
    return InvalidationSummary.builder()
        .id(row.id())
        .createTime(row.created())
        .status(row.status())
        .build();
  }

  private static String distribution(Transaction tx, String id) {
    return tx.find(DistributionFamily.TYPE, id)
        .map(Row::id)
        .orElseThrow(() ->
            new Refused(
                "NoSuchDistribution", "There is no distribution with the id %s.".formatted(id)));
  }

  private static String tenant(Transaction tx, String id) {
    return tx.find(TenantFamily.TYPE, id)
        .map(Row::id)
        .orElseThrow(() ->
            new Refused(
                "EntityNotFound", "There is no distribution tenant with the id %s.".formatted(id)));
  }

  /** Returns a distribution as edges have it, or that of a tenant. */
  private static Optional<warmfront.distribution.Distribution> published(
      Transaction tx, String id) {
    String distribution =
        tx.latest(Kind.TENANT, id).map(one -> ((Tenant) one).distributionId()).orElse(id);
    return tx.latest(Kind.DISTRIBUTION, distribution)
        .map(warmfront.distribution.Distribution.class::cast);
  }

  private Invalidation shown(Row row) {
    Invalidation kept = (Invalidation) codec.parse(ROOT, Invalidation.builder(), row.body());
    return kept.toBuilder().status(row.status()).createTime(row.created()).build();
  }
}
