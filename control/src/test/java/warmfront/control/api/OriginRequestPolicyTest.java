package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CreateOriginRequestPolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.ForwardedValues;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.IllegalDeleteException;
import software.amazon.awssdk.services.cloudfront.model.IllegalUpdateException;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import software.amazon.awssdk.services.cloudfront.model.InvalidHeadersForS3OriginException;
import software.amazon.awssdk.services.cloudfront.model.ItemSelection;
import software.amazon.awssdk.services.cloudfront.model.NoSuchOriginRequestPolicyException;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicyInUseException;
import software.amazon.awssdk.services.cloudfront.model.OriginRequestPolicySummary;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Feature;
import warmfront.distribution.Kind;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.distribution.Resource;
import warmfront.distribution.Wishes;
import warmfront.time.Clock;

/** Origin request policies, and what legacy settings and tags say of origin requests. */
@SuppressWarnings("deprecation") // legacy fields, which the API still takes
final class OriginRequestPolicyTest {
  private static final String ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3";

  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;

  @BeforeAll
  static void start() {
    running = new Running(folder, Quotas.DEFAULT, Limits.DEFAULT, Clock.system());
    client = running.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  private static OriginRequestPolicyConfig config(String name, String behavior, String... headers) {
    return OriginRequestPolicyConfig.builder()
        .name(name)
        .headersConfig(h -> {
          h.headerBehavior(behavior);
          if (headers.length > 0) {
            h.headers(x -> x.quantity(headers.length).items(headers));
          }
        })
        .cookiesConfig(c -> c.cookieBehavior("none"))
        .queryStringsConfig(q -> q.queryStringBehavior("none"))
        .build();
  }

  private static CreateOriginRequestPolicyResponse create(OriginRequestPolicyConfig config) {
    return client.createOriginRequestPolicy(r -> r.originRequestPolicyConfig(config));
  }

  private static Optional<Resource> published(Kind kind, String id) {
    return running.store.read(tx -> tx.latest(kind, id));
  }

  private static Distribution compiled(DefaultCacheBehavior behavior) {
    DistributionConfig config =
        Configs.minimal("with " + behavior.hashCode()).toBuilder()
            .defaultCacheBehavior(behavior)
            .build();
    String id = client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
    return (Distribution) published(Kind.DISTRIBUTION, id).orElseThrow();
  }

  private static DefaultCacheBehavior asking(String policy) {
    return Configs.minimal("").defaultCacheBehavior().toBuilder()
        .originRequestPolicyId(policy)
        .build();
  }

  @Test
  void managed_policies_are_there_under_their_published_ids_and_cannot_be_changed() {
    List<OriginRequestPolicySummary> managed =
        client.listOriginRequestPolicies(r -> r.type("managed")).originRequestPolicyList().items();
    Map<String, String> ids =
        managed.stream()
            .map(OriginRequestPolicySummary::originRequestPolicy)
            .collect(
                Collectors.toMap(
                    policy -> policy.originRequestPolicyConfig().name(), policy -> policy.id()));

    assertThat(ids)
        .isEqualTo(
            Map.of(
                "Managed-AllViewer", ALL_VIEWER,
                "Managed-AllViewerAndCloudFrontHeaders-2022-06",
                    "33f36d7e-f396-46d9-90e0-52428a34d9dc",
                "Managed-AllViewerExceptHostHeader", "b689b0a8-53d0-40ab-baf2-68738e2966ac",
                "Managed-CORS-CustomOrigin", "59781a5b-3903-41f3-afcb-af62929ccde1",
                "Managed-CORS-S3Origin", "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
                "Managed-Elemental-MediaTailor-PersonalizedManifests",
                    "775133bc-15f2-49f9-abea-afb2e0bf67d2",
                "Managed-HostHeaderOnly", "bf0718e1-ba1e-49d1-88b1-f726733018ae",
                "Managed-UserAgentRefererHeaders", "acba4595-bd28-49b8-b9fe-13317c0390fa"));
    assertThat(managed).allMatch(item -> item.typeAsString().equals("managed"));
    var read = client.getOriginRequestPolicy(r -> r.id(ALL_VIEWER));
    assertThat(read.eTag()).isEqualTo("E23ZP02F085DFQ");
    assertThat(read.originRequestPolicy().lastModifiedTime().toEpochMilli()).isZero();
    assertThatThrownBy(
            () -> client.deleteOriginRequestPolicy(r -> r.id(ALL_VIEWER).ifMatch(read.eTag())))
        .isInstanceOf(IllegalDeleteException.class);
    assertThatThrownBy(() ->
            client.updateOriginRequestPolicy(r ->
                r.id(ALL_VIEWER)
                    .ifMatch(read.eTag())
                    .originRequestPolicyConfig(config("mine", "none"))))
        .isInstanceOf(IllegalUpdateException.class);
  }

  @Test
  void the_managed_policy_of_june_2022_names_the_headers_that_there_were() {
    Resource policy =
        published(Kind.ORIGIN_REQUEST_POLICY, "33f36d7e-f396-46d9-90e0-52428a34d9dc").orElseThrow();

    assertThat(((OriginRequestPolicy) policy).headerNames())
        .hasSize(21)
        .contains("CloudFront-Viewer-TLS", "CloudFront-Viewer-ASN", "CloudFront-Viewer-City")
        .noneMatch(name -> name.contains("Fingerprint") || name.contains("Header-"));
  }

  @Test
  void a_policy_lives_from_its_creation_to_its_deletion() {
    CreateOriginRequestPolicyResponse made =
        create(
            config("life", "whitelist", "Origin", "CloudFront-Viewer-Address").toBuilder()
                .comment("x")
                .cookiesConfig(
                    c -> c.cookieBehavior("whitelist").cookies(x -> x.quantity(1).items("a")))
                .queryStringsConfig(q ->
                    q.queryStringBehavior("allExcept").queryStrings(x -> x.quantity(1).items("b")))
                .build());
    String id = made.originRequestPolicy().id();

    assertThat(made.location()).endsWith("/2020-05-31/origin-request-policy/" + id);
    assertThat(published(Kind.ORIGIN_REQUEST_POLICY, id))
        .contains(
            new OriginRequestPolicy(
                id,
                "life",
                HeaderMode.WHITELIST,
                List.of("Origin", "CloudFront-Viewer-Address"),
                NameSet.only("a"),
                new NameSet(NameSet.Mode.ALL_EXCEPT, List.of("b"))));
    assertThat(client.getOriginRequestPolicyConfig(r -> r.id(id)).originRequestPolicyConfig())
        .isEqualTo(made.originRequestPolicy().originRequestPolicyConfig());
    assertThatThrownBy(() -> create(config("life", "none")))
        .isInstanceOf(OriginRequestPolicyAlreadyExistsException.class)
        .hasMessageContaining(id);
    String etag =
        client
            .updateOriginRequestPolicy(r ->
                r.id(id)
                    .ifMatch(made.eTag())
                    .originRequestPolicyConfig(config("lives-on", "allViewer")))
            .eTag();
    assertThat(client.listOriginRequestPolicies(r -> r.type("custom")).originRequestPolicyList())
        .satisfies(list ->
            assertThat(list.items())
                .extracting(item -> item.originRequestPolicy().originRequestPolicyConfig().name())
                .contains("lives-on"));
    client.deleteOriginRequestPolicy(r -> r.id(id).ifMatch(etag));
    assertThatThrownBy(() -> client.getOriginRequestPolicy(r -> r.id(id)))
        .isInstanceOf(NoSuchOriginRequestPolicyException.class);
    assertThat(published(Kind.ORIGIN_REQUEST_POLICY, id)).isEmpty();
  }

  @Test
  void a_behavior_names_a_policy_that_is_there_and_keeps_it_from_being_deleted() {
    CreateOriginRequestPolicyResponse made = create(config("in-use", "allViewer"));
    String id = made.originRequestPolicy().id();

    Distribution user = compiled(asking(id));

    assertThat(user.defaultBehavior().options().originRequestPolicyId()).contains(id);
    assertThat(user.features()).containsExactly(Feature.ORIGIN_REQUEST_POLICIES);
    assertThatThrownBy(() -> client.deleteOriginRequestPolicy(r -> r.id(id).ifMatch(made.eTag())))
        .isInstanceOf(OriginRequestPolicyInUseException.class)
        .hasMessageContaining(user.id());
    assertThatThrownBy(() -> compiled(asking("none-such")))
        .isInstanceOf(NoSuchOriginRequestPolicyException.class)
        .hasMessageContaining("none-such");
    GetDistributionConfigResponse read = client.getDistributionConfig(r -> r.id(user.id()));
    assertThat(read.distributionConfig().defaultCacheBehavior().originRequestPolicyId())
        .isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "Cookie",
        "Content-Length",
        "Proxy-Authorization",
        "TE",
        "Upgrade",
        "X-Amz-Cf-Id",
        "X-Edge-Location",
        "X-Forwarded-Proto",
        "X-Real-IP",
        "CDN-Loop",
        "Warmfront-Viewer",
        "Authorization",
        "accept-encoding",
        "CloudFront-No-Such-Thing",
        "CloudFront-Viewer-Cert-Shape",
      })
  void a_header_that_no_such_policy_may_name_is_refused_by_name(String name) {
    assertThatThrownBy(() -> create(config("refused", "whitelist", "Origin", name)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("The parameter Headers contains " + name);
  }

  @ParameterizedTest
  @CsvSource({
    "Connection, false",
    "Cookie, false",
    "Cache-Control, false",
    "Pragma, false",
    "Max-Forwards, false",
    "Proxy-Authorization, false",
    "TE, false",
    "Upgrade, false",
    "CloudFront-Viewer-Address, false",
    "CloudFront-Viewer-ASN, false",
    "CloudFront-Viewer-TLS, false",
    "CloudFront-Viewer-Cert-Pem, false",
    "CloudFront-Viewer-Cert-Validity, false",
    "CloudFront-Viewer-JA3-Fingerprint, false",
    "CloudFront-Viewer-Header-Order, false",
    "Authorization, true",
    "Accept-Encoding, true",
    "Host, true",
    "User-Agent, true",
    "X-Forwarded-For, true",
    "If-None-Match, true",
    "CloudFront-Viewer-Country, true",
    "CloudFront-Viewer-Cert-Subject, true",
    "CloudFront-Is-Mobile-Viewer, true",
    "cloudfront-forwarded-proto, true",
  })
  void headers_of_a_cache_key_are_those_of_cloudfronts_table(String name, boolean allowed) {
    Runnable make =
        () ->
            client.createCachePolicy(r ->
                r.cachePolicyConfig(c ->
                    c.name("key-" + name)
                        .minTTL(0L)
                        .parametersInCacheKeyAndForwardedToOrigin(p ->
                            p.enableAcceptEncodingGzip(false)
                                .headersConfig(h ->
                                    h.headerBehavior("whitelist")
                                        .headers(x -> x.quantity(1).items(name)))
                                .cookiesConfig(k -> k.cookieBehavior("none"))
                                .queryStringsConfig(q -> q.queryStringBehavior("none")))));
    Runnable legacy =
        () -> compiled(legacy(f -> f.queryString(false).headers(h -> h.quantity(1).items(name))));
    for (Runnable one : List.of(make, legacy)) {
      if (allowed) {
        one.run();
      } else {
        assertThatThrownBy(one::run)
            .isInstanceOf(InvalidArgumentException.class)
            .hasMessageContaining("The parameter Headers contains " + name);
      }
    }
    if (allowed) {
      String id =
          client.listCachePolicies(r -> r.type("custom")).cachePolicyList().items().stream()
              .filter(item -> item.cachePolicy().cachePolicyConfig().name().equals("key-" + name))
              .findFirst()
              .orElseThrow()
              .cachePolicy()
              .id();
      String etag = client.getCachePolicy(r -> r.id(id)).eTag();
      client.deleteCachePolicy(r -> r.id(id).ifMatch(etag));
    }
  }

  @Test
  void beside_all_of_the_viewers_headers_only_cloudfronts_own_are_named() {
    String mode = "allViewerAndWhitelistCloudFront";

    assertThatThrownBy(() -> create(config("both", mode, "Origin")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("contains Origin");
    assertThatThrownBy(() -> create(config("both", mode)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("HeadersConfig");
    assertThatThrownBy(() -> create(config("both", "allViewer", "Origin")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("HeadersConfig");
    assertThatThrownBy(() -> create(config("both", "allExcept", "not a token")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("not a token");
    create(config("both", mode, "CloudFront-Viewer-Country"));
  }

  @Test
  void names_have_quotas_by_number_and_by_length() {
    String[] eleven = IntStream.range(0, 11).mapToObj(i -> "X-" + i).toArray(String[]::new);
    String[] wide = IntStream.range(0, 9).mapToObj(i -> "X".repeat(119) + i).toArray(String[]::new);
    OriginRequestPolicyConfig plain = config("many", "none");

    assertThatThrownBy(() -> create(config("many", "whitelist", eleven)))
        .satisfies(coded("TooManyHeadersInOriginRequestPolicy"));
    assertThatThrownBy(() ->
            create(
                plain.toBuilder()
                    .cookiesConfig(c ->
                        c.cookieBehavior("whitelist").cookies(x -> x.quantity(11).items(eleven)))
                    .build()))
        .satisfies(coded("TooManyCookiesInOriginRequestPolicy"));
    assertThatThrownBy(() ->
            create(
                plain.toBuilder()
                    .queryStringsConfig(q ->
                        q.queryStringBehavior("whitelist")
                            .queryStrings(x -> x.quantity(11).items(eleven)))
                    .build()))
        .satisfies(coded("TooManyQueryStringsInOriginRequestPolicy"));
    assertThatThrownBy(() -> create(config("many", "whitelist", wide)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("1080 characters");
    assertThatThrownBy(() -> create(config("many names", "none").toBuilder().name("a b").build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("OriginRequestPolicyConfig.Name");
  }

  private static ThrowingConsumer<Throwable> coded(String code) {
    return thrown ->
        assertThat(((CloudFrontException) thrown).awsErrorDetails().errorCode()).isEqualTo(code);
  }

  private static DefaultCacheBehavior legacy(Consumer<ForwardedValues.Builder> forwarded) {
    return DefaultCacheBehavior.builder()
        .targetOriginId("o")
        .viewerProtocolPolicy("allow-all")
        .minTTL(0L)
        .forwardedValues(f -> forwarded.accept(f.cookies(c -> c.forward("none"))))
        .build();
  }

  @Test
  void query_string_cache_keys_are_keyed_by_and_all_query_strings_forwarded() {
    Behavior behavior =
        compiled(
                legacy(f ->
                    f.queryString(true).queryStringCacheKeys(q -> q.quantity(2).items("a", "b"))))
            .defaultBehavior();

    CachePolicy settings = behavior.legacy().orElseThrow();
    assertThat(settings.queryStrings()).isEqualTo(NameSet.only("a", "b"));
    assertThat(behavior.options().wholeQuery()).isTrue();
    assertThat(compiled(legacy(f -> f.queryString(true))).defaultBehavior().options().wholeQuery())
        .isFalse();
  }

  @Test
  void query_string_cache_keys_have_rules() {
    String[] eleven = IntStream.range(0, 11).mapToObj(i -> "q" + i).toArray(String[]::new);

    assertThatThrownBy(() ->
            compiled(
                legacy(
                    f -> f.queryString(false).queryStringCacheKeys(q -> q.quantity(1).items("a")))))
        .satisfies(coded("InvalidQueryStringParameters"));
    assertThatThrownBy(() ->
            compiled(
                legacy(f ->
                    f.queryString(true).queryStringCacheKeys(q -> q.quantity(11).items(eleven)))))
        .satisfies(coded("TooManyQueryStringParameters"));
    for (String wrong : List.of("x".repeat(129), "a,a")) {
      String[] names = wrong.split(",");
      assertThatThrownBy(() ->
              compiled(
                  legacy(f ->
                      f.queryString(true)
                          .queryStringCacheKeys(q -> q.quantity(names.length).items(names)))))
          .satisfies(coded("InvalidQueryStringParameters"));
    }
  }

  @Test
  void legacy_cookies_may_be_named_by_patterns() {
    Distribution made =
        compiled(
            legacy(f ->
                f.queryString(false)
                    .cookies(c ->
                        c.forward(ItemSelection.WHITELIST)
                            .whitelistedNames(n -> n.quantity(2).items("session*", "u?er")))));

    assertThat(made.defaultBehavior().legacy().orElseThrow().cookies())
        .isEqualTo(NameSet.only("session*", "u?er"));
    assertThat(made.features()).containsExactly(Feature.ORIGIN_REQUEST_POLICIES);
    assertThatThrownBy(() ->
            compiled(
                legacy(f ->
                    f.queryString(false)
                        .cookies(c ->
                            c.forward(ItemSelection.WHITELIST)
                                .whitelistedNames(n -> n.quantity(1).items("x".repeat(512)))))))
        .satisfies(coded("InvalidForwardCookies"));
  }

  @Test
  void an_origin_request_policy_needs_a_cache_policy_beside_it() {
    assertThatThrownBy(() ->
            compiled(
                legacy(f -> f.queryString(false)).toBuilder()
                    .originRequestPolicyId(ALL_VIEWER)
                    .build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("OriginRequestPolicyId");
  }

  @Test
  void legacy_settings_of_a_bucket_never_name_host() {
    DistributionConfig config =
        Configs.of("bucket with host", Configs.bucket()).toBuilder()
            .defaultCacheBehavior(
                legacy(f -> f.queryString(false).headers(h -> h.quantity(1).items("host"))))
            .build();

    assertThatThrownBy(() -> client.createDistribution(r -> r.distributionConfig(config)))
        .isInstanceOf(InvalidHeadersForS3OriginException.class);
  }

  @Test
  void tags_say_how_origins_are_asked_beyond_cloudfronts_settings() {
    var made =
        client.createDistributionWithTags(r ->
            r.distributionConfigWithTags(d ->
                d.distributionConfig(Configs.minimal("asked by tags"))
                    .tags(t -> t.items(tag("warmfront:query-order", "sorted")))));
    String id = made.distribution().id();

    assertThat(wishes(id)).isEqualTo(new Wishes.Asking(true, false));
    client.tagResource(r ->
        r.resource(made.distribution().arn())
            .tags(t -> t.items(tag("warmfront:forwarded-host", "on"))));
    assertThat(wishes(id)).isEqualTo(new Wishes.Asking(true, true));
    client.untagResource(r ->
        r.resource(made.distribution().arn())
            .tagKeys(k -> k.items("warmfront:query-order", "warmfront:forwarded-host")));
    assertThat(wishes(id)).isEqualTo(Wishes.Asking.PLAIN);
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static Wishes.Asking wishes(String id) {
    return ((Distribution) published(Kind.DISTRIBUTION, id).orElseThrow()).wishes().asking();
  }
}
