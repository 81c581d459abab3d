package warmfront.app.journeys;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.Distribution;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionConfigResponse;
import software.amazon.awssdk.services.cloudfront.model.NoSuchDistributionException;
import software.amazon.awssdk.services.cloudfront.model.PreconditionFailedException;
import software.amazon.awssdk.services.cloudfront.waiters.CloudFrontWaiter;

/**
 * Promise: AWS's SDKs drive one and the same life of a distribution, waiters and pages included.
 */
@Tag("full")
final class SdkJourney {
  private static final List<String> LIFE =
      List.of(
          "made InProgress",
          "deployed Deployed",
          "updated young older",
          "late PreconditionFailed",
          "tags team=cdn",
          "listed older",
          "invalidated",
          "gone NoSuchDistribution");

  private static final software.amazon.awssdk.services.cloudfront.model.Tag TEAM =
      software.amazon.awssdk.services.cloudfront.model.Tag.builder()
          .key("team")
          .value("cdn")
          .build();

  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;

  @BeforeAll
  static void start() throws Exception {
    origin = Origin.open();
    warmfront = Warmfront.up(folder, Map.of());
  }

  @AfterAll
  static void end() {
    warmfront.close();
    origin.close();
  }

  @Test
  void by_javascript() throws Exception {
    Path packages = Program.home().resolve("app/target/players/node_modules").toAbsolutePath();
    assumeTrue(
        Files.isDirectory(packages.resolve("@aws-sdk")),
        "no @aws-sdk/client-cloudfront; ./warmfront test --full fetches it");
    assertThat(
            run(
                "node",
                script("life.mjs"),
                packages.toString(),
                warmfront.api().toString(),
                port()))
        .isEqualTo(LIFE);
  }

  @Test
  void by_python() throws Exception {
    Tool.Said there = Tool.run(folder, Map.of(), "python3", "-c", "import boto3");
    assumeTrue(there.status() == 0, "boto3 is not installed");
    assertThat(run("python3", script("life.py"), warmfront.api().toString(), port()))
        .isEqualTo(LIFE);
  }

  @Test
  void by_java() {
    try (CloudFrontClient client =
        CloudFrontClient.builder()
            .endpointOverride(warmfront.api())
            .region(Region.US_EAST_1)
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        warmfront.key().accessKeyId(), warmfront.key().secretAccessKey())))
            .build()) {
      assertThat(life(client)).isEqualTo(LIFE);
    }
  }

  private static List<String> life(CloudFrontClient client) {
    List<String> said = new ArrayList<>();
    CloudFrontWaiter waiter =
        CloudFrontWaiter.builder()
            .client(client)
            .overrideConfiguration(o ->
                o.maxAttempts(600)
                    .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100))))
            .build();
    Distribution made =
        client
            .createDistributionWithTags(r ->
                r.distributionConfigWithTags(
                    w -> w.distributionConfig(config()).tags(t -> t.items(TEAM))))
            .distribution();
    String id = made.id();
    said.add("made " + made.status());
    waiter.waitUntilDistributionDeployed(r -> r.id(id));
    said.add("deployed " + client.getDistribution(r -> r.id(id)).distribution().status());

    GetDistributionConfigResponse known = client.getDistributionConfig(r -> r.id(id));
    DistributionConfig older = known.distributionConfig().copy(c -> c.comment("older"));
    var updated =
        client.updateDistribution(r -> r.id(id).ifMatch(known.eTag()).distributionConfig(older));
    said.add(
        "updated %s %s"
            .formatted(
                known.distributionConfig().comment(),
                updated.distribution().distributionConfig().comment()));
    try {
      client.updateDistribution(r -> r.id(id).ifMatch(known.eTag()).distributionConfig(older));
    } catch (PreconditionFailedException late) {
      said.add("late " + late.awsErrorDetails().errorCode());
    }

    said.add(
        "tags "
            + client.listTagsForResource(r -> r.resource(made.arn())).tags().items().stream()
                .map(tag -> tag.key() + "=" + tag.value())
                .collect(joining(",")));
    said.add(
        "listed "
            + client.listDistributions().distributionList().items().stream()
                .filter(one -> one.id().equals(id))
                .map(one -> one.comment())
                .collect(joining(",")));

    String invalidation =
        client
            .createInvalidation(r ->
                r.distributionId(id)
                    .invalidationBatch(
                        b -> b.callerReference("i").paths(p -> p.quantity(1).items("/*"))))
            .invalidation()
            .id();
    waiter.waitUntilInvalidationCompleted(r -> r.distributionId(id).id(invalidation));
    said.add("invalidated");

    String off =
        client
            .updateDistribution(r ->
                r.id(id)
                    .ifMatch(updated.eTag())
                    .distributionConfig(older.copy(c -> c.enabled(false))))
            .eTag();
    waiter.waitUntilDistributionDeployed(r -> r.id(id));
    client.deleteDistribution(r -> r.id(id).ifMatch(off));
    try {
      client.getDistribution(r -> r.id(id));
    } catch (NoSuchDistributionException gone) {
      said.add("gone " + gone.awsErrorDetails().errorCode());
    }
    return said;
  }

  private static DistributionConfig config() {
    return DistributionConfig.builder()
        .callerReference("by java")
        .comment("young")
        .enabled(true)
        .origins(o -> o.quantity(1).items(server()))
        .defaultCacheBehavior(b ->
            b.targetOriginId("o").viewerProtocolPolicy("allow-all").cachePolicyId(Api.OPTIMIZED))
        .build();
  }

  private static software.amazon.awssdk.services.cloudfront.model.Origin server() {
    return software.amazon.awssdk.services.cloudfront.model.Origin.builder()
        .id("o")
        .domainName("origin.localhost")
        .customOriginConfig(
            c -> c.httpPort(origin.port()).httpsPort(443).originProtocolPolicy("http-only"))
        .build();
  }

  private static String port() {
    return String.valueOf(origin.port());
  }

  private static String script(String name) throws Exception {
    Path script = folder.resolve(name);
    try (InputStream in = SdkJourney.class.getResourceAsStream(name)) {
      Files.copy(in, script);
    }
    return script.toString();
  }

  private static List<String> run(String... command) throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID",
            warmfront.key().accessKeyId(),
            "AWS_SECRET_ACCESS_KEY",
            warmfront.key().secretAccessKey(),
            "AWS_EC2_METADATA_DISABLED",
            "true");
    Tool.Said said = Tool.run(folder, environment, command);
    assertThat(said.status()).as("%s%s", said.stdout(), said.stderr()).isZero();
    return said.stdout().lines().toList();
  }
}
