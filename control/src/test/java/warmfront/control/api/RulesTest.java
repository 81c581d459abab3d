package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CachePolicyAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CustomErrorResponse;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import software.amazon.awssdk.services.cloudfront.model.InvalidOriginAccessControlException;
import software.amazon.awssdk.services.cloudfront.model.InvalidTaggingException;
import software.amazon.awssdk.services.cloudfront.model.ItemSelection;
import software.amazon.awssdk.services.cloudfront.model.TooManyCachePoliciesException;
import software.amazon.awssdk.services.cloudfront.model.TooManyDistributionsException;
import software.amazon.awssdk.services.cloudfront.model.TooManyInvalidationsInProgressException;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;
import warmfront.time.Clock;

/** Rules between resources, quotas, and what edges are given. */
@SuppressWarnings("deprecation") // legacy fields, which the API still takes
final class RulesTest {
  private static final Quotas FEW =
      Quotas.DEFAULT
          .with(Quota.DISTRIBUTIONS, 6)
          .with(Quota.ORIGINS, 2)
          .with(Quota.BEHAVIORS, 2)
          .with(Quota.ALIASES, 2)
          .with(Quota.TAGS, 2)
          .with(Quota.POLICIES, 1)
          .with(Quota.ORIGIN_ACCESS_CONTROLS, 1)
          .with(Quota.INVALIDATION_PATHS, 3)
          .with(Quota.INVALIDATION_WILDCARDS, 1)
          .with(Quota.STREAMING_DISTRIBUTIONS, 2)
          .with(Quota.ORIGIN_ACCESS_IDENTITIES, 1)
          .with(Quota.PUBLIC_KEYS, 2)
          .with(Quota.KEY_GROUPS, 1)
          .with(Quota.GROUP_KEYS, 1)
          .with(Quota.CONTINUOUS_DEPLOYMENT_POLICIES, 1);

  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;

  @BeforeAll
  static void start() {
    running = new Running(folder, FEW, Limits.DEFAULT, Clock.system());
    client = running.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  private static Distribution compiled(DistributionConfig config) {
    String id = client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
    Optional<Resource> value = running.store.read(tx -> tx.latest(Kind.DISTRIBUTION, id));
    return (Distribution) value.orElseThrow();
  }

  private static DistributionConfig with(DefaultCacheBehavior behavior) {
    return Configs.minimal("with " + behavior.hashCode()).toBuilder()
        .defaultCacheBehavior(behavior)
        .build();
  }

  @Test
  void legacy_settings_become_a_cache_policy_of_the_behaviors_own() {
    DefaultCacheBehavior behavior =
        DefaultCacheBehavior.builder()
            .targetOriginId("o")
            .viewerProtocolPolicy("redirect-to-https")
            .minTTL(3L)
            .maxTTL(100_000L)
            .forwardedValues(f ->
                f.queryString(true)
                    .cookies(c ->
                        c.forward(ItemSelection.WHITELIST)
                            .whitelistedNames(n -> n.quantity(1).items("session")))
                    .headers(h -> h.quantity(1).items("Accept-Language")))
            .build();

    CachePolicy legacy = compiled(with(behavior)).defaultBehavior().legacy().orElseThrow();

    assertThat(legacy.minTtl()).isEqualTo(Duration.ofSeconds(3));
    assertThat(legacy.defaultTtl()).isEqualTo(Duration.ofDays(1));
    assertThat(legacy.maxTtl()).isEqualTo(Duration.ofSeconds(100_000));
    assertThat(legacy.headers()).isEqualTo(NameSet.only("Accept-Language"));
    assertThat(legacy.cookies()).isEqualTo(NameSet.only("session"));
    assertThat(legacy.queryStrings()).isEqualTo(NameSet.ALL);
  }

  @Test
  void a_bucket_is_compiled_to_an_s3_origin_and_only_a_bucket() {
    assertThat(compiled(Configs.of("bucket", Configs.bucket())).origins())
        .singleElement()
        .satisfies(origin -> assertThat(origin.type()).isInstanceOf(Origin.S3.class));
    DistributionConfig other =
        Configs.of("no bucket", Configs.bucket().toBuilder().domainName("www.example.com").build());
    assertThatThrownBy(() -> client.createDistribution(r -> r.distributionConfig(other)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("valid S3 bucket");
  }

  @Test
  void an_origin_access_control_of_another_type_cannot_be_attached() {
    String id =
        client
            .createOriginAccessControl(r ->
                r.originAccessControlConfig(c ->
                    c.name("lambda")
                        .signingProtocol("sigv4")
                        .signingBehavior("always")
                        .originAccessControlOriginType("lambda")))
            .originAccessControl()
            .id();
    DistributionConfig config =
        Configs.of("lambda", Configs.bucket().toBuilder().originAccessControlId(id).build());

    assertThatThrownBy(() -> client.createDistribution(r -> r.distributionConfig(config)))
        .isInstanceOf(InvalidOriginAccessControlException.class)
        .hasMessageContaining("lambda");

    Distribution signed =
        compiled(
            Configs.of(
                "lambda too", Configs.server().toBuilder().originAccessControlId(id).build()));
    assertThat(signed.origins().getFirst().reach().accessControl()).contains(id);
    assertThat(running.store.read(tx -> tx.latest(Kind.ORIGIN_ACCESS_CONTROL, id)).orElseThrow())
        .isEqualTo(
            new OriginAccessControl(
                id, "lambda", OriginAccessControl.Type.LAMBDA, OriginAccessControl.Signing.ALWAYS));
  }

  @Test
  void cache_policies_have_unique_names_ordered_ttls_and_a_quota() {
    client.createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("one").minTTL(0L)));

    assertThatThrownBy(
            () -> client.createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("one").minTTL(0L))))
        .isInstanceOf(CachePolicyAlreadyExistsException.class);
    assertThatThrownBy(
            () -> client.createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("two").minTTL(0L))))
        .isInstanceOf(TooManyCachePoliciesException.class);
    assertThatThrownBy(() ->
            client.createCachePolicy(
                r -> r.cachePolicyConfig(c -> c.name("two").minTTL(5L).maxTTL(4L).defaultTTL(5L))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("5, 5, 4");
    assertThatThrownBy(() ->
            client.createCachePolicy(r ->
                r.cachePolicyConfig(c ->
                    c.name("two")
                        .minTTL(0L)
                        .parametersInCacheKeyAndForwardedToOrigin(p ->
                            p.enableAcceptEncodingGzip(false)
                                .headersConfig(h -> h.headerBehavior("whitelist"))
                                .cookiesConfig(k -> k.cookieBehavior("none"))
                                .queryStringsConfig(q -> q.queryStringBehavior("none"))))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("HeadersConfig");
  }

  @Test
  void invalidations_and_tags_have_quotas() {
    DistributionConfig config =
        Configs.minimal("quotas").toBuilder().cacheTagConfig(t -> t.headerName("Tags")).build();
    var made = client.createDistribution(r -> r.distributionConfig(config));
    String id = made.distribution().id();
    client.createInvalidation(r ->
        r.distributionId(id)
            .invalidationBatch(
                b -> b.callerReference("1").paths(p -> p.quantity(2).items("/a", "/b*"))));

    for (List<String> paths : List.of(List.of("/c", "/d"), List.of("/c*"), List.of("#c", "#d"))) {
      assertThatThrownBy(() ->
              client.createInvalidation(r ->
                  r.distributionId(id)
                      .invalidationBatch(b ->
                          b.callerReference("2")
                              .paths(p -> p.quantity(paths.size()).items(paths)))))
          .isInstanceOf(TooManyInvalidationsInProgressException.class);
    }
    client.createInvalidation(r ->
        r.distributionId(id)
            .invalidationBatch(
                b -> b.callerReference("3").paths(p -> p.quantity(1).items("#letter*"))));
    assertThatThrownBy(() ->
            client.tagResource(r ->
                r.resource(made.distribution().arn())
                    .tags(t ->
                        t.items(
                            IntStream.range(0, 3)
                                .mapToObj(i ->
                                    software.amazon.awssdk.services.cloudfront.model.Tag.builder()
                                        .key("k" + i)
                                        .value("v")
                                        .build())
                                .toList()))))
        .isInstanceOf(InvalidTaggingException.class);
  }

  @Test
  void the_quota_of_distributions_holds(@TempDir Path other) {
    try (Running small = new Running(other, FEW, Limits.DEFAULT, Clock.system());
        CloudFrontClient caller = small.client()) {
      for (int i = 0; i < FEW.of(Quota.DISTRIBUTIONS); i++) {
        DistributionConfig config = Configs.minimal("many " + i);
        caller.createDistribution(r -> r.distributionConfig(config));
      }

      DistributionConfig config = Configs.minimal("one more");
      assertThatThrownBy(() -> caller.createDistribution(r -> r.distributionConfig(config)))
          .isInstanceOf(TooManyDistributionsException.class);
    }
  }

  @Test
  void an_error_page_is_a_path_and_a_code_together() {
    Distribution compiled = compiled(errors("pages", "/4xx/gone.html", "200"));

    assertThat(compiled.remedies().pages())
        .containsExactly(Map.entry(404, new Remedies.Page("/4xx/gone.html", 200)));
    assertThat(compiled(errors("no page", "", "")).remedies().pages()).isEmpty();
    for (String[] wrong :
        List.of(
            new String[] {"/gone.html", "", "InvalidArgument"},
            new String[] {"", "200", "InvalidArgument"},
            new String[] {"gone.html", "200", "InvalidArgument"},
            new String[] {"/gone html", "200", "InvalidArgument"},
            new String[] {"/gone?x=1", "200", "InvalidArgument"},
            new String[] {"/gone.html", "201", "InvalidResponseCode"},
            new String[] {"/gone.html", "0200", "InvalidResponseCode"})) {
      DistributionConfig config = errors("wrong", wrong[0], wrong[1]);
      assertThatThrownBy(() -> client.createDistribution(r -> r.distributionConfig(config)))
          .isInstanceOfSatisfying(
              CloudFrontException.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(wrong[2]));
    }
  }

  private static DistributionConfig errors(String reference, String path, String code) {
    CustomErrorResponse response =
        CustomErrorResponse.builder()
            .errorCode(404)
            .responsePagePath(path)
            .responseCode(code)
            .errorCachingMinTTL(5L)
            .build();
    return Configs.minimal(reference).toBuilder()
        .customErrorResponses(e -> e.quantity(1).items(response))
        .build();
  }
}
