package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import warmfront.control.api.logs.Logs;
import warmfront.control.identity.RootCaller;
import warmfront.distribution.Kind;
import warmfront.distribution.LogDeliveries;
import warmfront.time.ManualClock;

/** Deliveries of access logs as CloudWatch Logs' API has them. */
final class LogDeliveryTest {
  private static final String DESTINATION =
      "arn:aws:logs:us-east-1:123456789012:delivery-destination:d1";

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.now());
  private Running running;
  private Logs logs;

  @BeforeEach
  void start() {
    running = new Running(folder);
    logs = logs(100);
  }

  private Logs logs(int max) {
    return new Logs(running.store, Running.ACCOUNT, max, clock, () -> UUID.randomUUID().toString());
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void a_distribution_s_access_logs_are_to_be_delivered_to_a_bucket() {
    String distribution = distribution("a");
    JsonNode source =
        ok("PutDeliverySource", source("s1", distribution)).field("deliverySource").orElseThrow();
    JsonNode destination =
        ok("PutDeliveryDestination", destination("d1", "w3c"))
            .field("deliveryDestination")
            .orElseThrow();
    JsonNode delivery =
        ok(
                "CreateDelivery",
                """
                {"deliverySourceName":"s1","deliveryDestinationArn":"%s",
                 "recordFields":["date","c-ip","timestamp(ms)"],"fieldDelimiter":",",
                 "s3DeliveryConfiguration":
                   {"suffixPath":"{DistributionId}/{yyyy}","enableHiveCompatiblePath":true},
                 "tags":{"a":"b"}}\
                """
                    .formatted(DESTINATION))
            .field("delivery")
            .orElseThrow();

    assertThat(text(source, "arn"))
        .isEqualTo("arn:aws:logs:us-east-1:123456789012:delivery-source:s1");
    assertThat(texts(source, "resourceArns")).containsExactly(distribution);
    assertThat(text(source, "service")).isEqualTo("cloudfront");
    assertThat(text(source, "status")).isEqualTo("ACTIVE");
    assertThat(text(destination, "arn")).isEqualTo(DESTINATION);
    assertThat(text(destination, "deliveryDestinationType")).isEqualTo("S3");
    assertThat(text(delivery, "id")).matches("[0-9A-Za-z]{1,64}");
    assertThat(text(delivery, "arn")).endsWith(":delivery:" + text(delivery, "id"));
    assertThat(texts(delivery, "recordFields")).containsExactly("date", "c-ip", "timestamp(ms)");
    JsonNode s3 = delivery.field("s3DeliveryConfiguration").orElseThrow();
    assertThat(text(s3, "suffixPath")).isEqualTo("{DistributionId}/{yyyy}");
    assertThat(s3.field("enableHiveCompatiblePath").orElseThrow().asBoolean()).isTrue();
    assertThat(ok("GetDelivery", id(delivery)).field("delivery")).contains(delivery);
    assertThat(ok("GetDeliverySource", named("s1")).field("deliverySource")).contains(source);
    assertThat(ok("GetDeliveryDestination", named("d1")).field("deliveryDestination"))
        .contains(destination);
    assertThat(ok("DescribeDeliveries", "{}").field("deliveries").orElseThrow().asArray())
        .containsExactly(delivery);
  }

  @Test
  void edges_are_told_where_logs_go_and_what_is_in_them() {
    String distribution = id(distribution("a"), '/');
    String arn = "arn:aws:cloudfront::123456789012:distribution/" + distribution;
    ok("PutDeliverySource", source("s1", arn));
    ok("PutDeliveryDestination", destination("d1", "w3c"));
    ok("PutDeliveryDestination", destination("d2", "json"));
    assertThat(told(distribution)).isEmpty();

    ok(
        "CreateDelivery",
        delivery("s1")
            .replace(
                "}",
                """
                ,"recordFields":["date","asn"],"fieldDelimiter":"|",
                 "s3DeliveryConfiguration":{"suffixPath":"/{DistributionId}/{yyyy}/{HH}/"}}\
                """));
    ok("CreateDelivery", delivery("s1").replace(":d1", ":d2"));

    LogDeliveries.Delivery pipes =
        new LogDeliveries.Delivery(
            "logs.s3.amazonaws.com",
            "edge/" + distribution + "/{yyyy}/{HH}/",
            LogDeliveries.Format.W3C,
            List.of("date", "asn"),
            "|");
    LogDeliveries.Delivery json =
        new LogDeliveries.Delivery(
            "logs.s3.amazonaws.com",
            "edge/",
            LogDeliveries.Format.JSON,
            texts(
                ok("DescribeDeliveries", "{}")
                    .field("deliveries")
                    .orElseThrow()
                    .asArray()
                    .getFirst(),
                "recordFields"),
            "");
    assertThat(told(distribution)).containsExactlyInAnyOrder(pipes, json);

    ok(
        "PutDeliveryDestination",
        destination("d2", "json").replace("arn:aws:s3:::logs/edge", "arn:aws:s3:::other"));
    assertThat(told(distribution))
        .extracting(one -> one.bucket() + " " + one.path())
        .containsExactlyInAnyOrder(
            "logs.s3.amazonaws.com " + pipes.path(),
            "other.s3.amazonaws.com AWSLogs/123456789012/CloudFront/");

    for (JsonNode one :
        ok("DescribeDeliveries", "{}").field("deliveries").orElseThrow().asArray()) {
      ok("DeleteDelivery", id(one));
    }
    assertThat(told(distribution)).isEmpty();
  }

  @Test
  void directories_of_a_hive_have_names() {
    String arn = distribution("a");
    ok("PutDeliverySource", source("s1", arn));
    ok(
        "PutDeliveryDestination",
        destination("d1", "json").replace("arn:aws:s3:::logs/edge", "arn:aws:s3:::logs"));
    ok(
        "CreateDelivery",
        delivery("s1")
            .replace(
                "}",
                """
                ,"s3DeliveryConfiguration":{"enableHiveCompatiblePath":true,
                  "suffixPath":"{distributionid}/{yyyy}/{MM}/{dd}/{HH}"}}\
                """));

    String id = id(arn, '/');
    assertThat(told(id).getFirst().path())
        .isEqualTo(
            "AWSLogs/aws-account-id=123456789012/CloudFront/distributionid="
                + id
                + "/year={yyyy}/month={MM}/day={dd}/hour={HH}/");
  }

  @Test
  void what_edges_were_told_goes_with_the_distribution() {
    String arn = distribution("a");
    ok("PutDeliverySource", source("s1", arn));
    ok("PutDeliveryDestination", destination("d1", "json"));
    String delivery = id(ok("CreateDelivery", delivery("s1")).field("delivery").orElseThrow());
    assertThat(told(id(arn, '/'))).hasSize(1);

    delete(arn);

    assertThat(told(id(arn, '/'))).isEmpty();
    ok("PutDeliveryDestination", destination("d1", "json").replace("/edge", "/other"));
    ok("DeleteDelivery", delivery);
    assertThat(told(id(arn, '/'))).isEmpty();
  }

  private List<LogDeliveries.Delivery> told(String distribution) {
    return running.store.read(tx ->
        tx.latest(Kind.LOG_DELIVERIES, distribution)
            .map(value -> ((LogDeliveries) value).deliveries())
            .orElse(List.of()));
  }

  private static String id(String arn, char before) {
    return arn.substring(arn.lastIndexOf(before) + 1);
  }

  @Test
  void
      what_a_delivery_does_not_say_is_what_standard_logs_have_and_what_an_update_leaves_out_stays() {
    ok("PutDeliverySource", source("s1", distribution("a")));
    ok("PutDeliveryDestination", destination("d1", "plain"));
    String id = id(ok("CreateDelivery", delivery("s1")).field("delivery").orElseThrow());

    JsonNode made = ok("GetDelivery", id).field("delivery").orElseThrow();
    assertThat(texts(made, "recordFields")).hasSize(33).startsWith("date", "time");
    assertThat(text(made, "fieldDelimiter")).isEqualTo("\t");

    ok(
        "UpdateDeliveryConfiguration",
        id.replace("}", ",\"s3DeliveryConfiguration\":{\"suffixPath\":\"{HH}\"}}"));
    ok("UpdateDeliveryConfiguration", id.replace("}", ",\"recordFields\":[\"asn\"]}"));

    JsonNode changed = ok("GetDelivery", id).field("delivery").orElseThrow();
    assertThat(texts(changed, "recordFields")).containsExactly("asn");
    assertThat(text(changed, "fieldDelimiter")).isEqualTo("\t");
    assertThat(text(changed.field("s3DeliveryConfiguration").orElseThrow(), "suffixPath"))
        .isEqualTo("{HH}");
  }

  @Test
  void what_a_delivery_needs_is_deleted_after_it() {
    ok("PutDeliverySource", source("s1", distribution("a")));
    ok("PutDeliveryDestination", destination("d1", "json"));
    String id = id(ok("CreateDelivery", delivery("s1")).field("delivery").orElseThrow());

    refused("ConflictException", "DeleteDeliverySource", named("s1"));
    refused("ConflictException", "DeleteDeliveryDestination", named("d1"));
    ok("DeleteDelivery", id);
    ok("DeleteDeliverySource", named("s1"));
    ok("DeleteDeliveryDestination", named("d1"));

    refused("ResourceNotFoundException", "GetDelivery", id);
    refused("ResourceNotFoundException", "DeleteDelivery", id);
    refused("ResourceNotFoundException", "UpdateDeliveryConfiguration", id);
    refused("ResourceNotFoundException", "GetDeliverySource", named("s1"));
    refused("ResourceNotFoundException", "DeleteDeliverySource", named("s1"));
    refused("ResourceNotFoundException", "GetDeliveryDestination", named("d1"));
    refused("ResourceNotFoundException", "DeleteDeliveryDestination", named("d1"));
  }

  @Test
  void a_distribution_has_one_source_and_a_source_one_distribution() {
    String first = distribution("a");
    String second = distribution("b");
    ok("PutDeliverySource", source("s1", first));

    ok("PutDeliverySource", source("s1", first));
    assertThat(refused("ConflictException", "PutDeliverySource", source("s2", first)))
        .contains("s1");
    assertThat(refused("ConflictException", "PutDeliverySource", source("s1", second)))
        .contains(first);
    ok("DeleteDeliverySource", named("s1"));
    ok("PutDeliverySource", source("s2", first));
  }

  @Test
  void a_source_whose_distribution_is_gone_says_so() {
    String distribution = distribution("a");
    ok("PutDeliverySource", source("s1", distribution));
    delete(distribution);

    JsonNode source = ok("GetDeliverySource", named("s1")).field("deliverySource").orElseThrow();

    assertThat(text(source, "status")).isEqualTo("INACTIVE");
    assertThat(text(source, "statusReason")).isEqualTo("RESOURCE_DELETED");
    refused("ResourceNotFoundException", "PutDeliverySource", source("s2", distribution));
    ok("DeleteDeliverySource", named("s1"));
  }

  @Test
  void a_destination_s_bucket_may_change_but_not_its_format() {
    ok("PutDeliveryDestination", destination("d1", "w3c"));

    refused("ConflictException", "PutDeliveryDestination", destination("d1", "json"));
    JsonNode changed =
        ok(
                "PutDeliveryDestination",
                """
                {"name":"d1","deliveryDestinationConfiguration":
                  {"destinationResourceArn":"arn:aws:s3:::other"}}\
                """)
            .field("deliveryDestination")
            .orElseThrow();

    assertThat(text(changed, "outputFormat")).isEqualTo("w3c");
    assertThat(
            text(
                changed.field("deliveryDestinationConfiguration").orElseThrow(),
                "destinationResourceArn"))
        .isEqualTo("arn:aws:s3:::other");
  }

  @Test
  void a_source_is_delivered_to_a_destination_once_and_to_several() {
    ok("PutDeliverySource", source("s1", distribution("a")));
    ok("PutDeliveryDestination", destination("d1", "json"));
    ok("PutDeliveryDestination", destination("d2", "json"));
    ok("CreateDelivery", delivery("s1"));

    refused("ConflictException", "CreateDelivery", delivery("s1"));
    ok("CreateDelivery", delivery("s1").replace(":d1", ":d2"));
  }

  @Test
  void a_destination_s_policy_is_kept() {
    ok("PutDeliveryDestination", destination("d1", "json"));
    String named = "{\"deliveryDestinationName\":\"d1\"}";
    String put =
        "{\"deliveryDestinationName\":\"d1\",\"deliveryDestinationPolicy\":\"{\\\"a\\\":1}\"}";
    refused("ResourceNotFoundException", "GetDeliveryDestinationPolicy", named);

    ok("PutDeliveryDestinationPolicy", put);
    ok("PutDeliveryDestination", destination("d1", "json"));

    assertThat(
            text(
                ok("GetDeliveryDestinationPolicy", named).field("policy").orElseThrow(),
                "deliveryDestinationPolicy"))
        .isEqualTo("{\"a\":1}");
    ok("DeleteDeliveryDestinationPolicy", named);
    refused("ResourceNotFoundException", "DeleteDeliveryDestinationPolicy", named);
    refused("ResourceNotFoundException", "PutDeliveryDestinationPolicy", put.replace("d1", "d9"));
    refused(
        "ValidationException",
        "PutDeliveryDestinationPolicy",
        "{\"deliveryDestinationName\":\"d1\",\"deliveryDestinationPolicy\":\"x\"}");
  }

  @Test
  void lists_come_in_pages_the_newest_first() {
    for (String name : List.of("d1", "d2", "d3")) {
      ok("PutDeliveryDestination", destination(name, "json"));
    }

    JsonNode first = ok("DescribeDeliveryDestinations", "{\"limit\":2}");
    JsonNode second =
        ok(
            "DescribeDeliveryDestinations",
            "{\"limit\":2,\"nextToken\":\"" + text(first, "nextToken") + "\"}");

    assertThat(names(first, "deliveryDestinations")).containsExactly("d3", "d2");
    assertThat(names(second, "deliveryDestinations")).containsExactly("d1");
    assertThat(second.field("nextToken")).isEmpty();
    refused("ValidationException", "DescribeDeliverySources", "{\"limit\":51}");
    refused("ValidationException", "DescribeDeliveries", "{\"limit\":0}");
  }

  @Test
  void they_have_tags_by_which_they_are_found() throws Exception {
    ok(
        "PutDeliveryDestination",
        destination("d1", "json").replaceFirst("\\{", "{\"tags\":{\"a\":\"b\"},"));
    String named = "{\"resourceArn\":\"" + DESTINATION + "\"%s}";

    ok("TagResource", named.formatted(",\"tags\":{\"c\":\"d\"}"));
    ok("UntagResource", named.formatted(",\"tagKeys\":[\"a\"]"));

    assertThat(
            ok("ListTagsForResource", named.formatted("")).field("tags").orElseThrow().asObject())
        .containsOnlyKeys("c");
    HttpResponse<String> found =
        running.send(
            "tagging",
            "POST",
            "/",
            "{\"ResourceTypeFilters\":[\"logs:delivery-destination\"]}",
            Map.of("X-Amz-Target", "ResourceGroupsTaggingAPI_20170126.GetResources"));
    assertThat(found.body()).contains(DESTINATION);
    assertThat(
            ok("GetDeliveryDestination", named("d1"))
                .field("deliveryDestination")
                .orElseThrow()
                .field("tags"))
        .isPresent();
    refused("ValidationException", "TagResource", named.formatted(",\"tags\":{\"aws:x\":\"d\"}"));
    ok("DeleteDeliveryDestination", named("d1"));
    refused("ResourceNotFoundException", "ListTagsForResource", named.formatted(""));
    List<String> tagged = running.store.read(tx -> tx.tagged());
    assertThat(tagged).isEmpty();
  }

  @Test
  void there_may_be_so_many() {
    logs = logs(1);
    ok("PutDeliveryDestination", destination("d1", "json"));
    ok("PutDeliveryDestination", destination("d1", "json"));

    refused("ServiceQuotaExceededException", "PutDeliveryDestination", destination("d2", "json"));
  }

  @Test
  void templates_say_what_may_be_chosen() {
    JsonNode template =
        ok("DescribeConfigurationTemplates", "{\"service\":\"cloudfront\"}")
            .field("configurationTemplates")
            .orElseThrow()
            .asArray()
            .getFirst();

    assertThat(text(template, "logType")).isEqualTo("ACCESS_LOGS");
    assertThat(texts(template, "allowedOutputFormats")).containsExactly("json", "plain", "w3c");
    assertThat(names(template, "allowedFields")).contains("date", "asn", "c-country");
    assertThat(
            ok("DescribeConfigurationTemplates", "{\"deliveryDestinationTypes\":[\"CWL\"]}")
                .field("configurationTemplates")
                .orElseThrow()
                .asArray())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          PutDeliverySource      | "logType":"ACCESS_LOGS"           | "logType":"CONNECTION_LOGS" | CONNECTION_LOGS
          PutDeliverySource      | "name":"s1"                       | "name":"s 1"                | s 1
          PutDeliverySource      | "name":"s1",                      |                             | name is required
          PutDeliverySource      | :distribution/                    | :streaming-distribution/    | streaming-distribution
          PutDeliverySource      | "name"                            | "deliverySourceConfiguration":{"a":"b"},"name" | deliverySourceConfiguration
          PutDeliveryDestination | "json"                            | "parquet"                   | parquet
          PutDeliveryDestination | "json"                            | "raw"                       | raw
          PutDeliveryDestination | "json"                            | 7                           | outputFormat
          PutDeliveryDestination | arn:aws:s3:::logs/edge            | arn:aws:logs:us-east-1:123456789012:log-group:x | log-group
          PutDeliveryDestination | "name"                            | "deliveryDestinationType":"FH","name" | FH
          CreateDelivery         | "deliverySourceName"              | "recordFields":["x"],"deliverySourceName" | 'x'
          CreateDelivery         | "deliverySourceName"              | "recordFields":["date","date"],"deliverySourceName" | twice
          CreateDelivery         | "deliverySourceName"              | "fieldDelimiter":",","deliverySourceName" | not for json
          CreateDelivery         | "deliverySourceName"              | "s3DeliveryConfiguration":{"suffixPath":"{ss}"},"deliverySourceName" | {ss}
          CreateDelivery         | "deliverySourceName"              | "s3DeliveryConfiguration":{"suffixPath":"{"},"deliverySourceName" | '{'
          CreateDelivery         | "deliverySourceName"              | "s3DeliveryConfiguration":{"suffixPath":"a/../b"},"deliverySourceName" | a/../b
          PutDeliveryDestination | arn:aws:s3:::logs/edge            | arn:aws:s3:::logs/../other  | ../other
          PutDeliveryDestination | arn:aws:s3:::logs/edge            | arn:aws:s3:::logs/{yyyy}    | {yyyy}
          CreateDelivery         | delivery-destination:d1           | delivery:d1                 | not that of a delivery destination
          """)
  void what_is_not_to_be_had_is_refused_by_name(
      String operation, String usual, String wrong, String named) {
    String distribution = distribution("a");
    ok("PutDeliverySource", source("s0", distribution));
    ok("PutDeliveryDestination", destination("d1", "json"));
    String asked =
        switch (operation) {
          case "PutDeliverySource" -> source("s1", distribution);
          case "PutDeliveryDestination" -> destination("d2", "json");
          default -> delivery("s0");
        };
    assertThat(asked).contains(usual);

    String said =
        refused("ValidationException", operation, asked.replace(usual, wrong == null ? "" : wrong));

    assertThat(said).contains(named);
  }

  @Test
  void what_is_named_has_to_be_there() {
    ok("PutDeliveryDestination", destination("d1", "json"));

    refused("ResourceNotFoundException", "CreateDelivery", delivery("s9"));
    refused(
        "ResourceNotFoundException",
        "PutDeliverySource",
        source("s1", "arn:aws:cloudfront::123456789012:distribution/E1"));
    assertThat(refused("NotImplemented", "CreateLogGroup", "{}")).contains("CreateLogGroup");
    refused("SerializationException", "GetDelivery", "[");
  }

  @Test
  void it_is_spoken_on_the_port_of_cloudfront_s_api_behind_a_signature_for_logs() throws Exception {
    HttpResponse<String> said = running.logs("DescribeDeliveries", "{}");
    HttpResponse<String> unsigned =
        running.send("POST", "/", "{}", Map.of("X-Amz-Target", "Logs_20140328.GetDelivery"));

    assertThat(said.body()).isEqualTo("{\"deliveries\":[]}");
    assertThat(said.headers().firstValue("Content-Type")).contains("application/x-amz-json-1.1");
    assertThat(unsigned.statusCode()).isEqualTo(403);
    assertThat(JsonNode.parser().parse(unsigned.body()).field("__type")).isPresent();
  }

  private String distribution(String reference) {
    try (CloudFrontClient client = running.client()) {
      return client
          .createDistribution(r -> r.distributionConfig(Configs.minimal(reference)))
          .distribution()
          .arn();
    }
  }

  private void delete(String arn) {
    String id = arn.substring(arn.lastIndexOf('/') + 1);
    try (CloudFrontClient client = running.client()) {
      var before = client.getDistributionConfig(r -> r.id(id));
      DistributionConfig off = before.distributionConfig().toBuilder().enabled(false).build();
      var disabled =
          client.updateDistribution(r -> r.id(id).ifMatch(before.eTag()).distributionConfig(off));
      running.rollOut();
      client.deleteDistribution(r -> r.id(id).ifMatch(disabled.eTag()));
    }
  }

  private static String source(String name, String resource) {
    return "{\"name\":\"%s\",\"resourceArn\":\"%s\",\"logType\":\"ACCESS_LOGS\"}"
        .formatted(name, resource);
  }

  private static String destination(String name, String format) {
    return """
    {"name":"%s","outputFormat":"%s",
     "deliveryDestinationConfiguration":{"destinationResourceArn":"arn:aws:s3:::logs/edge"}}\
    """
        .formatted(name, format);
  }

  private static String delivery(String source) {
    return "{\"deliverySourceName\":\"%s\",\"deliveryDestinationArn\":\"%s\"}"
        .formatted(source, DESTINATION);
  }

  private static String named(String name) {
    return "{\"name\":\"" + name + "\"}";
  }

  private static String id(JsonNode delivery) {
    return "{\"id\":\"" + text(delivery, "id") + "\"}";
  }

  private JsonNode ok(String operation, String json) {
    Logs.Answer said = answer(operation, json);
    assertThat(said.status()).as(said.body()).isEqualTo(200);
    return JsonNode.parser().parse(said.body());
  }

  private String refused(String code, String operation, String json) {
    Logs.Answer said = answer(operation, json);
    JsonNode body = JsonNode.parser().parse(said.body());
    assertThat(body.field("__type").map(JsonNode::asString)).as(said.body()).contains(code);
    return text(body, "message");
  }

  private Logs.Answer answer(String operation, String json) {
    return logs.answer(
        RootCaller.of(running.store),
        "Logs_20140328." + operation,
        json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> names(JsonNode node, String member) {
    return node.field(member).orElseThrow().asArray().stream()
        .map(one -> text(one, "name"))
        .toList();
  }

  private static List<String> texts(JsonNode node, String member) {
    return node.field(member).orElseThrow().asArray().stream().map(JsonNode::asString).toList();
  }

  private static String text(JsonNode node, String member) {
    return node.field(member).orElseThrow().asString();
  }
}
