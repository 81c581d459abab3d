package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CreateKeyValueStoreResponse;
import software.amazon.awssdk.services.cloudfront.model.KeyValueStore;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.UpdateKeyValueStoreResponse;
import warmfront.control.store.OnBothDatabases;
import warmfront.distribution.Kind;
import warmfront.distribution.S3Endpoint;
import warmfront.time.Clock;
import warmfront.time.ManualClock;

/** Key value stores and their pairs, each over its own API. */
@OnBothDatabases
final class KeyValueTest {
  private static final int STORE_BYTES = 4_000;
  private static final String SERVICE = "cloudfront-keyvaluestore";

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Map<String, String> files = new ConcurrentHashMap<>();
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    Quotas quotas =
        Quotas.DEFAULT.with(Quota.STORE_BYTES, STORE_BYTES).with(Quota.KEY_VALUE_STORES, 2);
    running =
        new Running(
            folder,
            quotas,
            Limits.DEFAULT,
            Clock.system(),
            (_, name, _) ->
                Optional.ofNullable(files.get(name.toString()))
                    .<ObjectReader.Answer>map(
                        file -> ObjectReader.Answer.Read.of(file.getBytes(StandardCharsets.UTF_8)))
                    .orElse(new ObjectReader.Answer.Unread("404")));
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private static void refused(ThrowingCallable call, String code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CloudFrontException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  /** The pairs of a store, as its own API has them. */
  private final class Pairs {
    private final String path;
    String version;

    Pairs(String arn) throws Exception {
      this.path = "/key-value-stores/" + URLEncoder.encode(arn, StandardCharsets.UTF_8);
      HttpResponse<String> described = send("GET", "", "", "");
      assertThat(described.statusCode()).isEqualTo(200);
      this.version = described.headers().firstValue("ETag").orElseThrow();
    }

    HttpResponse<String> send(String method, String more, String body, String ifMatch)
        throws IOException, InterruptedException {
      return running.send(
          SERVICE,
          method,
          path + more,
          body,
          ifMatch.isEmpty() ? Map.of() : Map.of("If-Match", ifMatch));
    }

    JsonNode read(String more) throws Exception {
      HttpResponse<String> said = send("GET", more, "", "");
      assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
      return JsonNode.parser().parse(said.body());
    }

    JsonNode change(String method, String more, String body) throws Exception {
      HttpResponse<String> said = send(method, more, body, version);
      assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
      String next = said.headers().firstValue("ETag").orElseThrow();
      assertThat(next).isNotEqualTo(version);
      version = next;
      return JsonNode.parser().parse(said.body());
    }

    void refused(String method, String more, String body, int status, String code)
        throws Exception {
      refused(send(method, more, body, version), status, code);
    }

    void refused(HttpResponse<String> said, int status, String code) {
      assertThat(said.statusCode()).as(said.body()).isEqualTo(status);
      assertThat(said.headers().firstValue("x-amzn-ErrorType")).contains(code);
      assertThat(said.body()).contains("\"Message\"");
    }
  }

  private static String number(JsonNode object, String member) {
    return object.field(member).orElseThrow().asNumber();
  }

  private static String text(JsonNode object, String member) {
    return object.field(member).orElseThrow().asString();
  }

  private KeyValueStore create(String name) {
    return client.createKeyValueStore(r -> r.name(name).comment("c")).keyValueStore();
  }

  @Test
  void a_store_is_made_read_changed_and_deleted() {
    CreateKeyValueStoreResponse made =
        client.createKeyValueStore(r ->
            r.name("colours")
                .comment("all of them")
                .tags(t -> t.items(Tag.builder().key("team").value("web").build())));
    KeyValueStore store = made.keyValueStore();

    assertThat(store.id()).matches("[0-9a-f-]{36}");
    assertThat(store.arn())
        .isEqualTo("arn:aws:cloudfront::123456789012:key-value-store/" + store.id());
    assertThat(store.status()).isEqualTo("READY");
    assertThat(made.location()).endsWith("/2020-05-31/key-value-store/colours");
    assertThat(client.describeKeyValueStore(r -> r.name("colours")).keyValueStore())
        .isEqualTo(store);
    assertThat(client.listTagsForResource(r -> r.resource(store.arn())).tags().items())
        .extracting(Tag::value)
        .containsExactly("web");

    UpdateKeyValueStoreResponse changed =
        client.updateKeyValueStore(r -> r.name("colours").comment("some").ifMatch(made.eTag()));
    assertThat(changed.keyValueStore().comment()).isEqualTo("some");
    assertThat(changed.eTag()).isNotEqualTo(made.eTag());
    refused(
        () -> client.updateKeyValueStore(r -> r.name("colours").comment("x").ifMatch(made.eTag())),
        "PreconditionFailed");
    refused(
        () -> client.deleteKeyValueStore(r -> r.name("colours").ifMatch(made.eTag())),
        "PreconditionFailed");
    client.deleteKeyValueStore(r -> r.name("colours").ifMatch(changed.eTag()));
    refused(() -> client.describeKeyValueStore(r -> r.name("colours")), "EntityNotFound");
  }

  @Test
  void stores_are_listed_by_name_and_counted() {
    create("b");
    create("a");

    assertThat(client.listKeyValueStores(r -> r.maxItems("1")).keyValueStoreList().items())
        .extracting(KeyValueStore::name)
        .containsExactly("a");
    assertThat(client.listKeyValueStores(r -> r.marker("a")).keyValueStoreList().items())
        .extracting(KeyValueStore::name)
        .containsExactly("b");
    assertThat(
            client.listKeyValueStores(r -> r.status("PROVISIONING")).keyValueStoreList().quantity())
        .isZero();
    refused(() -> create("a"), "EntityAlreadyExists");
    refused(() -> create("c"), "EntityLimitExceeded");
  }

  @Test
  void a_store_begins_with_what_a_file_of_a_bucket_says() throws Exception {
    refused(() -> imported("early"), "InvalidArgument");
    running.store.write(tx ->
        tx.append(
            Kind.S3_ENDPOINT,
            "s3.amazonaws.com",
            Optional.of(
                new S3Endpoint(
                    "s3.amazonaws.com", URI.create("http://127.0.0.1:1"), "us-east-1", "a", "b"))));
    files.put(
        "pairs/good",
        "{\"data\":[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"é\",\"value\":\"\"}]}");
    files.put(
        "pairs/twice",
        "{\"data\":[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"a\",\"value\":\"\"}]}");
    files.put("pairs/wrong", "{\"data\":[{\"key\":\"\",\"value\":\"1\"}]}");
    files.put("pairs/list", "[]");
    files.put(
        "pairs/large",
        IntStream.range(0, 5)
            .mapToObj(i -> "{\"key\":\"%d\",\"value\":\"%s\"}".formatted(i, "v".repeat(1_000)))
            .collect(Collectors.joining(",", "{\"data\":[", "]}")));
    files.put("pairs/huge", " ".repeat(4 * STORE_BYTES + 1));

    Pairs pairs = new Pairs(imported("good").arn());

    assertThat(number(pairs.read(""), "ItemCount")).isEqualTo("2");
    assertThat(number(pairs.read(""), "TotalSizeInBytes")).isEqualTo("4");
    assertThat(text(pairs.read("/keys/a"), "Value")).isEqualTo("1");
    for (String name : List.of("twice", "wrong", "list", "missing")) {
      refused(() -> imported(name), "InvalidArgument");
    }
    refused(() -> imported("large"), "EntitySizeLimitExceeded");
    refused(() -> imported("huge"), "EntitySizeLimitExceeded");
    refused(
        () ->
            client.createKeyValueStore(
                r -> r.name("x").importSource(s -> s.sourceType("S3").sourceARN("arn:aws:s3:::b"))),
        "InvalidArgument");
    assertThat(client.listKeyValueStores(r -> {}).keyValueStoreList().quantity()).isEqualTo(1);
  }

  private KeyValueStore imported(String name) {
    return client
        .createKeyValueStore(r ->
            r.name(name)
                .importSource(s -> s.sourceType("S3").sourceARN("arn:aws:s3:::pairs/" + name)))
        .keyValueStore();
  }

  @Test
  void pairs_are_put_read_and_deleted_in_versions_of_their_own() throws Exception {
    KeyValueStore store = create("pairs");
    Pairs pairs = new Pairs(store.arn());

    JsonNode put = pairs.change("PUT", "/keys/a%2Fb+c", "{\"Value\":\"gr\u00fcn\"}");
    assertThat(number(put, "ItemCount")).isEqualTo("1");
    assertThat(number(put, "TotalSizeInBytes")).isEqualTo("10");
    JsonNode got = pairs.read("/keys/a%2Fb+c");
    assertThat(text(got, "Key")).isEqualTo("a/b+c");
    assertThat(text(got, "Value")).isEqualTo("gr\u00fcn");
    pairs.change("PUT", "/keys/a%2Fb+c", "{\"Value\":\"\"}");
    assertThat(number(pairs.read(""), "TotalSizeInBytes")).isEqualTo("5");
    assertThat(text(pairs.read(""), "KvsARN")).isEqualTo(store.arn());
    pairs.change("DELETE", "/keys/a%2Fb+c", "");
    assertThat(number(pairs.read(""), "ItemCount")).isEqualTo("0");
    assertThat(number(pairs.read(""), "TotalSizeInBytes")).isEqualTo("0");
    pairs.refused("GET", "/keys/a%2Fb+c", "", 404, "ResourceNotFoundException");
    pairs.refused("DELETE", "/keys/a%2Fb+c", "", 404, "ResourceNotFoundException");
  }

  @Test
  void a_batch_is_made_whole_or_not_at_all() throws Exception {
    Pairs pairs = new Pairs(create("batch").arn());

    pairs.change(
        "POST",
        "/keys",
        "{\"Puts\":[{\"Key\":\"a\",\"Value\":\"1\"},{\"Key\":\"b\",\"Value\":\"2\"}]}");
    pairs.refused(
        "POST",
        "/keys",
        "{\"Puts\":[{\"Key\":\"c\",\"Value\":\"3\"}],\"Deletes\":[{\"Key\":\"x\"}]}",
        404,
        "ResourceNotFoundException");
    assertThat(number(pairs.read(""), "ItemCount")).isEqualTo("2");
    JsonNode after =
        pairs.change(
            "POST",
            "/keys",
            "{\"Puts\":[{\"Key\":\"c\",\"Value\":\"3\"}],\"Deletes\":[{\"Key\":\"a\"}]}");
    assertThat(number(after, "ItemCount")).isEqualTo("2");
    pairs.refused(
        "POST",
        "/keys",
        "{\"Puts\":[{\"Key\":\"a\",\"Value\":\"1\"}],\"Deletes\":[{\"Key\":\"a\"}]}",
        400,
        "ValidationException");
    for (String body : new String[] {"", "[]", "{}", "{\"Puts\":1}", "{\"Puts\":[{}]}", "{"}) {
      pairs.refused("POST", "/keys", body, 400, "ValidationException");
    }
  }

  @Test
  void keys_are_listed_a_page_at_a_time() throws Exception {
    Pairs pairs = new Pairs(create("pages").arn());
    pairs.change(
        "POST",
        "/keys",
        IntStream.range(0, 12)
            .mapToObj("{\"Key\":\"k%02d\",\"Value\":\"v\"}"::formatted)
            .collect(Collectors.joining(",", "{\"Puts\":[", "]}")));

    JsonNode first = pairs.read("/keys");
    JsonNode second = pairs.read("/keys?MaxResults=5&NextToken=" + text(first, "NextToken"));

    assertThat(first.field("Items").orElseThrow().asArray()).hasSize(10);
    assertThat(second.field("Items").orElseThrow().asArray())
        .extracting(item -> text(item, "Key"))
        .containsExactly("k10", "k11");
    assertThat(second.field("NextToken")).isEmpty();
    pairs.refused("GET", "/keys?MaxResults=51", "", 400, "ValidationException");
    pairs.refused("GET", "/keys?NextToken=%21", "", 400, "ValidationException");
  }

  @Test
  void writes_name_the_version_of_the_pairs() throws Exception {
    CreateKeyValueStoreResponse made = client.createKeyValueStore(r -> r.name("versions"));
    Pairs pairs = new Pairs(made.keyValueStore().arn());
    String first = pairs.version;
    pairs.change("PUT", "/keys/a", "{\"Value\":\"1\"}");

    for (String stale : new String[] {first, made.eTag()}) {
      pairs.refused(
          pairs.send("PUT", "/keys/a", "{\"Value\":\"2\"}", stale), 409, "ConflictException");
    }
    pairs.refused(pairs.send("DELETE", "/keys/a", "", ""), 400, "ValidationException");
    assertThat(text(pairs.read("/keys/a"), "Value")).isEqualTo("1");
  }

  @Test
  void keys_values_and_stores_have_limits() throws Exception {
    Pairs pairs = new Pairs(create("limits").arn());
    String value = "{\"Value\":\"%s\"}";

    pairs.refused(
        "PUT", "/keys/" + "k".repeat(513), value.formatted(""), 400, "ValidationException");
    pairs.refused("PUT", "/keys/k", value.formatted("v".repeat(1_025)), 400, "ValidationException");
    pairs.refused("PUT", "/keys/%00", value.formatted("v"), 400, "ValidationException");
    pairs.refused("PUT", "/keys/k", "{\"Value\":1}", 400, "ValidationException");
    for (int i = 0; i < 3; i++) {
      pairs.change("PUT", "/keys/" + i, value.formatted("v".repeat(1_024)));
    }
    pairs.refused(
        "PUT", "/keys/3", value.formatted("v".repeat(1_024)), 402, "ServiceQuotaExceededException");
    assertThat(number(pairs.read(""), "ItemCount")).isEqualTo("3");
    pairs.refused("PATCH", "/keys/3", "", 404, "ResourceNotFoundException");
  }

  @Test
  void a_deleted_store_takes_its_pairs_with_it() throws Exception {
    CreateKeyValueStoreResponse made = client.createKeyValueStore(r -> r.name("gone"));
    Pairs pairs = new Pairs(made.keyValueStore().arn());
    pairs.change("PUT", "/keys/a", "{\"Value\":\"1\"}");

    client.deleteKeyValueStore(r -> r.name("gone").ifMatch(made.eTag()));

    pairs.refused("GET", "", "", 404, "ResourceNotFoundException");
    pairs.refused("PUT", "/keys/a", "{\"Value\":\"1\"}", 404, "ResourceNotFoundException");
    String id = made.keyValueStore().id();
    assertThat(running.store.<Boolean>read(tx -> tx.keys().page(id, "", 1).isEmpty())).isTrue();
  }

  @Test
  void other_services_signatures_are_not_taken() throws Exception {
    String path = "/key-value-stores/x";

    HttpResponse<String> said = running.send("GET", path, "", Map.of());

    assertThat(said.statusCode()).isEqualTo(403);
    assertThat(said.headers().firstValue("x-amzn-ErrorType")).contains("AccessDeniedException");
  }

  /** The signature is one of the AWS Common Runtime's (aws-crt 0.45.1). */
  @Test
  void requests_may_be_signed_for_all_regions_at_once() throws Exception {
    running.close();
    running = new Running(folder, Quotas.DEFAULT, Limits.DEFAULT, clock);
    String signature =
        "304402207bf34e2cbe47fff420e8f54641dd48b5ac59a3aff45655cb4a24f2d2746dff"
            + "9902203a66dc5989887ae471a4bb905ace6b5b339c6e99a3415f14253134f69e66bcfe";

    assertThat(signed(signature, "x=1"))
        .startsWith("HTTP/1.1 404")
        .contains("There is no key value store");
    assertThat(signed(signature, "x=2")).startsWith("HTTP/1.1 403");
  }

  private String signed(String signature, String query) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.server.port())) {
      socket.setSoTimeout(10_000);
      String request =
          "GET /key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F"
              + "00000000-0000-4000-8000-000000000000/keys/a%20b?"
              + query
              + " HTTP/1.1\r\nHost: kvs.example.com\r\nX-Amz-Date: 20260101T000000Z\r\n"
              + "X-Amz-Region-Set: *\r\nx-amz-content-sha256: "
              + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r\n"
              + "Authorization: AWS4-ECDSA-P256-SHA256 Credential=AKIDTEST/20260101/"
              + "cloudfront-keyvaluestore/aws4_request, SignedHeaders=host;x-amz-content-sha256;"
              + "x-amz-date;x-amz-region-set, Signature="
              + signature
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
