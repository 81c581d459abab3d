package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyInUseException;
import software.amazon.awssdk.services.cloudfront.model.CachePolicySummary;
import software.amazon.awssdk.services.cloudfront.model.CreateCachePolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionWithTagsResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateInvalidationResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateOriginAccessControlResponse;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionList;
import software.amazon.awssdk.services.cloudfront.model.DistributionNotDisabledException;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.IllegalDeleteException;
import software.amazon.awssdk.services.cloudfront.model.IllegalUpdateException;
import software.amazon.awssdk.services.cloudfront.model.InvalidIfMatchVersionException;
import software.amazon.awssdk.services.cloudfront.model.InvalidTaggingException;
import software.amazon.awssdk.services.cloudfront.model.InvalidationBatch;
import software.amazon.awssdk.services.cloudfront.model.NoSuchCachePolicyException;
import software.amazon.awssdk.services.cloudfront.model.NoSuchDistributionException;
import software.amazon.awssdk.services.cloudfront.model.NoSuchResourceException;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlInUseException;
import software.amazon.awssdk.services.cloudfront.model.PreconditionFailedException;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.Tags;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionResponse;
import warmfront.control.store.OnBothDatabases;
import warmfront.control.store.Transaction;
import warmfront.distribution.Invalidation;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Wishes;

/** The life of resources, driven by the AWS SDK for Java over a socket. */
@OnBothDatabases
final class LifeTest {
  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private CreateDistributionResponse create(String reference) {
    return client.createDistribution(r -> r.distributionConfig(Configs.minimal(reference)));
  }

  private long head() {
    return running.store.<Long>read(Transaction::head);
  }

  @Test
  void a_distribution_is_made_read_changed_disabled_and_deleted() {
    CreateDistributionResponse made = create("life");
    Distribution distribution = made.distribution();

    assertThat(distribution.id()).matches("E[0-9A-Z]{13}");
    assertThat(distribution.domainName()).matches("d[0-9a-z]{13}\\.warmfront\\.localhost");
    assertThat(distribution.arn())
        .isEqualTo("arn:aws:cloudfront::123456789012:distribution/" + distribution.id());
    assertThat(distribution.status()).isEqualTo("InProgress");
    assertThat(made.location()).endsWith("/2020-05-31/distribution/" + distribution.id());
    assertThat(made.sdkHttpResponse().statusCode()).isEqualTo(201);
    assertThat(made.responseMetadata().requestId()).matches("[0-9a-f-]{36}");

    running.rollOut();
    GetDistributionResponse read = client.getDistribution(r -> r.id(distribution.id()));
    assertThat(read.distribution().status()).isEqualTo("Deployed");
    assertThat(read.eTag()).isEqualTo(made.eTag());

    DistributionConfig off =
        read.distribution().distributionConfig().toBuilder().enabled(false).build();
    UpdateDistributionResponse disabled =
        client.updateDistribution(
            r -> r.id(distribution.id()).ifMatch(read.eTag()).distributionConfig(off));
    assertThat(disabled.eTag()).isNotEqualTo(read.eTag());
    assertThat(disabled.distribution().status()).isEqualTo("InProgress");
    assertThatThrownBy(
            () -> client.deleteDistribution(r -> r.id(distribution.id()).ifMatch(disabled.eTag())))
        .isInstanceOf(DistributionNotDisabledException.class);

    running.rollOut();
    client.deleteDistribution(r -> r.id(distribution.id()).ifMatch(disabled.eTag()));
    assertThatThrownBy(() -> client.getDistribution(r -> r.id(distribution.id())))
        .isInstanceOf(NoSuchDistributionException.class);
    assertThat(client.listDistributions().distributionList().quantity()).isZero();
  }

  @Test
  void what_was_read_can_be_written_back_and_changes_nothing() {
    String id = create("idem").distribution().id();
    running.rollOut();
    GetDistributionConfigResponse before = client.getDistributionConfig(r -> r.id(id));
    long head = head();

    UpdateDistributionResponse updated =
        client.updateDistribution(
            r -> r.id(id).ifMatch(before.eTag()).distributionConfig(before.distributionConfig()));

    assertThat(updated.distribution().distributionConfig()).isEqualTo(before.distributionConfig());
    assertThat(updated.distribution().status()).isEqualTo("Deployed");
    assertThat(head()).as("nothing for the edges").isEqualTo(head);
    assertThat(client.getDistributionConfig(r -> r.id(id)).distributionConfig())
        .isEqualTo(before.distributionConfig());
  }

  @Test
  void every_default_block_is_filled_in() {
    DistributionConfig config = create("defaults").distribution().distributionConfig();

    assertThat(config.aliases().quantity()).isZero();
    assertThat(config.httpVersionAsString()).isEqualTo("http2");
    assertThat(config.priceClassAsString()).isEqualTo("PriceClass_All");
    assertThat(config.viewerCertificate().cloudFrontDefaultCertificate()).isTrue();
    assertThat(config.viewerCertificate().minimumProtocolVersionAsString()).isEqualTo("TLSv1");
    assertThat(config.restrictions().geoRestriction().restrictionTypeAsString()).isEqualTo("none");
    assertThat(config.logging().enabled()).isFalse();
    assertThat(config.defaultCacheBehavior().allowedMethods().itemsAsStrings())
        .containsExactlyInAnyOrder("GET", "HEAD");
    assertThat(config.defaultCacheBehavior().compress()).isFalse();
    assertThat(config.origins().items().getFirst().connectionAttempts()).isEqualTo(3);
    assertThat(config.origins().items().getFirst().customOriginConfig().originReadTimeout())
        .isEqualTo(30);
  }

  @Test
  void edges_get_the_compiled_distribution_in_the_same_transaction() {
    Distribution made = create("compiled").distribution();

    warmfront.distribution.Distribution compiled =
        (warmfront.distribution.Distribution)
            running
                .store
                .<Optional<warmfront.distribution.Resource>>read(
                    tx -> tx.latest(Kind.DISTRIBUTION, made.id()))
                .orElseThrow();

    assertThat(compiled.domainName()).isEqualTo(made.domainName());
    assertThat(compiled.defaultBehavior().cachePolicyId()).contains(Configs.OPTIMIZED);
    assertThat(compiled.origins().getFirst().connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(compiled.http2()).isTrue();
  }

  @Test
  void a_caller_reference_makes_one_distribution() {
    create("once");

    assertThatThrownBy(() -> create("once"))
        .isInstanceOfSatisfying(
            DistributionAlreadyExistsException.class,
            e -> assertThat(e.statusCode()).isEqualTo(409));
  }

  @Test
  void of_fifty_updates_with_one_version_exactly_one_wins() throws Exception {
    String id = create("race").distribution().id();
    GetDistributionConfigResponse read = client.getDistributionConfig(r -> r.id(id));
    List<Callable<Boolean>> updates = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      DistributionConfig config =
          read.distributionConfig().toBuilder().comment("number " + i).build();
      updates.add(() -> updates(id, read.eTag(), config));
    }

    int won = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> update : threads.invokeAll(updates)) {
        won += update.get() ? 1 : 0;
      }
    }

    assertThat(won).isOne();
  }

  private boolean updates(String id, String etag, DistributionConfig config)
      throws ExecutionException {
    try {
      client.updateDistribution(r -> r.id(id).ifMatch(etag).distributionConfig(config));
      return true;
    } catch (PreconditionFailedException e) {
      return false;
    }
  }

  @Test
  void a_stale_version_is_412_with_the_current_one_and_none_is_400() {
    CreateDistributionResponse made = create("stale");
    String id = made.distribution().id();
    DistributionConfig config = made.distribution().distributionConfig();

    assertThatThrownBy(() ->
            client.updateDistribution(
                r -> r.id(id).ifMatch("E2QWRUHEXAMPLE").distributionConfig(config)))
        .isInstanceOf(PreconditionFailedException.class)
        .hasMessageContaining(made.eTag());
    assertThatThrownBy(() -> client.updateDistribution(r -> r.id(id).distributionConfig(config)))
        .isInstanceOf(InvalidIfMatchVersionException.class);
    assertThatThrownBy(() -> client.deleteDistribution(r -> r.id(id)))
        .isInstanceOf(InvalidIfMatchVersionException.class);
  }

  @Test
  void the_caller_reference_cannot_be_changed() {
    CreateDistributionResponse made = create("fixed");
    DistributionConfig other =
        made.distribution().distributionConfig().toBuilder().callerReference("other").build();

    assertThatThrownBy(() ->
            client.updateDistribution(
                r -> r.id(made.distribution().id()).ifMatch(made.eTag()).distributionConfig(other)))
        .isInstanceOf(IllegalUpdateException.class)
        .hasMessageContaining("CallerReference");
  }

  @Test
  void lists_are_paged_and_each_item_comes_once() {
    List<String> made =
        IntStream.range(0, 5).mapToObj(i -> create("page" + i).distribution().id()).toList();

    DistributionList first = client.listDistributions(r -> r.maxItems("2")).distributionList();
    List<String> all = new ArrayList<>();
    for (DistributionList page = first; ; ) {
      page.items().stream().map(DistributionSummary::id).forEach(all::add);
      String marker = page.nextMarker();
      if (marker == null) {
        break;
      }
      page = client.listDistributions(r -> r.marker(marker).maxItems("2")).distributionList();
    }

    assertThat(first.isTruncated()).isTrue();
    assertThat(first.quantity()).isEqualTo(2);
    assertThat(all).containsExactlyInAnyOrderElementsOf(made);
  }

  @Test
  void tags_come_with_a_distribution_and_go_with_it() {
    Distribution made =
        client
            .createDistributionWithTags(r ->
                r.distributionConfigWithTags(c ->
                    c.distributionConfig(Configs.minimal("tagged"))
                        .tags(tags("team", "video", "stage", ""))))
            .distribution();

    client.tagResource(r -> r.resource(made.arn()).tags(tags("team", "web", "new", "1")));
    client.untagResource(r -> r.resource(made.arn()).tagKeys(k -> k.items("stage")));

    assertThat(client.listTagsForResource(r -> r.resource(made.arn())).tags().items())
        .containsExactlyInAnyOrderElementsOf(tags("team", "web", "new", "1").items());
    assertThatThrownBy(() ->
            client.listTagsForResource(
                r -> r.resource("arn:aws:cloudfront::123456789012:distribution/ENOT")))
        .isInstanceOf(NoSuchResourceException.class);
  }

  @Test
  void a_tag_makes_a_distribution_strict_and_an_update_keeps_it_so() {
    CreateDistributionWithTagsResponse made =
        client.createDistributionWithTags(r ->
            r.distributionConfigWithTags(c ->
                c.distributionConfig(Configs.minimal("strict"))
                    .tags(tags("warmfront:strict", "true"))));
    Distribution strict = made.distribution();
    assertThat(isStrict(strict.id())).isTrue();

    client.updateDistribution(r ->
        r.id(strict.id())
            .ifMatch(made.eTag())
            .distributionConfig(
                strict.distributionConfig().toBuilder().comment("x").enabled(false).build()));
    assertThat(isStrict(strict.id())).isTrue();

    client.untagResource(r -> r.resource(strict.arn()).tagKeys(k -> k.items("warmfront:strict")));
    assertThat(isStrict(strict.id())).isFalse();
    client.tagResource(r -> r.resource(strict.arn()).tags(tags("warmfront:strict", "true")));
    assertThat(isStrict(strict.id())).isTrue();
    assertThatThrownBy(() ->
            client.tagResource(r -> r.resource(strict.arn()).tags(tags("warmfront:strict", "si"))))
        .isInstanceOf(InvalidTaggingException.class)
        .hasMessageContaining("false or true");
    assertThatThrownBy(() ->
            client.tagResource(
                r -> r.resource(strict.arn()).tags(tags("warmfront:index-document", "a/b"))))
        .isInstanceOf(InvalidTaggingException.class)
        .hasMessageContaining("a/b");
    assertThat(isStrict(strict.id())).isTrue();
  }

  @Test
  void a_tag_has_a_distribution_cached_by_the_standard() {
    Distribution made =
        client
            .createDistributionWithTags(r ->
                r.distributionConfigWithTags(c ->
                    c.distributionConfig(Configs.minimal("standard"))
                        .tags(tags("warmfront:cache", "standard"))))
            .distribution();
    assertThat(wishes(made.id()).standardCache()).isTrue();

    client.tagResource(r -> r.resource(made.arn()).tags(tags("warmfront:cache", "cloudfront")));
    assertThat(wishes(made.id()).standardCache()).isFalse();
  }

  private boolean isStrict(String id) {
    return wishes(id).strict();
  }

  private Wishes wishes(String id) {
    return running
        .store
        .read(tx -> tx.latest(Kind.DISTRIBUTION, id))
        .map(warmfront.distribution.Distribution.class::cast)
        .orElseThrow()
        .wishes();
  }

  private static Tags tags(String... keysAndValues) {
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tags.add(Tag.builder().key(keysAndValues[i]).value(keysAndValues[i + 1]).build());
    }
    return Tags.builder().items(tags).build();
  }

  @Test
  void invalidating_the_root_reaches_the_object_that_is_served_there() {
    DistributionConfig config =
        Configs.minimal("root").toBuilder().defaultRootObject("home/index.html").build();
    String id = client.createDistribution(r -> r.distributionConfig(config)).distribution().id();

    CreateInvalidationResponse made =
        client.createInvalidation(
            r -> r.distributionId(id).invalidationBatch(batch("root", "/", "/?a=1", "/home/*")));

    assertThat(made.invalidation().invalidationBatch().paths().items())
        .containsExactly("/", "/?a=1", "/home/*");
    Optional<Resource> published =
        running.store.read(tx -> tx.latest(Kind.INVALIDATION, made.invalidation().id()));
    assertThat(((Invalidation) published.orElseThrow()).items())
        .containsExactly("/", "/home/index.html", "/?a=1", "/home/index.html?a=1", "/home/*");
  }

  @Test
  void an_invalidation_is_made_once_per_reference_and_completes() {
    String id = create("inv").distribution().id();
    InvalidationBatch batch = batch("first", "/a", "/b/*");

    CreateInvalidationResponse made =
        client.createInvalidation(r -> r.distributionId(id).invalidationBatch(batch));
    CreateInvalidationResponse again =
        client.createInvalidation(r -> r.distributionId(id).invalidationBatch(batch));

    assertThat(made.invalidation().id()).startsWith("I").isEqualTo(again.invalidation().id());
    assertThat(made.invalidation().status()).isEqualTo("InProgress");
    assertThat(made.location()).endsWith("/invalidation/" + made.invalidation().id());
    assertThat(client.getDistribution(r -> r.id(id)).distribution().inProgressInvalidationBatches())
        .isOne();
    assertThatThrownBy(() ->
            client.createInvalidation(
                r -> r.distributionId(id).invalidationBatch(batch("first", "/c"))))
        .hasMessageContaining("other paths");

    running.rollOut();
    assertThat(
            client
                .getInvalidation(r -> r.distributionId(id).id(made.invalidation().id()))
                .invalidation())
        .satisfies(invalidation -> {
          assertThat(invalidation.status()).isEqualTo("Completed");
          assertThat(invalidation.invalidationBatch()).isEqualTo(batch);
        });
    assertThat(client.listInvalidations(r -> r.distributionId(id)).invalidationList().items())
        .singleElement()
        .satisfies(item -> assertThat(item.status()).isEqualTo("Completed"));
  }

  private static InvalidationBatch batch(String reference, String... paths) {
    return InvalidationBatch.builder()
        .callerReference(reference)
        .paths(p -> p.quantity(paths.length).items(paths))
        .build();
  }

  @Test
  void managed_cache_policies_are_there_under_their_published_ids() {
    List<CachePolicySummary> managed =
        client.listCachePolicies(r -> r.type("managed")).cachePolicyList().items();

    assertThat(managed).hasSize(7).allMatch(item -> item.typeAsString().equals("managed"));
    assertThat(client.getCachePolicy(r -> r.id(Configs.OPTIMIZED)))
        .satisfies(read -> {
          assertThat(read.eTag()).isEqualTo("E23ZP02F085DFQ");
          assertThat(read.cachePolicy().cachePolicyConfig().name())
              .isEqualTo("Managed-CachingOptimized");
          assertThat(read.cachePolicy().lastModifiedTime().toEpochMilli()).isZero();
        });
    assertThat(running.store.<List<?>>read(tx -> tx.latest(Kind.CACHE_POLICY))).hasSize(7);
    assertThatThrownBy(
            () -> client.deleteCachePolicy(r -> r.id(Configs.OPTIMIZED).ifMatch("E23ZP02F085DFQ")))
        .isInstanceOf(IllegalDeleteException.class);
  }

  @Test
  void a_cache_policy_in_use_cannot_be_deleted() {
    CreateCachePolicyResponse policy =
        client.createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("mine").minTTL(5L)));
    String id = policy.cachePolicy().id();
    assertThat(policy.cachePolicy().cachePolicyConfig().defaultTTL()).isEqualTo(86_400);
    assertThat(client.listCachePolicies(r -> {}).cachePolicyList().quantity()).isEqualTo(8);
    DistributionConfig config =
        Configs.minimal("user").toBuilder()
            .defaultCacheBehavior(
                Configs.minimal("").defaultCacheBehavior().toBuilder().cachePolicyId(id).build())
            .build();
    Distribution user = client.createDistribution(r -> r.distributionConfig(config)).distribution();

    assertThatThrownBy(() -> client.deleteCachePolicy(r -> r.id(id).ifMatch(policy.eTag())))
        .isInstanceOf(CachePolicyInUseException.class)
        .hasMessageContaining(user.id());

    retire(user.id());
    client.deleteCachePolicy(r -> r.id(id).ifMatch(policy.eTag()));
    assertThatThrownBy(() -> client.getCachePolicyConfig(r -> r.id(id)))
        .isInstanceOf(NoSuchCachePolicyException.class);
  }

  @Test
  void an_origin_access_control_is_attached_to_a_bucket_and_then_in_use() {
    OriginAccessControlConfig config =
        OriginAccessControlConfig.builder()
            .name("oac")
            .signingProtocol("sigv4")
            .signingBehavior("always")
            .originAccessControlOriginType("s3")
            .build();
    CreateOriginAccessControlResponse control =
        client.createOriginAccessControl(r -> r.originAccessControlConfig(config));
    String id = control.originAccessControl().id();
    DistributionConfig asked =
        Configs.of("signed", Configs.bucket().toBuilder().originAccessControlId(id).build());
    Distribution user = client.createDistribution(r -> r.distributionConfig(asked)).distribution();

    assertThat(client.getOriginAccessControlConfig(r -> r.id(id)).eTag()).isEqualTo(control.eTag());
    assertThat(client.listOriginAccessControls(r -> {}).originAccessControlList().items())
        .singleElement()
        .satisfies(item -> assertThat(item.name()).isEqualTo("oac"));
    assertThatThrownBy(
            () -> client.deleteOriginAccessControl(r -> r.id(id).ifMatch(control.eTag())))
        .isInstanceOf(OriginAccessControlInUseException.class)
        .hasMessageContaining(user.id());

    String etag =
        client
            .updateOriginAccessControl(r ->
                r.id(id)
                    .ifMatch(control.eTag())
                    .originAccessControlConfig(config.toBuilder().signingBehavior("never").build()))
            .eTag();
    retire(user.id());
    client.deleteOriginAccessControl(r -> r.id(id).ifMatch(etag));
  }

  private void retire(String id) {
    GetDistributionConfigResponse read = client.getDistributionConfig(r -> r.id(id));
    String etag =
        client
            .updateDistribution(r ->
                r.id(id)
                    .ifMatch(read.eTag())
                    .distributionConfig(
                        read.distributionConfig().toBuilder().enabled(false).build()))
            .eTag();
    running.rollOut();
    client.deleteDistribution(r -> r.id(id).ifMatch(etag));
  }
}
