package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.OriginAccessControlConfig;
import warmfront.control.api.wire.Facts;
import warmfront.control.api.wire.Operation;
import warmfront.control.store.Kept;

/** Requests that someone sends again, as they were: nothing comes of it. */
@SuppressWarnings("unchecked") // the SDK's varargs of lambdas
final class ReplayTest {
  /** What keeps a thing from being made twice. */
  private static final Map<String, String> TAKEN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("CreateAnycastIpList", "name"),
              Map.entry("CreateCachePolicy", "name"),
              Map.entry("CreateCloudFrontOriginAccessIdentity", "caller reference"),
              Map.entry("CreateConnectionFunction", "name"),
              Map.entry("CreateConnectionGroup", "name"),
              Map.entry("CreateContinuousDeploymentPolicy", "the staging distribution"),
              Map.entry("CreateDistribution", "caller reference"),
              Map.entry("CreateDistributionTenant", "name, domains"),
              Map.entry("CreateDistributionWithTags", "caller reference"),
              Map.entry("CreateFieldLevelEncryptionConfig", "caller reference"),
              Map.entry("CreateFieldLevelEncryptionProfile", "name, caller reference"),
              Map.entry("CreateFunction", "name"),
              Map.entry("CreateInvalidation", "caller reference"),
              Map.entry("CreateInvalidationForDistributionTenant", "caller reference"),
              Map.entry("CreateKeyGroup", "name"),
              Map.entry("CreateKeyValueStore", "name"),
              Map.entry("CreateMonitoringSubscription", "the distribution"),
              Map.entry("CreateOriginAccessControl", "name"),
              Map.entry("CreateOriginRequestPolicy", "name"),
              Map.entry("CreatePublicKey", "name, caller reference"),
              Map.entry("CreateRealtimeLogConfig", "name"),
              Map.entry("CreateResponseHeadersPolicy", "name"),
              Map.entry("CreateStreamingDistribution", "caller reference"),
              Map.entry("CreateStreamingDistributionWithTags", "caller reference"),
              Map.entry("CreateTrustStore", "name"),
              Map.entry("CreateVpcOrigin", "name")));

  /** Operations without a version, and those that leave it as it is. */
  private static final Set<String> REMEMBERED =
      Set.of(
          "AssociateAlias",
          "DeleteMonitoringSubscription",
          "DeleteRealtimeLogConfig",
          "DeleteResourcePolicy",
          "PublishConnectionFunction",
          "PublishFunction",
          "PutResourcePolicy",
          "TagResource",
          "UntagResource",
          "UpdateRealtimeLogConfig");

  private static final Facts FACTS = Facts.load();

  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;
  private final Tape tape = new Tape();

  /** Keeps the request that was sent last. */
  private static final class Tape implements ExecutionInterceptor {
    private @Nullable HttpRequest last;
    private String operation = "";

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      byte[] body =
          context
              .requestBody()
              .map(sent -> {
                try (var in = sent.contentStreamProvider().newStream()) {
                  return in.readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
              .orElse(new byte[0]);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(context.httpRequest().getUri())
              .method(
                  context.httpRequest().method().name(),
                  HttpRequest.BodyPublishers.ofByteArray(body));
      context
          .httpRequest()
          .headers()
          .forEach((name, values) -> {
            if (!Set.of("host", "content-length", "expect")
                .contains(name.toLowerCase(Locale.ROOT))) {
              request.setHeader(name, values.getFirst());
            }
          });
      last = request.build();
      operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    }
  }

  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client(Running.ROOT, tape);
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  /** Everything that is kept, but the marks. */
  private List<String> kept() throws SQLException {
    List<String> kept = new ArrayList<>();
    try (Connection database = DriverManager.getConnection(Kept.chosen().jdbcUrl(folder));
        Statement statement = database.createStatement()) {
      for (String query :
          List.of(
              "select type, id, parent, status, etag, modified, revision from resource",
              "select scope, name, owner from claim",
              "select arn, name, value from tag",
              "select revision, epoch, chain from head")) {
        ResultSet rows = statement.executeQuery(query + " order by 1, 2, 3");
        while (rows.next()) {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            row.append(rows.getString(i)).append(' ');
          }
          kept.add(row.toString());
        }
      }
    }
    return kept;
  }

  /** Makes a call, then sends what it sent once more; returns what the call gave. */
  private <T> T twice(Supplier<T> call) {
    T said = call.get();
    try {
      List<String> before = kept();
      HttpResponse<String> again =
          running.http.send(
              Optional.ofNullable(tape.last).orElseThrow(), HttpResponse.BodyHandlers.ofString());
      assertThat(kept()).as(tape.operation + ": " + again.body()).isEqualTo(before);
      if (REMEMBERED.contains(tape.operation)) {
        assertThat(again.statusCode()).as(tape.operation).isEqualTo(503);
        assertThat(again.body()).contains("answered before");
      }
    } catch (IOException | InterruptedException | SQLException failed) {
      throw new AssertionError(failed);
    }
    return said;
  }

  @Test
  void every_operation_that_changes_something_is_kept_from_doing_it_again() {
    Set<String> versioned = new TreeSet<>();
    Set<String> remembered = new TreeSet<>();
    for (String name : running.server.operations()) {
      Operation operation = FACTS.operation(name);
      if (operation.isReading() || TAKEN.containsKey(name)) {
        continue;
      }
      boolean hasVersion =
          FACTS.request(name).members().containsKey("IfMatch") && !name.startsWith("Publish");
      (hasVersion ? versioned : remembered).add(name);
    }

    assertThat(remembered).containsExactlyInAnyOrderElementsOf(REMEMBERED);
    assertThat(versioned)
        .allMatch(name -> name.matches("(Update|Delete|Copy|Associate|Disassociate)[A-Za-z]+"))
        .hasSizeGreaterThan(30);
    assertThat(
            running.server.operations().stream()
                .filter(name -> name.startsWith("Create"))
                .collect(Collectors.toSet()))
        .isEqualTo(TAKEN.keySet());
  }

  @Test
  void a_distribution_is_made_changed_copied_and_deleted_once() {
    var made =
        twice(() -> client.createDistribution(r -> r.distributionConfig(Configs.minimal("a"))));
    String id = made.distribution().id();
    twice(() ->
        client.createDistributionWithTags(r ->
            r.distributionConfigWithTags(c ->
                c.distributionConfig(Configs.minimal("b"))
                    .tags(t -> t.items(i -> i.key("k").value("v"))))));
    twice(() ->
        client.createInvalidation(r ->
            r.distributionId(id)
                .invalidationBatch(
                    b -> b.callerReference("i").paths(p -> p.quantity(1).items("/*")))));
    twice(() -> client.createMonitoringSubscription(r -> subscription(r, id)));
    twice(() -> client.deleteMonitoringSubscription(r -> r.distributionId(id)));
    twice(() ->
        client.copyDistribution(r ->
            r.primaryDistributionId(id)
                .ifMatch(made.eTag())
                .staging(true)
                .callerReference("copy")));
    DistributionConfig off = made.distribution().distributionConfig().copy(c -> c.enabled(false));
    String etag =
        twice(() ->
                client.updateDistribution(
                    r -> r.id(id).ifMatch(made.eTag()).distributionConfig(off)))
            .eTag();
    running.rollOut();
    twice(() -> client.deleteDistribution(r -> r.id(id).ifMatch(etag)));
  }

  private static void subscription(
      software.amazon.awssdk.services.cloudfront.model.CreateMonitoringSubscriptionRequest.Builder
          request,
      String id) {
    request
        .distributionId(id)
        .monitoringSubscription(m ->
            m.realtimeMetricsSubscriptionConfig(
                c -> c.realtimeMetricsSubscriptionStatus("Enabled")));
  }

  @Test
  void what_was_said_of_tags_since_is_not_unsaid() {
    String arn =
        client
            .createDistribution(r -> r.distributionConfig(Configs.minimal("t")))
            .distribution()
            .arn();
    twice(() -> tag(arn, "one"));
    HttpRequest old = Optional.ofNullable(tape.last).orElseThrow();
    twice(() -> tag(arn, "two"));

    assertThat(
            running.http.sendAsync(old, HttpResponse.BodyHandlers.ofString()).join().statusCode())
        .isEqualTo(503);
    assertThat(client.listTagsForResource(r -> r.resource(arn)).tags().items())
        .singleElement()
        .satisfies(tag -> assertThat(tag.value()).isEqualTo("two"));
    twice(() -> client.untagResource(r -> r.resource(arn).tagKeys(k -> k.items("k"))));
  }

  private Object tag(String arn, String value) {
    return client.tagResource(
        r -> r.resource(arn).tags(t -> t.items(i -> i.key("k").value(value))));
  }

  @Test
  void policies_keys_and_controls_are_made_changed_and_deleted_once() {
    var policy =
        twice(
            () -> client.createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("p").minTTL(1L))));
    String policyId = policy.cachePolicy().id();
    String next =
        twice(() ->
                client.updateCachePolicy(r ->
                    r.id(policyId)
                        .ifMatch(policy.eTag())
                        .cachePolicyConfig(c -> c.name("p").minTTL(2L))))
            .eTag();
    twice(() -> client.deleteCachePolicy(r -> r.id(policyId).ifMatch(next)));

    OriginAccessControlConfig control =
        OriginAccessControlConfig.builder()
            .name("c")
            .originAccessControlOriginType("s3")
            .signingBehavior("always")
            .signingProtocol("sigv4")
            .build();
    var made =
        twice(() -> client.createOriginAccessControl(r -> r.originAccessControlConfig(control)));
    String controlId = made.originAccessControl().id();
    twice(() ->
        client.updateOriginAccessControl(r ->
            r.id(controlId)
                .ifMatch(made.eTag())
                .originAccessControlConfig(control.copy(c -> c.description("d")))));

    twice(() ->
        client.createCloudFrontOriginAccessIdentity(
            r -> r.cloudFrontOriginAccessIdentityConfig(c -> c.callerReference("i").comment(""))));
    twice(() -> client.createConnectionGroup(r -> r.name("g")));
  }

  @Test
  void functions_and_stores_are_made_changed_published_and_deleted_once() {
    var function =
        twice(() ->
            client.createFunction(r ->
                r.name("f")
                    .functionConfig(c -> c.comment("").runtime("cloudfront-js-2.0"))
                    .functionCode(software.amazon.awssdk.core.SdkBytes.fromUtf8String("x"))));
    twice(() -> client.publishFunction(r -> r.name("f").ifMatch(function.eTag())));
    String etag = client.describeFunction(r -> r.name("f")).eTag();
    twice(() -> client.deleteFunction(r -> r.name("f").ifMatch(etag)));

    var store = twice(() -> client.createKeyValueStore(r -> r.name("s")));
    String next =
        twice(() ->
                client.updateKeyValueStore(r -> r.name("s").ifMatch(store.eTag()).comment("other")))
            .eTag();
    twice(() -> client.deleteKeyValueStore(r -> r.name("s").ifMatch(next)));
  }

  @Test
  void origins_are_made_and_shared_once() {
    var origin =
        twice(() ->
            client.createVpcOrigin(r ->
                r.vpcOriginEndpointConfig(e ->
                    e.name("v")
                        .arn("arn:aws:ec2:us-east-1:123456789012:instance/10.0.0.7")
                        .httpPort(80)
                        .httpsPort(443)
                        .originProtocolPolicy("http-only"))));
    String arn = origin.vpcOrigin().arn();

    twice(() -> client.putResourcePolicy(r -> r.resourceArn(arn).policyDocument("{}")));
    twice(() -> client.deleteResourcePolicy(r -> r.resourceArn(arn)));
    twice(() -> client.deleteVpcOrigin(r -> r.id(origin.vpcOrigin().id()).ifMatch(origin.eTag())));
  }

  @Test
  void a_version_that_is_left_out_does_not_make_a_request_come_twice() throws Exception {
    client.createKeyValueStore(r -> r.name("s"));
    HttpRequest delete =
        running.signed(
            Running.ROOT, "cloudfront", "DELETE", "/2020-05-31/key-value-store/s", "", Map.of());

    HttpResponse<String> first = running.http.send(delete, HttpResponse.BodyHandlers.ofString());
    HttpResponse<String> second = running.http.send(delete, HttpResponse.BodyHandlers.ofString());

    assertThat(first.body()).contains("InvalidIfMatchVersion");
    assertThat(second.body()).contains("answered before");
  }

  @Test
  void what_is_signed_anew_passes() {
    String arn =
        client
            .createDistribution(r -> r.distributionConfig(Configs.minimal("t")))
            .distribution()
            .arn();

    for (String once : List.of("1", "2")) {
      client.tagResource(r ->
          r.overrideConfiguration(o -> o.putHeader("X-Once", once))
              .resource(arn)
              .tags(t -> t.items(i -> i.key("k").value("v"))));
    }
    assertThat(client.listTagsForResource(r -> r.resource(arn)).tags().items()).hasSize(1);
  }

  @Test
  void certificates_are_imported_and_deleted_once() throws Exception {
    String target = "CertificateManager.DeleteCertificate";
    HttpRequest delete =
        running.signed(Running.ROOT, "acm", "POST", "/", "{}", Map.of("X-Amz-Target", target));
    HttpRequest remove =
        running.signed(
            Running.ROOT,
            "iam",
            "POST",
            "/",
            "Action=DeleteServerCertificate&Version=2010-05-08&ServerCertificateName=x",
            Map.of("Content-Type", "application/x-www-form-urlencoded"));

    for (HttpRequest request : List.of(delete, remove)) {
      HttpResponse<String> first = running.http.send(request, HttpResponse.BodyHandlers.ofString());
      HttpResponse<String> second =
          running.http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(first.body()).doesNotContain("answered before");
      assertThat(second.statusCode()).as(second.body()).isEqualTo(503);
      assertThat(second.body()).contains("answered before");
    }
  }
}
