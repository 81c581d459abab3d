package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.ConnectionFunctionSummary;
import software.amazon.awssdk.services.cloudfront.model.CreateConnectionFunctionResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateFunctionResponse;
import software.amazon.awssdk.services.cloudfront.model.DescribeFunctionResponse;
import software.amazon.awssdk.services.cloudfront.model.FunctionConfig;
import software.amazon.awssdk.services.cloudfront.model.FunctionList;
import software.amazon.awssdk.services.cloudfront.model.FunctionSummary;
import software.amazon.awssdk.services.cloudfront.model.GetFunctionResponse;
import software.amazon.awssdk.services.cloudfront.model.KeyValueStore;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.UpdateFunctionResponse;

/** Functions of both sorts and their stages; driven by the AWS SDK for Java. */
final class FunctionTest {
  private static final SdkBytes CODE =
      SdkBytes.fromUtf8String("function handler(event) { return event.request; } // <&>");
  private static final SdkBytes OTHER = SdkBytes.fromByteArray(new byte[] {0, -1, 7});

  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    Quotas quotas = Quotas.DEFAULT.with(Quota.FUNCTIONS, 3).with(Quota.STORE_FUNCTIONS, 1);
    running = new Running(folder, quotas, Limits.DEFAULT, warmfront.time.Clock.system());
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private static void refused(ThrowingCallable call, String code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CloudFrontException.class,
            refused -> {
              assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
              assertThat(refused.awsErrorDetails().errorMessage()).contains(message);
            });
  }

  private static FunctionConfig config(KeyValueStore... stores) {
    FunctionConfig.Builder config =
        FunctionConfig.builder().comment("c").runtime("cloudfront-js-2.0");
    if (stores.length > 0) {
      config.keyValueStoreAssociations(a ->
          a.quantity(stores.length)
              .items(
                  List.of(stores).stream()
                      .map(store ->
                          software.amazon.awssdk.services.cloudfront.model.KeyValueStoreAssociation
                              .builder()
                              .keyValueStoreARN(store.arn())
                              .build())
                      .toList()));
    }
    return config.build();
  }

  private CreateFunctionResponse create(String name, KeyValueStore... stores) {
    return client.createFunction(
        r -> r.name(name).functionConfig(config(stores)).functionCode(CODE));
  }

  private DescribeFunctionResponse describe(String name, String stage) {
    return client.describeFunction(r -> r.name(name).stage(stage));
  }

  @Test
  void a_function_is_made_published_changed_and_deleted() {
    CreateFunctionResponse made = create("life");

    assertThat(made.location()).endsWith("/2020-05-31/function/life");
    assertThat(made.functionSummary().status()).isEqualTo("UNPUBLISHED");
    assertThat(made.functionSummary().functionMetadata().functionARN())
        .isEqualTo("arn:aws:cloudfront::123456789012:function/life");
    assertThat(made.functionSummary().functionMetadata().stageAsString()).isEqualTo("DEVELOPMENT");
    refused(() -> describe("life", "LIVE"), "NoSuchFunctionExists", "life");
    assertThat(describe("life", "DEVELOPMENT").functionSummary()).isEqualTo(made.functionSummary());

    FunctionSummary live =
        client.publishFunction(r -> r.name("life").ifMatch(made.eTag())).functionSummary();
    assertThat(live.functionMetadata().stageAsString()).isEqualTo("LIVE");
    assertThat(live.status()).isEqualTo("UNASSOCIATED");
    assertThat(describe("life", "DEVELOPMENT").eTag()).isEqualTo(made.eTag());

    UpdateFunctionResponse changed =
        client.updateFunction(
            r -> r.name("life").ifMatch(made.eTag()).functionConfig(config()).functionCode(OTHER));
    assertThat(changed.functionSummary().status()).isEqualTo("UNPUBLISHED");
    assertThat(changed.eTag()).isEqualTo(describe("life", "DEVELOPMENT").eTag());
    GetFunctionResponse development = client.getFunction(r -> r.name("life"));
    assertThat(development.functionCode()).isEqualTo(OTHER);
    assertThat(development.contentType()).isEqualTo("application/octet-stream");
    assertThat(client.getFunction(r -> r.name("life").stage("LIVE")).functionCode())
        .isEqualTo(CODE);

    refused(
        () -> client.publishFunction(r -> r.name("life").ifMatch(made.eTag())),
        "PreconditionFailed",
        changed.eTag());
    String published = describe("life", "LIVE").eTag();
    client.publishFunction(r -> r.name("life").ifMatch(changed.eTag()));
    assertThat(describe("life", "LIVE").eTag()).isNotEqualTo(published);
    client.deleteFunction(r -> r.name("life").ifMatch(changed.eTag()));
    refused(() -> describe("life", "LIVE"), "NoSuchFunctionExists", "life");
    refused(() -> describe("life", "DEVELOPMENT"), "NoSuchFunctionExists", "life");
    create("life");
  }

  @Test
  void an_update_says_its_version_in_both_spellings_of_the_header() throws Exception {
    String version = create("spelt").eTag();
    String body =
        "<UpdateFunctionRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">"
            + "<FunctionConfig><Comment>c</Comment><Runtime>cloudfront-js-1.0</Runtime>"
            + "</FunctionConfig><FunctionCode>eA==</FunctionCode></UpdateFunctionRequest>";

    HttpResponse<String> said =
        running.send("PUT", "/2020-05-31/function/spelt", body, Map.of("If-Match", version));

    assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
    assertThat(said.headers().firstValue("ETtag"))
        .isPresent()
        .isEqualTo(said.headers().firstValue("ETag"));
  }

  @Test
  void functions_are_listed_by_stage() {
    client.publishFunction(r -> r.name("b").ifMatch(create("b").eTag()));
    create("a");

    assertThat(client.listFunctions(r -> r.stage("LIVE")).functionList().items())
        .extracting(FunctionSummary::name)
        .containsExactly("b");
    assertThat(client.listFunctions(r -> r.stage("DEVELOPMENT")).functionList().items())
        .extracting(FunctionSummary::name)
        .containsExactly("a", "b");
    FunctionList first = client.listFunctions(r -> r.maxItems("2")).functionList();
    assertThat(first.quantity()).isEqualTo(2);
    assertThat(client.listFunctions(r -> r.marker(first.nextMarker())).functionList().items())
        .extracting(summary -> summary.name() + summary.functionMetadata().stageAsString())
        .containsExactly("bLIVE");
  }

  @Test
  void functions_have_limits() {
    create("a");
    refused(() -> create("a"), "FunctionAlreadyExists", "a");
    refused(
        () ->
            client.createFunction(r ->
                r.name("long")
                    .functionConfig(config())
                    .functionCode(SdkBytes.fromByteArray(new byte[10_241]))),
        "FunctionSizeLimitExceeded",
        "10240");
    refused(() -> create("a b"), "InvalidArgument", "Name");
    refused(
        () ->
            client.createFunction(r ->
                r.name("x")
                    .functionConfig(c -> c.comment("c").runtime("cloudfront-js-9"))
                    .functionCode(CODE)),
        "InvalidArgument",
        "Runtime");
    create("b");
    create("c");
    refused(() -> create("d"), "TooManyFunctions", "3");
    refused(
        () ->
            client.testFunction(
                r -> r.name("a").ifMatch("E1").eventObject(SdkBytes.fromUtf8String("{}"))),
        "NotImplemented",
        "TestFunction");
  }

  @Test
  void a_function_may_name_one_key_value_store_which_then_stays() {
    KeyValueStore one = client.createKeyValueStore(r -> r.name("one")).keyValueStore();
    KeyValueStore other = client.createKeyValueStore(r -> r.name("other")).keyValueStore();
    String version = create("user", one).eTag();

    refused(() -> create("two", one, other), "InvalidArgument", "one key value store");
    refused(() -> create("second", one), "InvalidArgument", "1 functions");
    refused(
        () ->
            create(
                "missing",
                one.toBuilder().arn(other.arn().replaceAll("/.*", "/" + "0".repeat(36))).build()),
        "InvalidArgument",
        "not there");
    refused(
        () ->
            client.createFunction(r ->
                r.name("old")
                    .functionConfig(config(other).toBuilder().runtime("cloudfront-js-1.0").build())
                    .functionCode(CODE)),
        "InvalidArgument",
        "cloudfront-js-2.0");
    String held = client.describeKeyValueStore(r -> r.name("one")).eTag();
    refused(
        () -> client.deleteKeyValueStore(r -> r.name("one").ifMatch(held)),
        "CannotDeleteEntityWhileInUse",
        "user");
    client.publishFunction(r -> r.name("user").ifMatch(version));
    String changed =
        client
            .updateFunction(
                r -> r.name("user").ifMatch(version).functionConfig(config()).functionCode(CODE))
            .eTag();
    refused(
        () -> client.deleteKeyValueStore(r -> r.name("one").ifMatch(held)),
        "CannotDeleteEntityWhileInUse",
        "user");
    client.publishFunction(r -> r.name("user").ifMatch(changed));
    client.deleteKeyValueStore(r -> r.name("one").ifMatch(held));
  }

  @Test
  void a_connection_function_goes_by_its_id() {
    CreateConnectionFunctionResponse made =
        client.createConnectionFunction(r ->
            r.name("gate")
                .connectionFunctionConfig(config())
                .connectionFunctionCode(CODE)
                .tags(t -> t.items(Tag.builder().key("team").value("web").build())));
    ConnectionFunctionSummary summary = made.connectionFunctionSummary();
    String id = summary.id();

    assertThat(id).startsWith("cf_");
    assertThat(summary.connectionFunctionArn())
        .isEqualTo("arn:aws:cloudfront::123456789012:connection-function/" + id);
    assertThat(made.location()).endsWith("/2020-05-31/connection-function/" + id);
    assertThat(
            client
                .listTagsForResource(r -> r.resource(summary.connectionFunctionArn()))
                .tags()
                .items())
        .hasSize(1);
    for (String identifier : List.of(id, "gate")) {
      assertThat(
              client
                  .describeConnectionFunction(r -> r.identifier(identifier))
                  .connectionFunctionSummary())
          .isEqualTo(summary);
      assertThat(
              client
                  .listDistributionsByConnectionFunction(
                      r -> r.connectionFunctionIdentifier(identifier))
                  .distributionList()
                  .quantity())
          .isZero();
    }
    String changed =
        client
            .updateConnectionFunction(r ->
                r.id(id)
                    .ifMatch(made.eTag())
                    .connectionFunctionConfig(config())
                    .connectionFunctionCode(OTHER))
            .eTag();
    ConnectionFunctionSummary live =
        client
            .publishConnectionFunction(r -> r.id(id).ifMatch(changed))
            .connectionFunctionSummary();
    assertThat(live.stageAsString()).isEqualTo("LIVE");
    assertThat(
            client
                .getConnectionFunction(r -> r.identifier(id).stage("LIVE"))
                .connectionFunctionCode())
        .isEqualTo(OTHER);
    assertThat(client.listConnectionFunctions(r -> r.maxItems(1)).connectionFunctions()).hasSize(1);
    assertThat(client.listConnectionFunctions(r -> r.maxItems(1)).nextMarker()).isNotNull();
    refused(
        () -> client.deleteConnectionFunction(r -> r.id(id).ifMatch(made.eTag())),
        "PreconditionFailed",
        changed);
    client.deleteConnectionFunction(r -> r.id(id).ifMatch(changed));
    refused(() -> client.getConnectionFunction(r -> r.identifier(id)), "EntityNotFound", id);
    refused(
        () -> client.listDistributionsByConnectionFunction(r -> r.connectionFunctionIdentifier(id)),
        "EntityNotFound",
        id);
  }
}
