package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.GetResponseHeadersPolicyResponse;
import software.amazon.awssdk.services.cloudfront.model.NoSuchResponseHeadersPolicyException;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyCorsConfig;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyCustomHeader;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyInUseException;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicyRemoveHeader;
import software.amazon.awssdk.services.cloudfront.model.ResponseHeadersPolicySummary;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.distribution.ResponseHeadersPolicy.Header;

/** The operations of response headers policies, and what edges are given. */
final class ResponseHeadersPolicyTest {
  private static final String SIMPLE_CORS = "60669652-455b-4ae9-85a4-c4c02393f86c";

  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;

  @BeforeAll
  static void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  @Test
  void a_policy_lives_from_create_to_delete() {
    ResponseHeadersPolicyConfig config = config("life", c -> c.comment("x"));
    var created = client.createResponseHeadersPolicy(r -> r.responseHeadersPolicyConfig(config));
    String id = created.responseHeadersPolicy().id();

    assertThat(created.location()).endsWith("/2020-05-31/response-headers-policy/" + id);
    GetResponseHeadersPolicyResponse got = client.getResponseHeadersPolicy(r -> r.id(id));
    assertThat(got.eTag()).isEqualTo(created.eTag());
    assertThat(got.responseHeadersPolicy().responseHeadersPolicyConfig()).isEqualTo(config);
    assertThat(client.getResponseHeadersPolicyConfig(r -> r.id(id)).responseHeadersPolicyConfig())
        .isEqualTo(config);
    assertThatThrownBy(
            () -> client.createResponseHeadersPolicy(r -> r.responseHeadersPolicyConfig(config)))
        .isInstanceOf(ResponseHeadersPolicyAlreadyExistsException.class);

    var updated =
        client.updateResponseHeadersPolicy(r ->
            r.id(id)
                .ifMatch(got.eTag())
                .responseHeadersPolicyConfig(config("life", c -> c.comment("y"))));
    assertThat(updated.eTag()).isNotEqualTo(got.eTag());
    assertThat(listed("custom")).contains("life");

    client.deleteResponseHeadersPolicy(r -> r.id(id).ifMatch(updated.eTag()));
    assertThatThrownBy(() -> client.getResponseHeadersPolicy(r -> r.id(id)))
        .isInstanceOf(NoSuchResponseHeadersPolicyException.class);
  }

  @Test
  void the_managed_ones_are_there_under_their_published_ids() {
    assertThat(
            client
                .listResponseHeadersPolicies(r -> r.type("managed"))
                .responseHeadersPolicyList()
                .items()
                .stream()
                .map(ResponseHeadersPolicySummary::responseHeadersPolicy)
                .map(policy -> policy.id() + " " + policy.responseHeadersPolicyConfig().name()))
        .containsExactly(
            "60669652-455b-4ae9-85a4-c4c02393f86c Managed-SimpleCORS",
            "5cc3b908-e619-4b99-88e5-2cf7f45965bd Managed-CORS-With-Preflight",
            "67f7725c-6f97-4210-82d7-5512b31e9d03 Managed-SecurityHeadersPolicy",
            "e61eb60c-9c35-4d20-a928-2b84e02af89c Managed-CORS-and-SecurityHeadersPolicy",
            "eaab4381-ed33-4a86-88ca-d9558dc6cd63"
                + " Managed-CORS-with-preflight-and-SecurityHeadersPolicy");
    GetResponseHeadersPolicyResponse simple =
        client.getResponseHeadersPolicy(r -> r.id(SIMPLE_CORS));
    assertThat(simple.eTag()).isEqualTo("E23ZP02F085DFQ");
    for (Consumer<CloudFrontClient> change :
        List.<Consumer<CloudFrontClient>>of(
            c ->
                c.updateResponseHeadersPolicy(r ->
                    r.id(SIMPLE_CORS)
                        .ifMatch(simple.eTag())
                        .responseHeadersPolicyConfig(config("mine", _ -> {}))),
            c -> c.deleteResponseHeadersPolicy(r -> r.id(SIMPLE_CORS).ifMatch(simple.eTag())))) {
      assertThatThrownBy(() -> change.accept(client)).hasMessageContaining("managed");
    }
  }

  @Test
  void a_managed_policy_is_compiled_to_its_published_values() {
    ResponseHeadersPolicy both = compiled("eaab4381-ed33-4a86-88ca-d9558dc6cd63");

    assertThat(both.headers())
        .containsExactly(
            new Header("Referrer-Policy", "strict-origin-when-cross-origin", false),
            new Header("Strict-Transport-Security", "max-age=31536000", false),
            new Header("X-Content-Type-Options", "nosniff", true),
            new Header("X-Frame-Options", "SAMEORIGIN", false),
            new Header("X-XSS-Protection", "1; mode=block", false));
    assertThat(both.cors().orElseThrow())
        .isEqualTo(
            new ResponseHeadersPolicy.Cors(
                false,
                List.of("*"),
                List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"),
                List.of("*"),
                List.of("*"),
                OptionalInt.empty(),
                false));
  }

  @Test
  void what_a_policy_says_reaches_edges() {
    ResponseHeadersPolicy policy =
        compiled(
            create(
                config(
                    "all",
                    c ->
                        c.corsConfig(cors(x -> x.accessControlMaxAgeSec(5)))
                            .securityHeadersConfig(s ->
                                s.contentSecurityPolicy(p ->
                                        p.override(true)
                                            .contentSecurityPolicy("default-src 'self'"))
                                    .strictTransportSecurity(h ->
                                        h.override(true)
                                            .accessControlMaxAgeSec(9)
                                            .includeSubdomains(true)
                                            .preload(true))
                                    .xssProtection(
                                        p -> p.override(false).protection(true).reportUri("/r")))
                            .customHeadersConfig(h -> h.quantity(1).items(custom("X-Mine", "")))
                            .removeHeadersConfig(h ->
                                h.quantity(1)
                                    .items(
                                        ResponseHeadersPolicyRemoveHeader.builder()
                                            .header("Server")
                                            .build()))
                            .serverTimingHeadersConfig(
                                t -> t.enabled(true).samplingRate(12.3456)))));

    assertThat(policy.removed()).containsExactly("Server");
    assertThat(policy.serverTiming()).hasValue(123_456);
    assertThat(policy.headers())
        .containsExactly(
            new Header("Content-Security-Policy", "default-src 'self'", true),
            new Header("Strict-Transport-Security", "max-age=9; includeSubDomains; preload", true),
            new Header("X-XSS-Protection", "1; report=/r", false),
            new Header("X-Mine", "", true));
    assertThat(policy.cors().orElseThrow().maxAgeSeconds()).hasValue(5);
  }

  @Test
  void a_distribution_refers_to_a_policy_that_is_there_and_keeps_it() {
    String id = create(config("used", _ -> {}));
    DistributionConfig config = with(id);
    String distribution =
        client.createDistribution(r -> r.distributionConfig(config)).distribution().id();

    Optional<Resource> value = running.store.read(tx -> tx.latest(Kind.DISTRIBUTION, distribution));
    assertThat(((Distribution) value.orElseThrow()).defaultBehavior().options())
        .satisfies(options -> assertThat(options.responseHeadersPolicyId()).contains(id));
    String etag = client.getResponseHeadersPolicy(r -> r.id(id)).eTag();
    assertThatThrownBy(() -> client.deleteResponseHeadersPolicy(r -> r.id(id).ifMatch(etag)))
        .isInstanceOf(ResponseHeadersPolicyInUseException.class)
        .hasMessageContaining(distribution);
    assertThatThrownBy(
            () -> client.createDistribution(r -> r.distributionConfig(with("not-there"))))
        .isInstanceOf(NoSuchResponseHeadersPolicyException.class)
        .hasMessageContaining("not-there");
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("InvalidArgument", "Name", config("a b", _ -> {})),
        Arguments.of("InvalidArgument", "Comment", config("w", c -> c.comment("x".repeat(129)))),
        Arguments.of(
            "TooLongCSPInResponseHeadersPolicy",
            "1783",
            config(
                "w",
                c ->
                    c.securityHeadersConfig(s ->
                        s.contentSecurityPolicy(
                            p -> p.override(true).contentSecurityPolicy("x".repeat(1784)))))),
        Arguments.of(
            "InvalidArgument",
            "XSSProtection",
            config(
                "w",
                c ->
                    c.securityHeadersConfig(s ->
                        s.xssProtection(x ->
                            x.override(true).protection(true).modeBlock(true).reportUri("/r"))))),
        Arguments.of(
            "TooManyCustomHeadersInResponseHeadersPolicy",
            "10",
            config(
                "w",
                c ->
                    c.customHeadersConfig(h ->
                        h.quantity(11)
                            .items(
                                IntStream.range(0, 11)
                                    .mapToObj(i -> custom("X-" + i, "1"))
                                    .toList())))),
        Arguments.of(
            "InvalidArgument", "Strict-Transport-Security", customs("Strict-Transport-Security")),
        Arguments.of("InvalidArgument", "Content-Length", customs("Content-Length")),
        Arguments.of("InvalidArgument", "X-Amz-Cf-Pop", customs("X-Amz-Cf-Pop")),
        Arguments.of("InvalidArgument", "cannot be one", customs("X Y")),
        Arguments.of("InvalidArgument", "twice", customs("X-A", "x-a")),
        Arguments.of(
            "TooManyRemoveHeadersInResponseHeadersPolicy",
            "10",
            removed(IntStream.range(0, 11).mapToObj(i -> "X-" + i).toArray(String[]::new))),
        Arguments.of("InvalidArgument", "Transfer-Encoding", removed("Transfer-Encoding")),
        Arguments.of("InvalidArgument", "proxy-x", removed("proxy-x")),
        Arguments.of(
            "InvalidArgument",
            "SamplingRate",
            config(
                "w", c -> c.serverTimingHeadersConfig(t -> t.enabled(true).samplingRate(1.23456)))),
        Arguments.of(
            "InvalidArgument",
            "SamplingRate",
            config(
                "w", c -> c.serverTimingHeadersConfig(t -> t.enabled(true).samplingRate(100.1)))),
        Arguments.of("InvalidArgument", "example.*", origins("example.*")),
        Arguments.of("InvalidArgument", "test.*.example.org", origins("test.*.example.org")),
        Arguments.of("InvalidArgument", "*test.example.org", origins("*test.example.org")),
        Arguments.of("InvalidArgument", "exa*mple.org", origins("exa*mple.org")),
        Arguments.of("InvalidArgument", "http://a/b", origins("http://a/b")),
        Arguments.of(
            "InvalidArgument",
            "AccessControlAllowCredentials",
            config(
                "w",
                c ->
                    c.corsConfig(
                        cors(x ->
                            x.accessControlAllowCredentials(true)
                                .accessControlAllowOrigins(o -> o.quantity(1).items("*")))))),
        Arguments.of(
            "InconsistentQuantities",
            "",
            config(
                "w",
                c ->
                    c.corsConfig(
                        cors(x ->
                            x.accessControlAllowOrigins(o -> o.quantity(2).items("http://a")))))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_is_not_right_is_refused_by_name(
      String code, String named, ResponseHeadersPolicyConfig config) {
    assertThatThrownBy(
            () -> client.createResponseHeadersPolicy(r -> r.responseHeadersPolicyConfig(config)))
        .isInstanceOf(CloudFrontException.class)
        .satisfies(e ->
            assertThat(((CloudFrontException) e).awsErrorDetails().errorCode()).isEqualTo(code))
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "http://*.example.org",
        "*.example.org",
        "http://example.org",
        "http://example.org:*",
        "http://example.org:1*3",
        "https://[::1]:8443",
        "capacitor://localhost"
      })
  void an_origin_with_its_wildcards_in_their_places_is_taken(String origin) {
    String id = create(origins(origin).toBuilder().name("o" + origin.hashCode()).build());

    String etag = client.getResponseHeadersPolicy(r -> r.id(id)).eTag();
    client.deleteResponseHeadersPolicy(r -> r.id(id).ifMatch(etag));
  }

  private static String create(ResponseHeadersPolicyConfig config) {
    return client
        .createResponseHeadersPolicy(r -> r.responseHeadersPolicyConfig(config))
        .responseHeadersPolicy()
        .id();
  }

  private static ResponseHeadersPolicy compiled(String id) {
    Optional<Resource> value =
        running.store.read(tx -> tx.latest(Kind.RESPONSE_HEADERS_POLICY, id));
    return (ResponseHeadersPolicy) value.orElseThrow();
  }

  private static List<String> listed(String type) {
    return client
        .listResponseHeadersPolicies(r -> r.type(type))
        .responseHeadersPolicyList()
        .items()
        .stream()
        .map(one -> one.responseHeadersPolicy().responseHeadersPolicyConfig().name())
        .toList();
  }

  private static DistributionConfig with(String policy) {
    DistributionConfig minimal = Configs.minimal("with " + policy);
    return minimal.toBuilder()
        .defaultCacheBehavior(
            minimal.defaultCacheBehavior().toBuilder().responseHeadersPolicyId(policy).build())
        .build();
  }

  private static ResponseHeadersPolicyConfig config(
      String name, Consumer<ResponseHeadersPolicyConfig.Builder> change) {
    ResponseHeadersPolicyConfig.Builder config =
        ResponseHeadersPolicyConfig.builder().name(name).comment("");
    change.accept(config);
    return config.build();
  }

  private static ResponseHeadersPolicyConfig customs(String... names) {
    return config(
        "w",
        c ->
            c.customHeadersConfig(h ->
                h.quantity(names.length)
                    .items(Stream.of(names).map(name -> custom(name, "1")).toList())));
  }

  private static ResponseHeadersPolicyCustomHeader custom(String name, String value) {
    return ResponseHeadersPolicyCustomHeader.builder()
        .header(name)
        .value(value)
        .override(true)
        .build();
  }

  private static ResponseHeadersPolicyConfig removed(String... names) {
    return config(
        "w",
        c ->
            c.removeHeadersConfig(h ->
                h.quantity(names.length)
                    .items(
                        Stream.of(names)
                            .map(name ->
                                ResponseHeadersPolicyRemoveHeader.builder().header(name).build())
                            .toList())));
  }

  private static ResponseHeadersPolicyConfig origins(String origin) {
    return config(
        "w",
        c ->
            c.corsConfig(cors(x -> x.accessControlAllowOrigins(o -> o.quantity(1).items(origin)))));
  }

  private static ResponseHeadersPolicyCorsConfig cors(
      Consumer<ResponseHeadersPolicyCorsConfig.Builder> change) {
    ResponseHeadersPolicyCorsConfig.Builder cors =
        ResponseHeadersPolicyCorsConfig.builder()
            .accessControlAllowOrigins(o -> o.quantity(1).items("http://a"))
            .accessControlAllowHeaders(h -> h.quantity(1).items("x-*-amz"))
            .accessControlAllowMethods(m -> m.quantity(1).itemsWithStrings("ALL"))
            .accessControlAllowCredentials(false)
            .originOverride(true);
    change.accept(cors);
    return cors.build();
  }
}
