package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.apply.ApplyException;
import warmfront.app.apply.Applying;
import warmfront.app.call.SignedHttp;
import warmfront.app.json.Json;
import warmfront.http.Fields;
import warmfront.time.Clock;

/** Promise: {@code apply} makes what a template says, as often as it is said, and takes it back. */
final class ApplyJourney {
  private static final String SITE = "StaticSite.template.json";
  private static final String NOTHING = "Resources: {}";

  @TempDir private static Path folder;
  private static Warmfront warmfront;

  @BeforeAll
  static void up() throws Exception {
    warmfront = Warmfront.up(folder, Map.of());
  }

  @AfterAll
  static void end() {
    warmfront.close();
  }

  @Test
  void a_site_of_the_cdk_is_made_served_changed_and_removed() throws Exception {
    // given a template as the CDK writes it
    Path file = Files.writeString(folder.resolve(SITE), resource(SITE));

    // when it is planned
    String plan = command("apply", file.toString(), "--plan");

    // then nothing is there yet
    assertThat(plan)
        .startsWith("stack StaticSite\n")
        .contains("  ! CDKMetadata (AWS::CDK::Metadata) is left out\n")
        .contains("  ! Rules.CheckBootstrapVersion is not checked\n")
        .contains("Properties.BucketEncryption has no effect here\n")
        .contains("  + Distribution830FAC52  AWS::CloudFront::Distribution\n")
        .doesNotContain("created");
    assertThat(quantity("distribution")).isZero();

    // when it is applied, and the site is uploaded
    String made = command("apply", file.toString());
    String domain = output(made, "DomainName");
    put(output(made, "Bucket"), "index.html", "the page");

    // then viewers are served
    Viewer.Answer page = Viewer.get(warmfront.http("FRA"), domain, "/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).isEqualTo("the page");
    assertThat(page.field("x-site")).isEqualTo("one");
    assertThat(Viewer.get(warmfront.http("FRA"), domain, "/none").body()).isEqualTo("the page");

    // when it is applied again, then nothing changes
    assertThat(apply(resource(SITE), "StaticSite", Map.of(), false)).contains("nothing changes\n");

    // when it says something else
    String changed =
        resource(SITE)
            .replace("\"Value\": \"one\"", "\"Value\": \"two\"")
            .replace("\"CustomErrorResponses\"", "\"Comment2\"")
            .replaceFirst("(?s)\"Comment2\": \\[.*?],", "");
    assertThat(apply(changed, "StaticSite", Map.of(), false))
        .contains("CustomHeadersConfig[0].Value\n")
        .contains("DistributionConfig.CustomErrorResponses[0].ResponsePagePath\n")
        .doesNotContain("created");

    // then viewers get that
    assertThat(Viewer.get(warmfront.http("FRA"), domain, "/").field("x-site")).isEqualTo("two");
    assertThat(Viewer.get(warmfront.http("FRA"), domain, "/other").status()).isEqualTo(404);

    // when all of it left the template, then the bucket, which has objects, is in the way alone
    assertThatThrownBy(() -> apply(NOTHING, "StaticSite", Map.of(), false))
        .hasMessageContaining("BucketNotEmpty")
        .hasMessageContaining("not removed: SiteBucket397A1860; run it again to go on");
    try (SignedHttp s3 = warmfront.callS3()) {
      s3.send("DELETE", "/" + output(made, "Bucket") + "/index.html", Fields.empty(), new byte[0]);
    }
    assertThat(apply(NOTHING, "StaticSite", Map.of(), false))
        .contains("deleted SiteBucket397A1860");
    assertThat(Viewer.get(warmfront.http("FRA"), domain, "/").status()).isNotEqualTo(200);
  }

  @Test
  @Tag("full")
  void every_type_is_made_changed_replaced_and_removed() throws Exception {
    String template = resource("everything.yaml");
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    String key =
        "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
            .formatted(
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(keys.generateKeyPair().getPublic().getEncoded()));

    String made = apply(template, "all", Map.of("EncodedKey", key), false);
    assertThat(made.lines().filter(is("created "))).hasSize(19);
    assertThat(output(made, "Function"))
        .isEqualTo("arn:aws:cloudfront::000000000000:function/rewrite");
    assertThat(output(made, "Store")).isEqualTo("redirects");
    assertThat(output(made, "Realtime")).endsWith(":realtime-log-config/realtime-dev");
    assertThat(output(made, "Endpoint")).endsWith(".warmfront.localhost");
    assertThat(made)
        .contains("Website is not known: Outputs.Website: AWS::S3::Bucket has no attribute")
        .doesNotContain("Logs");
    assertThat(apply(template, "all", Map.of("EncodedKey", key), true))
        .contains("nothing changes\n");

    String changed = apply(template, "all", Map.of("EncodedKey", key, "Stage", "prod"), false);
    assertThat(changed)
        .contains("  ± Site  AWS::S3::Bucket\n      BucketName\n")
        .contains("  + Logs  AWS::S3::Bucket\n")
        .contains("  ~ Cache  AWS::CloudFront::CachePolicy\n      CachePolicyConfig.DefaultTTL\n")
        .contains(
            "  ~ Inside  AWS::CloudFront::VpcOrigin\n      Tags.tag-dev\n      Tags.tag-prod\n")
        .contains("      DistributionConfig.Logging.Bucket\n")
        .contains("deleted Site  all-dev-site\n");
    assertThat(apply(template, "all", Map.of("EncodedKey", key, "Stage", "prod"), false))
        .contains("nothing changes\n");

    assertThat(apply(NOTHING, "all", Map.of(), false).lines().filter(is("deleted "))).hasSize(20);
    assertThat(quantity("function")).isZero();
  }

  @Test
  void what_cannot_be_done_is_said_and_what_was_done_stays_for_the_next_run() throws Exception {
    String lambda =
        """
        Resources:
          Rewrite: {Type: AWS::Lambda::Function, Properties: {Handler: index.handler}}
          Cache:
            Type: AWS::CloudFront::CachePolicy
            Properties:
              CachePolicyConfig:
                {Name: partly, MinTTL: 0, DefaultTTL: 1, MaxTTL: 2, ParametersInCacheKeyAndForwardedToOrigin: {
                EnableAcceptEncodingGzip: false, CookiesConfig: {CookieBehavior: none},
                HeadersConfig: {HeaderBehavior: none}, QueryStringsConfig: {QueryStringBehavior: none}}}
          Front:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Enabled: true
                Origins: [{Id: a, DomainName: origin.localhost, CustomOriginConfig: {OriginProtocolPolicy: http-only}}]
                DefaultCacheBehavior:
                  TargetOriginId: a
                  ViewerProtocolPolicy: allow-all
                  CachePolicyId: !Ref Cache
                  LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: 'arn:aws:lambda:us-east-1:000000000000:function:x:1'}]
        """;

    // what nobody here can make is listed
    Path file = Files.writeString(folder.resolve("partly.yaml"), lambda);
    Program refused = warmfront.run(arguments("apply", file.toString()));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.stderr())
        .contains("Rewrite (AWS::Lambda::Function)")
        .contains("--skip-unsupported")
        .doesNotContain("\tat ");

    // what the API refuses is said in its words, and what came before stays
    String without = lambda.replaceFirst("(?m)^  Rewrite.*\n", "");
    assertThatThrownBy(() -> apply(without, "partly", Map.of(), false))
        .hasMessageContaining("Front: CreateDistribution: 400 InvalidArgument")
        .hasMessageContaining("LambdaFunctionAssociations")
        .hasMessageContaining("not done: Front; run it again to go on");
    String right = without.replaceFirst("(?m)^ *Lambda.*\n", "");
    assertThat(apply(right, "partly", Map.of(), false))
        .contains("created Front")
        .doesNotContain("Cache");

    assertThat(apply(right.replace("DefaultTTL: 1", "DefaultTTL: 2"), "partly", Map.of(), false))
        .contains("updated Cache");
    assertThat(apply(NOTHING, "partly", Map.of(), false))
        .containsSubsequence("deleted Front", "deleted Cache");
  }

  @Test
  void a_policy_whose_making_got_no_answer_is_found_by_the_distribution_that_it_stages()
      throws Exception {
    String template =
        """
        Resources:
          Staging:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                Staging: true
                Enabled: true
                Origins: [{Id: a, DomainName: origin.localhost, CustomOriginConfig: {OriginProtocolPolicy: http-only}}]
                DefaultCacheBehavior: {TargetOriginId: a, ViewerProtocolPolicy: allow-all, CachePolicyId: %s}
          Deployment:
            Type: AWS::CloudFront::ContinuousDeploymentPolicy
            Properties:
              ContinuousDeploymentPolicyConfig:
                Enabled: true
                StagingDistributionDnsNames: [!GetAtt Staging.DomainName]
                TrafficConfig: {Type: SingleWeight, SingleWeightConfig: {Weight: 0.05}}
        """
            .formatted(Api.OPTIMIZED);
    String made = id(apply(template, "staged", Map.of(), false), "Deployment");
    forget("staged", "Deployment");

    assertThat(id(apply(template, "staged", Map.of(), false), "Deployment")).isEqualTo(made);
    assertThat(apply(template, "staged", Map.of(), false)).contains("nothing changes\n");
    assertThat(apply(NOTHING, "staged", Map.of(), false))
        .containsSubsequence("deleted Deployment", "deleted Staging");
  }

  /** Returns the id under which a resource was made, or found. */
  private static String id(String said, String name) {
    Matcher found = Pattern.compile("(?m)^created " + name + " +(\\S+)$").matcher(said);
    assertThat(found.find()).as(said).isTrue();
    return found.group(1);
  }

  /** Writes down of a resource that it is being made, as a run does that gets no answer. */
  private static void forget(String stack, String name) throws Exception {
    Path file = warmfront.data().resolve("stacks").resolve(stack + ".json");
    Map<String, Object> all = new LinkedHashMap<>(Program.json(Files.readString(file)));
    if (!(all.get("resources") instanceof List<?> resources)) {
      throw new AssertionError("not the file of a stack: " + file);
    }
    all.put(
        "resources",
        resources.stream().filter(one -> !name.equals(((Map<?, ?>) one).get("name"))).toList());
    all.put("making", List.of(name));
    Files.writeString(file, Json.write(all));
  }

  @Test
  void a_trust_store_is_made_of_a_bundle_in_a_bucket_changed_and_removed() throws Exception {
    String template =
        """
        Parameters:
          Bundle: {Type: String, Default: first.pem}
        Resources:
          Clients:
            Type: AWS::CloudFront::TrustStore
            Properties:
              Name: clients
              CaCertificatesBundleSource:
                CaCertificatesBundleS3Location: {Bucket: trust, Key: !Ref Bundle, Region: us-east-1}
        Outputs:
          Status: {Value: !GetAtt Clients.Status}
        """;
    String authorities = Files.readString(warmfront.data().resolve("ca.pem"));
    try (SignedHttp s3 = warmfront.callS3()) {
      assertThat(s3.send("PUT", "/trust", Fields.empty(), new byte[0]).statusCode()).isEqualTo(200);
    }
    put("trust", "first.pem", authorities);
    put("trust", "second.pem", authorities);

    String made = apply(template, "clients", Map.of(), false);
    assertThat(made).contains("created Clients");
    assertThat(output(made, "Status")).isEqualTo("active");
    assertThat(apply(template, "clients", Map.of(), false)).contains("nothing changes\n");
    forget("clients", "Clients");
    assertThat(id(apply(template, "clients", Map.of(), false), "Clients"))
        .isEqualTo(id(made, "Clients"));

    assertThat(apply(template, "clients", Map.of("Bundle", "second.pem"), false))
        .contains("CaCertificatesBundleS3Location.Key\n")
        .contains("updated Clients");
    assertThatThrownBy(() -> apply(template, "clients", Map.of("Bundle", "none.pem"), false))
        .hasMessageContaining("TrustStore " + id(made, "Clients") + " failed: ");
    assertThat(apply(template, "clients", Map.of(), false)).contains("updated Clients");
    assertThat(apply(NOTHING, "clients", Map.of(), false)).contains("deleted Clients");
  }

  private static Predicate<String> is(String begin) {
    return line -> line.startsWith(begin);
  }

  /** Applies within this process, which is quicker; returns what is printed. */
  private static String apply(
      String template, String stack, Map<String, String> parameters, boolean isPlanOnly)
      throws Exception {
    Path file = Files.writeString(Files.createTempFile(folder, "template", ".yaml"), template);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (SignedHttp api = warmfront.callApi();
        SignedHttp s3 = warmfront.callS3();
        PrintStream out = new PrintStream(said, true, UTF_8)) {
      new Applying(api, s3, out, Clock.system())
          .run(
              new Applying.Asked(file, stack, "us-east-1", parameters, isPlanOnly, false),
              warmfront.data().resolve("stacks"));
    } catch (ApplyException e) {
      throw new ApplyFailed(e.getMessage() + "\nafter\n" + said.toString(UTF_8), e);
    }
    return said.toString(UTF_8);
  }

  /** Says what was printed before, too. */
  private static final class ApplyFailed extends Exception {
    private static final long serialVersionUID = 1L;

    ApplyFailed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Runs the program; returns its stdout. */
  private static String command(String... arguments) throws Exception {
    try (Program program = warmfront.run(arguments(arguments))) {
      assertThat(program.exit()).as(program.stderr()).isZero();
      return program.stdout();
    }
  }

  private static String[] arguments(String... first) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of("--api", warmfront.api().toString(), "--s3", warmfront.s3().toString()));
    all.addAll(List.of("--data", warmfront.data().toString()));
    return all.toArray(String[]::new);
  }

  private static String output(String said, String name) {
    Matcher found = Pattern.compile("(?m)^" + name + " = (.*)$").matcher(said);
    assertThat(found.find()).as(said).isTrue();
    return found.group(1);
  }

  private static int quantity(String path) throws Exception {
    try (Api api = new Api(warmfront.callApi())) {
      return Integer.parseInt(api.call("GET", path, "").text("Quantity"));
    }
  }

  private static void put(String bucket, String key, String text) throws Exception {
    try (SignedHttp s3 = warmfront.callS3()) {
      HttpResponse<byte[]> answer =
          s3.send(
              "PUT",
              "/" + bucket + "/" + key,
              Fields.of("Content-Type", "text/html"),
              text.getBytes(UTF_8));
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ApplyJourney.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
