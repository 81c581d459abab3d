package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;
import warmfront.app.json.Json;
import warmfront.signing.Permission;
import warmfront.signing.SignedQuery;
import warmfront.signing.SignedResource;
import warmfront.signing.UrlVerifier;

/** Promise: the AWS command line works unmodified. */
final class AwsCliJourney {
  private static final InetAddress VIEWER = InetAddress.ofLiteral("192.0.2.7");
  private static final String DURING = "2026-11-29T12:00:00Z";
  private static final String AFTER = "2030-01-02T00:00:00Z";

  @TempDir private static Path folder;
  private static @Nullable Warmfront started;

  @BeforeAll
  static void begin() throws Exception {
    if (Aws.isThere()) {
      started = Warmfront.up(folder, Map.of());
    }
  }

  @AfterAll
  static void end() {
    if (started != null) {
      started.close();
    }
  }

  private static Warmfront warmfront() {
    assumeTrue(started != null, "aws is not installed");
    return Objects.requireNonNull(started);
  }

  /** Makes an origin request policy, finds it beside the managed ones, and deletes it. */
  private static void askByPolicies() throws Exception {
    Map<String, Object> made =
        json(
            "create-origin-request-policy",
            "--origin-request-policy-config",
            "Name=cli,HeadersConfig={HeaderBehavior=allViewer},"
                + "CookiesConfig={CookieBehavior=all},"
                + "QueryStringsConfig={QueryStringBehavior=none}");
    String id = String.valueOf(Aws.inner(made, "OriginRequestPolicy").get("Id"));
    for (Map.Entry<String, Integer> type : Map.of("managed", 8, "custom", 1).entrySet()) {
      Map<String, Object> list =
          Aws.inner(
              json("list-origin-request-policies", "--type", type.getKey()),
              "OriginRequestPolicyList");
      assertThat(list.get("Quantity")).hasToString(String.valueOf(type.getValue()));
    }
    does(
        "delete-origin-request-policy", "--id", id, "--if-match", String.valueOf(made.get("ETag")));
  }

  private static Tool.Said aws(String... arguments) throws Exception {
    return new Aws(warmfront(), folder).run(cloudfront(arguments));
  }

  private static Map<String, Object> json(String... arguments) throws Exception {
    return new Aws(warmfront(), folder).json(cloudfront(arguments));
  }

  private static String[] cloudfront(String... arguments) {
    return Stream.concat(Stream.of("cloudfront"), Stream.of(arguments)).toArray(String[]::new);
  }

  @Test
  void a_distribution_lives_and_dies_by_the_aws_command_line() throws Exception {
    // created from an origin's name
    Map<String, Object> made =
        Aws.inner(
            json(
                "create-distribution",
                "--origin-domain-name",
                "site.s3.us-east-2.amazonaws.com",
                "--default-root-object",
                "index.html"),
            "Distribution");
    String id = String.valueOf(made.get("Id"));
    assertThat(id).matches("E[A-Z0-9]{12,13}");
    try (Api api = new Api(warmfront().callApi())) {
      Await.until(
          "deployed",
          () -> api.call("GET", "distribution/" + id, "").text("Status").equals("Deployed"));
    }
    does("wait", "distribution-deployed", "--id", id);

    // updated with what was read: nothing changes but what the ETag stands for
    Map<String, Object> read = json("get-distribution-config", "--id", id);
    Map<String, Object> config = Aws.inner(read, "DistributionConfig");
    Map<String, Object> updated = update(id, read, config);
    assertThat(Aws.inner(Aws.inner(updated, "Distribution"), "DistributionConfig"))
        .isEqualTo(config);
    Tool.Said stale =
        aws(
            "update-distribution",
            "--id",
            id,
            "--if-match",
            "E000000000000",
            "--distribution-config",
            "file://" + file(config));
    assertThat(stale.status()).isNotZero();
    assertThat(stale.stderr()).contains("PreconditionFailed");

    invalidateAndTag(id, String.valueOf(made.get("ARN")));

    askByPolicies();

    // disabled and deleted
    config.put("Enabled", false);
    Map<String, Object> disabled = update(id, updated, config);
    try (Api api = new Api(warmfront().callApi())) {
      Await.until(
          "deployed",
          () -> api.call("GET", "distribution/" + id, "").text("Status").equals("Deployed"));
    }
    does("delete-distribution", "--id", id, "--if-match", String.valueOf(disabled.get("ETag")));
    Tool.Said gone = aws("get-distribution", "--id", id);
    assertThat(gone.status()).isNotZero();
    assertThat(gone.stderr()).contains("NoSuchDistribution");

    // created from a whole configuration
    config.put("CallerReference", "another");
    config.put("Enabled", true);
    Map<String, Object> second =
        json("create-distribution", "--distribution-config", "file://" + file(config));
    assertThat(Aws.inner(Aws.inner(second, "Distribution"), "DistributionConfig"))
        .isEqualTo(config);
  }

  @Test
  void a_streaming_distribution_its_signer_and_its_identity_live_and_die_by_it() throws Exception {
    Path own = Files.createDirectories(folder.resolve("streaming"));

    // a key that signs and an identity that asks the bucket
    Map<String, Object> key =
        Aws.inner(
            json(
                "create-public-key",
                "--public-key-config",
                "file://"
                    + file(
                        Map.of(
                            "CallerReference",
                            "k",
                            "Name",
                            "k",
                            "EncodedKey",
                            pem(Rsa.pair(), own)))),
            "PublicKey");
    Map<String, Object> identity =
        Aws.inner(
            json(
                "create-cloud-front-origin-access-identity",
                "--cloud-front-origin-access-identity-config",
                "CallerReference=i,Comment="),
            "CloudFrontOriginAccessIdentity");

    // created with them, and deployed when edges and DNS have it
    Map<String, Object> config = streaming(String.valueOf(identity.get("Id")));
    Map<String, Object> made =
        Aws.inner(
            json(
                "create-streaming-distribution",
                "--streaming-distribution-config",
                "file://" + file(config)),
            "StreamingDistribution");
    String id = String.valueOf(made.get("Id"));
    deployed(id);
    does("wait", "streaming-distribution-deployed", "--id", id);
    assertThat(String.valueOf(made.get("ActiveTrustedSigners")))
        .contains(String.valueOf(key.get("Id")));
    String name = String.valueOf(made.get("DomainName"));
    assertThat(name).startsWith("s");
    assertThat(new DnsQuestion(name, DnsQuestion.A, VIEWER).ask(warmfront().dns()).addresses())
        .hasSize(1);
    does(
        "tag-resource",
        "--resource",
        String.valueOf(made.get("ARN")),
        "--tags",
        "Items=[{Key=team,Value=video}]");
    Map<String, Object> list =
        Aws.inner(json("list-streaming-distributions"), "StreamingDistributionList");
    assertThat(list.get("Items")).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);

    // read, disabled and deleted
    Map<String, Object> read = json("get-streaming-distribution-config", "--id", id);
    Map<String, Object> disabled = Aws.inner(read, "StreamingDistributionConfig");
    disabled.put("Enabled", false);
    String etag =
        String.valueOf(
            json(
                    "update-streaming-distribution",
                    "--id",
                    id,
                    "--if-match",
                    String.valueOf(read.get("ETag")),
                    "--streaming-distribution-config",
                    "file://" + file(disabled))
                .get("ETag"));
    deployed(id);
    does("delete-streaming-distribution", "--id", id, "--if-match", etag);
    Tool.Said gone = aws("get-streaming-distribution", "--id", id);
    assertThat(gone.stderr()).contains("NoSuchStreamingDistribution");
  }

  private static void deployed(String id) throws Exception {
    try (Api api = new Api(warmfront().callApi())) {
      Await.until(
          "deployed",
          () ->
              api.call("GET", "streaming-distribution/" + id, "")
                  .text("Status")
                  .equals("Deployed"));
    }
  }

  private static Map<String, Object> streaming(String identity) {
    return Map.of(
        "CallerReference",
        "s",
        "S3Origin",
        Map.of(
            "DomainName",
            "media.s3.us-east-2.amazonaws.com",
            "OriginAccessIdentity",
            "origin-access-identity/cloudfront/" + identity),
        "Aliases",
        Map.of("Quantity", 1, "Items", List.of("video.example.com")),
        "Comment",
        "",
        "TrustedSigners",
        Map.of("Enabled", true, "Quantity", 1, "Items", List.of("self")),
        "Enabled",
        true);
  }

  @Test
  void what_it_signs_is_right() throws Exception {
    assumeTrue(Aws.isThere(), "aws is not installed");
    KeyPair pair = Rsa.pair();
    Path own = Files.createDirectories(folder.resolve("signing"));
    pem(pair, own);
    UrlVerifier verifier = new UrlVerifier(id -> Optional.of(pair.getPublic()));
    String path = "/videos/a%20film.mp4";
    List<String> canned = List.of("--date-less-than", "2030-01-01");
    List<String> custom = new ArrayList<>(canned);
    custom.addAll(List.of("--date-greater-than", "2020-01-01", "--ip-address", "192.0.2.0/24"));

    for (List<String> policy : List.of(canned, custom)) {
      URI signed = sign(own, "https://d1.example.net" + path + "?quality=high", policy);
      SignedQuery query = SignedQuery.of(signed.getRawQuery());
      SignedResource asked =
          new SignedResource.Url("https", "d1.example.net", signed.getRawPath(), query.rest());
      assertThat(verifier.verify(query.presented(), asked, VIEWER, Instant.parse(DURING)))
          .isEqualTo(new Permission.Granted("K1"));
      assertThat(verifier.verify(query.presented(), asked, VIEWER, Instant.parse(AFTER)))
          .isInstanceOf(Permission.Refused.class);
    }
  }

  private static URI sign(Path own, String url, List<String> policy) throws Exception {
    List<String> command = new ArrayList<>(List.of("aws", "cloudfront", "sign", "--url", url));
    command.addAll(List.of("--key-pair-id", "K1", "--private-key", "file://" + own.resolve("key")));
    command.addAll(policy);
    Tool.Said said = Tool.run(own, Map.of("AWS_PAGER", ""), command.toArray(String[]::new));
    assertThat(said.status()).as(said.stderr()).isZero();
    return URI.create(said.stdout().strip());
  }

  /** Leaves the private key and returns the public. */
  private static String pem(KeyPair pair, Path own) throws Exception {
    Files.writeString(own.resolve("key"), Rsa.privatePem(pair));
    return Rsa.publicPem(pair);
  }

  private static void invalidateAndTag(String id, String arn) throws Exception {
    Map<String, Object> invalidation =
        Aws.inner(
            json(
                "create-invalidation",
                "--distribution-id",
                id,
                "--paths",
                "/index.html",
                "/images/*"),
            "Invalidation");
    assertThat(invalidation.get("Id")).asString().startsWith("I");
    Map<String, Object> list = Aws.inner(json("list-distributions"), "DistributionList");
    assertThat(list.get("Items")).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
    does("tag-resource", "--resource", arn, "--tags", "Items=[{Key=team,Value=web}]");
    assertThat(json("list-tags-for-resource", "--resource", arn).get("Tags"))
        .isEqualTo(Map.of("Items", List.of(Map.of("Key", "team", "Value", "web"))));
  }

  private static void does(String... arguments) throws Exception {
    Tool.Said said = aws(arguments);
    assertThat(said.status()).as(said.stderr()).isZero();
  }

  private static Map<String, Object> update(
      String id, Map<String, Object> read, Map<String, Object> config) throws Exception {
    return json(
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
