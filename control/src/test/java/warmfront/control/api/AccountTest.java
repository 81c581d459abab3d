package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.Tag;

/** What tools ask of AWS beside CloudFront. */
final class AccountTest {
  private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

  @TempDir private static Path folder;
  private static Running running;
  private static String web;
  private static String store;

  @BeforeAll
  static void start() {
    running = new Running(folder);
    try (CloudFrontClient client = running.client()) {
      web =
          client
              .createDistributionWithTags(r ->
                  r.distributionConfigWithTags(c ->
                      c.distributionConfig(Configs.minimal("tagged"))
                          .tags(t -> t.items(tag("team", "web"), tag("stage", "live")))))
              .distribution()
              .arn();
      store =
          client
              .createKeyValueStore(r -> r.name("tagged").tags(t -> t.items(tag("team", "data"))))
              .keyValueStore()
              .arn();
      client.createKeyValueStore(r -> r.name("bare"));
    }
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static HttpResponse<String> tagging(String operation, String json) throws Exception {
    return running.send(
        "tagging",
        "POST",
        "/",
        json,
        Map.of("X-Amz-Target", "ResourceGroupsTaggingAPI_20170126." + operation));
  }

  private static List<String> found(String json) throws Exception {
    HttpResponse<String> said = tagging("GetResources", json);
    assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
    return JsonNode.parser()
        .parse(said.body())
        .field("ResourceTagMappingList")
        .orElseThrow()
        .asArray()
        .stream()
        .map(resource -> resource.field("ResourceARN").orElseThrow().asString())
        .toList();
  }

  private static HttpResponse<String> sts(String service, String form) throws Exception {
    return running.send(service, "POST", "/", form, Map.of("Content-Type", FORM));
  }

  @Test
  void what_is_tagged_is_found_by_tag_type_and_arn() throws Exception {
    assertThat(found("{}")).containsExactly(web, store);
    assertThat(found("{\"TagFilters\":[{\"Key\":\"team\"}]}")).containsExactly(web, store);
    assertThat(found("{\"TagFilters\":[{\"Key\":\"team\",\"Values\":[\"web\",\"x\"]}]}"))
        .containsExactly(web);
    assertThat(
            found(
                "{\"TagFilters\":[{\"Key\":\"team\",\"Values\":[\"data\"]},{\"Key\":\"stage\"}]}"))
        .isEmpty();
    assertThat(found("{\"ResourceTypeFilters\":[\"cloudfront:key-value-store\"]}"))
        .containsExactly(store);
    assertThat(found("{\"ResourceTypeFilters\":[\"cloudfront\"]}")).containsExactly(web, store);
    assertThat(found("{\"ResourceTypeFilters\":[\"acm\"]}")).isEmpty();
    assertThat(found("{\"ResourceARNList\":[\"%s\"]}".formatted(store))).containsExactly(store);
  }

  @Test
  void what_is_tagged_is_listed_a_page_at_a_time_with_its_tags() throws Exception {
    JsonNode first =
        JsonNode.parser().parse(tagging("GetResources", "{\"ResourcesPerPage\":1}").body());

    assertThat(first.field("PaginationToken").orElseThrow().asString()).isEqualTo(web);
    JsonNode only = first.field("ResourceTagMappingList").orElseThrow().asArray().getFirst();
    assertThat(only.field("Tags").orElseThrow().asArray())
        .extracting(
            tag -> tag.field("Key").orElseThrow().asString(),
            tag -> tag.field("Value").orElseThrow().asString())
        .containsExactly(tuple("stage", "live"), tuple("team", "web"));
    assertThat(found("{\"ResourcesPerPage\":1,\"PaginationToken\":\"%s\"}".formatted(web)))
        .containsExactly(store);
  }

  @Test
  void what_is_not_understood_is_refused_by_name() throws Exception {
    for (String json :
        List.of(
            "[]",
            "{\"ResourcesPerPage\":101}",
            "{\"TagFilters\":[{}]}",
            "{\"TagFilters\":[{\"Key\":\"a\"},{\"Key\":\"a\"}]}",
            "{\"ResourceTypeFilters\":\"acm\"}",
            "{\"TagsPerPage\":100}")) {
      HttpResponse<String> said = tagging("GetResources", json);
      assertThat(said.statusCode()).as(json).isEqualTo(400);
      assertThat(said.body()).contains("InvalidParameterException");
    }
    assertThat(tagging("TagResources", "{}").statusCode()).isEqualTo(501);
    assertThat(running.send("GET", "/", "", Map.of()).statusCode()).isEqualTo(404);
  }

  @Test
  void a_tool_is_told_whose_its_key_is() throws Exception {
    HttpResponse<String> said = sts("sts", "Action=GetCallerIdentity&Version=2011-06-15");

    assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
    assertThat(said.body())
        .contains("<Account>123456789012</Account>", "<Arn>arn:aws:iam::123456789012:root</Arn>");
    assertThat(sts("sts", "Action=AssumeRole&Version=2011-06-15").statusCode()).isEqualTo(501);
    assertThat(sts("sts", "Action=GetCallerIdentity&Version=1").statusCode()).isEqualTo(400);
    HttpResponse<String> other = sts("cloudfront", "Action=GetCallerIdentity&Version=2011-06-15");
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.body()).contains("<Code>SignatureDoesNotMatch</Code>");
  }
}
