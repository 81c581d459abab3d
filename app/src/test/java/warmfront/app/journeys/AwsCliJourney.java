package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.json.Json;

/** Promise: the AWS command line works unmodified. */
final class AwsCliJourney {
  @TempDir private static Path folder;

  private static Map<String, String> environment(Warmfront warmfront) {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        warmfront.key().accessKeyId(),
        "AWS_SECRET_ACCESS_KEY",
        warmfront.key().secretAccessKey(),
        "AWS_DEFAULT_REGION",
        "us-east-1",
        "AWS_CONFIG_FILE",
        "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE",
        "/dev/null",
        "AWS_EC2_METADATA_DISABLED",
        "true",
        "AWS_PAGER",
        "");
  }

  private static Tool.Said aws(Warmfront warmfront, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("aws", "--endpoint-url", warmfront.api().toString()));
    command.addAll(List.of("--output", "json", "cloudfront"));
    command.addAll(List.of(arguments));
    return Tool.run(folder, environment(warmfront), command.toArray(String[]::new));
  }

  private static Map<String, Object> json(Warmfront warmfront, String... arguments)
      throws Exception {
    Tool.Said said = aws(warmfront, arguments);
    assertThat(said.status()).as(said.stderr()).isZero();
    return Program.json(said.stdout());
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are text
  private static Map<String, Object> inner(Map<String, Object> all, String name) {
    if (all.get(name) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new AssertionError("no object " + name + " in " + all.keySet());
  }

  @Test
  void a_distribution_lives_and_dies_by_the_aws_command_line() throws Exception {
    assumeTrue(Tool.isThere("aws"), "aws is not installed");
    try (Warmfront warmfront = Warmfront.up(folder, Map.of())) {
      // created from an origin's name
      Map<String, Object> made =
          inner(
              json(
                  warmfront,
                  "create-distribution",
                  "--origin-domain-name",
                  "site.s3.us-east-2.amazonaws.com",
                  "--default-root-object",
                  "index.html"),
              "Distribution");
      String id = String.valueOf(made.get("Id"));
      assertThat(id).matches("E[A-Z0-9]{12,13}");
      try (Api api = new Api(warmfront.callApi())) {
        Await.until(
            "deployed",
            () -> api.call("GET", "distribution/" + id, "").text("Status").equals("Deployed"));
      }
      does(warmfront, "wait", "distribution-deployed", "--id", id);

      // updated with what was read: nothing changes but what the ETag stands for
      Map<String, Object> read = json(warmfront, "get-distribution-config", "--id", id);
      Map<String, Object> config = inner(read, "DistributionConfig");
      Map<String, Object> updated = update(warmfront, id, read, config);
      assertThat(inner(inner(updated, "Distribution"), "DistributionConfig")).isEqualTo(config);
      Tool.Said stale =
          aws(
              warmfront,
              "update-distribution",
              "--id",
              id,
              "--if-match",
              "E000000000000",
              "--distribution-config",
              "file://" + file(config));
      assertThat(stale.status()).isNotZero();
      assertThat(stale.stderr()).contains("PreconditionFailed");

      invalidateAndTag(warmfront, id, String.valueOf(made.get("ARN")));

      // disabled and deleted
      config.put("Enabled", false);
      Map<String, Object> disabled = update(warmfront, id, updated, config);
      try (Api api = new Api(warmfront.callApi())) {
        Await.until(
            "deployed",
            () -> api.call("GET", "distribution/" + id, "").text("Status").equals("Deployed"));
      }
      does(
          warmfront,
          "delete-distribution",
          "--id",
          id,
          "--if-match",
          String.valueOf(disabled.get("ETag")));
      Tool.Said gone = aws(warmfront, "get-distribution", "--id", id);
      assertThat(gone.status()).isNotZero();
      assertThat(gone.stderr()).contains("NoSuchDistribution");

      // created from a whole configuration
      config.put("CallerReference", "another");
      config.put("Enabled", true);
      Map<String, Object> second =
          json(warmfront, "create-distribution", "--distribution-config", "file://" + file(config));
      assertThat(inner(inner(second, "Distribution"), "DistributionConfig")).isEqualTo(config);
    }
  }

  private static void invalidateAndTag(Warmfront warmfront, String id, String arn)
      throws Exception {
    Map<String, Object> invalidation =
        inner(
            json(
                warmfront,
                "create-invalidation",
                "--distribution-id",
                id,
                "--paths",
                "/index.html",
                "/images/*"),
            "Invalidation");
    assertThat(invalidation.get("Id")).asString().startsWith("I");
    Map<String, Object> list = inner(json(warmfront, "list-distributions"), "DistributionList");
    assertThat(list.get("Items")).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
    does(warmfront, "tag-resource", "--resource", arn, "--tags", "Items=[{Key=team,Value=web}]");
    assertThat(json(warmfront, "list-tags-for-resource", "--resource", arn).get("Tags"))
        .isEqualTo(Map.of("Items", List.of(Map.of("Key", "team", "Value", "web"))));
  }

  private static void does(Warmfront warmfront, String... arguments) throws Exception {
    Tool.Said said = aws(warmfront, arguments);
    assertThat(said.status()).as(said.stderr()).isZero();
  }

  private static Map<String, Object> update(
      Warmfront warmfront, String id, Map<String, Object> read, Map<String, Object> config)
      throws Exception {
    return json(
        warmfront,
        "update-distribution",
        "--id",
        id,
        "--if-match",
        String.valueOf(read.get("ETag")),
        "--distribution-config",
        "file://" + file(config));
  }

  private static Path file(Map<String, Object> config) throws Exception {
    return Files.writeString(folder.resolve("config.json"), Json.write(config));
  }
}
