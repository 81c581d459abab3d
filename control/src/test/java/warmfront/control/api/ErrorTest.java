package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.time.Clock;
import warmfront.time.ManualClock;

/** What goes wrong is answered with CloudFront's codes, and says what was wrong. */
final class ErrorTest {
  private static final String V = "/2020-05-31";
  private static final String NS = " xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"";
  private static final Limits SMALL =
      new Limits(20_000, 8_192, 2_048, 32, 64, Duration.ofSeconds(20), Duration.ofSeconds(1));

  @TempDir private static Path folder;
  private static Running running;

  @BeforeAll
  static void start() {
    running = new Running(folder, Quotas.DEFAULT, SMALL, Clock.system());
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static String config(String inner) {
    return "<DistributionConfig" + NS + ">" + inner + "</DistributionConfig>";
  }

  private static final String BEHAVIOR =
      "<DefaultCacheBehavior><TargetOriginId>%s</TargetOriginId><ViewerProtocolPolicy>%s"
          + "</ViewerProtocolPolicy>%s</DefaultCacheBehavior>";

  private static final String POLICY =
      "<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>";

  private static String origins(String domain, String more, String port) {
    return "<Origins><Quantity>1</Quantity><Items>"
        + ("<Origin><Id>o</Id><DomainName>%s</DomainName>%s<CustomOriginConfig><HTTPPort>%s</HTTPPort>"
                + "<HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>http-only</OriginProtocolPolicy>"
                + "</CustomOriginConfig></Origin>")
            .formatted(domain, more, port)
        + "</Items></Origins>";
  }

  private static String distribution(String origins, String behavior, String more) {
    return config(
        "<CallerReference>r</CallerReference>"
            + more
            + origins
            + behavior
            + "<Comment>c</Comment><Enabled>true</Enabled>");
  }

  private static String withOrigin(String domain, String more, String port) {
    return distribution(
        origins(domain, more, port), BEHAVIOR.formatted("o", "allow-all", POLICY), "");
  }

  private static String withBehavior(String target, String protocol, String more) {
    return distribution(
        origins("a.example.com", "", "80"), BEHAVIOR.formatted(target, protocol, more), "");
  }

  private static String with(String more) {
    return distribution(
        origins("a.example.com", "", "80"), BEHAVIOR.formatted("o", "allow-all", POLICY), more);
  }

  private static String methods(String... methods) {
    StringBuilder items = new StringBuilder();
    for (String method : methods) {
      items.append("<Method>").append(method).append("</Method>");
    }
    return POLICY
        + "<AllowedMethods><Quantity>"
        + methods.length
        + "</Quantity><Items>"
        + items
        + "</Items></AllowedMethods>";
  }

  static Stream<Arguments> bodies() {
    String legacy = "<ForwardedValues><QueryString>false</QueryString>%s</ForwardedValues>%s";
    return Stream.of(
        arguments("", "MissingBody", "DistributionConfig"),
        arguments("not xml", "MalformedXML", "line 1"),
        arguments("<DistributionConfig>", "MalformedXML", ""),
        arguments("<Other" + NS + "/>", "MalformedInput", "Other"),
        arguments(config("<Colour>red</Colour>"), "MalformedInput", "Colour"),
        arguments(
            config("<Enabled>maybe</Enabled>"), "MalformedInput", "DistributionConfig.Enabled"),
        arguments(
            config("<Enabled>true</Enabled><Enabled>true</Enabled>"), "MalformedInput", "twice"),
        arguments(config("text"), "MalformedInput", "Unexpected text"),
        arguments(
            "<DistributionConfig xmlns=\"http://other/\"/>", "MalformedInput", "http://other/"),
        arguments(config("<Comment><b>x</b></Comment>"), "MalformedInput", "Unexpected element b"),
        arguments(config("<Comment>c</Comment>"), "InvalidArgument", "CallerReference is required"),
        arguments(
            with("<Aliases><Quantity>2</Quantity><Items><CNAME>a</CNAME></Items></Aliases>"),
            "InconsistentQuantities",
            "Aliases"),
        arguments(
            with("<Aliases><Quantity>1</Quantity><Items><CNAME>a.b</CNAME></Items></Aliases>"),
            "InvalidViewerCertificate",
            "a.b"),
        arguments(
            with("<PriceClass>PriceClass_7</PriceClass>"), "InvalidArgument", "PriceClass_100"),
        arguments(
            with("<DefaultRootObject>/x</DefaultRootObject>"), "InvalidDefaultRootObject", "'/x'"),
        arguments(
            with("<Logging><Enabled>true</Enabled><Bucket>b</Bucket></Logging>"),
            "InvalidArgument",
            "Logging.Bucket"),
        arguments(
            with(
                "<CustomErrorResponses><Quantity>1</Quantity><Items><CustomErrorResponse><ErrorCode>"
                    + "418</ErrorCode></CustomErrorResponse></Items></CustomErrorResponses>"),
            "InvalidErrorCode",
            "418"),
        arguments(withOrigin("10.0.0.1", "", "80"), "InvalidArgument", "DomainName"),
        arguments(withOrigin("a.example.com:80", "", "80"), "InvalidArgument", "DomainName"),
        arguments(withOrigin("http://a.example.com", "", "80"), "InvalidArgument", "DomainName"),
        arguments(withOrigin("a.example.com", "", "22"), "InvalidArgument", "HTTPPort"),
        arguments(
            withOrigin("a.example.com", "<OriginPath>x/</OriginPath>", "80"),
            "InvalidArgument",
            "OriginPath"),
        arguments(
            withOrigin("a.example.com", "<ConnectionAttempts>4</ConnectionAttempts>", "80"),
            "InvalidArgument",
            "ConnectionAttempts"),
        arguments(
            withOrigin(
                "a.example.com",
                "<CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader><HeaderName>Host"
                    + "</HeaderName><HeaderValue>x</HeaderValue></OriginCustomHeader></Items>"
                    + "</CustomHeaders>",
                "80"),
            "InvalidArgument",
            "Host"),
        arguments(
            withOrigin(
                "a.example.com",
                "<OriginAccessControlId>E00000000000</OriginAccessControlId>",
                "80"),
            "InvalidOriginAccessControl",
            "E00000000000"),
        arguments(withBehavior("nobody", "allow-all", POLICY), "NoSuchOrigin", "nobody"),
        arguments(withBehavior("o", "always", POLICY), "InvalidArgument", "redirect-to-https"),
        arguments(withBehavior("o", "allow-all", ""), "InvalidArgument", "ForwardedValues"),
        arguments(
            withBehavior("o", "allow-all", "<CachePolicyId>none-such</CachePolicyId>"),
            "NoSuchCachePolicy",
            "none-such"),
        arguments(
            withBehavior("o", "allow-all", POLICY + "<MinTTL>1</MinTTL>"),
            "InvalidArgument",
            "MinTTL"),
        arguments(
            withBehavior(
                "o",
                "allow-all",
                legacy.formatted(
                    "<Cookies><Forward>none</Forward></Cookies>",
                    "<MinTTL>9</MinTTL><DefaultTTL>3</DefaultTTL>")),
            "InvalidTTLOrder",
            "9, 3"),
        arguments(
            withBehavior(
                "o",
                "allow-all",
                legacy.formatted("<Cookies><Forward>whitelist</Forward></Cookies>", "")),
            "InvalidForwardCookies",
            "Cookies"),
        arguments(
            withBehavior("o", "allow-all", methods("GET", "HEAD", "POST")),
            "InvalidArgument",
            "AllowedMethods"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void a_bad_body_is_refused_with_its_reason(String body, String code, String part)
      throws Exception {
    HttpResponse<String> response = running.send("POST", V + "/distribution", body, Map.of());

    assertThat(response.body()).contains("<Code>" + code + "</Code>", part);
    assertThat(response.statusCode()).isEqualTo(code.startsWith("NoSuch") ? 404 : 400);
    assertThat(response.headers().firstValue("x-amzn-RequestId").orElseThrow())
        .satisfies(id -> assertThat(response.body()).contains("<RequestId>" + id));
  }

  static Stream<String> attacks() {
    String laughs =
        "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>"
            + config("<Comment>&b;</Comment>");
    String stolen =
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
            + config("<Comment>&a;</Comment>");
    String remote = "<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x.dtd\">" + config("");
    return Stream.of(
        laughs, stolen, remote, config("<Comment>&undeclared;</Comment>"), nested(2_000));
  }

  private static String nested(int depth) {
    return config("<a>".repeat(depth) + "</a>".repeat(depth));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void hostile_documents_are_refused(String body) throws Exception {
    HttpResponse<String> response = running.send("POST", V + "/distribution", body, Map.of());

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("<Code>Malformed").doesNotContain("root:", "hahaha");
  }

  @Test
  void a_body_beyond_the_limit_is_413_and_the_server_lives_on() throws Exception {
    HttpResponse<String> response =
        running.send(
            "POST",
            V + "/distribution",
            config("<Comment>" + "x".repeat(20_000) + "</Comment>"),
            Map.of());

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("RequestEntityTooLarge");
    assertThat(running.send("GET", V + "/distribution", "", Map.of()).statusCode()).isEqualTo(200);
  }

  static Stream<Arguments> paths() {
    return Stream.of(
        arguments("GET", V + "/distribution/E1", 404, "NoSuchDistribution"),
        arguments("GET", V + "/distribution/E1/config", 404, "NoSuchDistribution"),
        arguments("GET", V + "/distribution/E1/invalidation", 404, "NoSuchDistribution"),
        arguments("GET", V + "/cache-policy/x", 404, "NoSuchCachePolicy"),
        arguments("GET", V + "/origin-access-control/x", 404, "NoSuchOriginAccessControl"),
        arguments("DELETE", V + "/distribution/E1", 404, "NoSuchDistribution"),
        arguments("GET", V + "/distribution?MaxItems=many", 400, "InvalidArgument"),
        arguments("GET", V + "/cache-policy?Type=wild", 400, "InvalidArgument"),
        arguments("GET", V + "/tagging?Resource=x", 400, "InvalidArgument"),
        arguments("GET", V + "/tagging", 400, "InvalidArgument"),
        arguments("POST", V + "/tagging?Resource=x", 404, "UnknownOperationException"),
        arguments("GET", V + "/no-such-thing", 404, "UnknownOperationException"),
        arguments("GET", "/", 404, "UnknownOperationException"));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void paths_are_answered_by_what_they_name(String method, String path, int status, String code)
      throws Exception {
    HttpResponse<String> response = running.send(method, path, "", Map.of());

    assertThat(response.body()).contains("<Code>" + code + "</Code>", "<ErrorResponse xmlns=");
    assertThat(response.statusCode()).isEqualTo(status);
  }

  @Test
  void a_request_without_a_signature_is_403() throws Exception {
    HttpResponse<String> response =
        running.http.send(
            HttpRequest.newBuilder(running.url(V + "/distribution")).build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("<Code>MissingAuthenticationToken</Code>");
  }

  @Test
  void a_signature_that_is_not_right_is_403() throws Exception {
    HttpResponse<String> changed =
        running.send(
            "GET",
            V + "/distribution",
            "",
            Map.of(),
            request ->
                request.setHeader(
                    "Authorization",
                    request
                        .copy()
                        .build()
                        .headers()
                        .firstValue("Authorization")
                        .orElseThrow()
                        .replaceFirst("[0-9a-f]{4}$", "beef")));
    HttpResponse<String> body =
        running.send(
            "POST",
            V + "/distribution",
            "signed",
            Map.of(),
            request -> request.POST(HttpRequest.BodyPublishers.ofString("other")));

    assertThat(changed.statusCode()).isEqualTo(403);
    assertThat(changed.body()).contains("<Code>SignatureDoesNotMatch</Code>");
    assertThat(body.statusCode()).isEqualTo(403);
    assertThat(body.body()).contains("<Code>SignatureDoesNotMatch</Code>");
  }

  @Test
  void a_key_that_was_not_issued_is_403() throws Exception {
    HttpResponse<String> response =
        running.send(
            "GET",
            V + "/distribution",
            "",
            Map.of(),
            request ->
                request.setHeader(
                    "Authorization",
                    request
                        .copy()
                        .build()
                        .headers()
                        .firstValue("Authorization")
                        .orElseThrow()
                        .replace(Running.KEY, "AKIDOTHER")));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("<Code>InvalidClientTokenId</Code>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"us-east-1", "eu-central-1"})
  void a_presigned_url_passes_whatever_its_region(String region) throws Exception {
    HttpResponse<String> response =
        running.http.send(
            HttpRequest.newBuilder(running.presigned(V + "/distribution?MaxItems=1", region))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void a_caller_whose_clock_is_six_minutes_off_is_403(@TempDir Path other) throws Exception {
    ManualClock clock = new ManualClock(Instant.now().plus(Duration.ofMinutes(6)));
    try (Running late = new Running(other, Quotas.DEFAULT, SMALL, clock)) {
      HttpResponse<String> refused = late.send("GET", V + "/distribution", "", Map.of());
      clock.jump(Duration.ofMinutes(-2));
      HttpResponse<String> passed = late.send("GET", V + "/distribution", "", Map.of());

      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("SignatureDoesNotMatch", "expired or not yet current");
      assertThat(passed.statusCode()).isEqualTo(200);
    }
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        arguments("NONSENSE", 400, "MalformedInput"),
        arguments("GET http://x/2020-05-31/distribution HTTP/1.1", 400, "MalformedInput"),
        arguments("OPTIONS * HTTP/1.1", 400, "MalformedInput"),
        arguments("GET /%zz HTTP/1.1", 400, "MalformedInput"),
        arguments("GET /" + "a".repeat(3_000) + " HTTP/1.1", 414, "MalformedInput"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void what_is_no_request_is_answered_in_the_apis_form(String line, int status, String code)
      throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              (line + "\r\nHost: x\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 " + status).contains("<Code>" + code + "</Code>");
    }
  }

  static Stream<Arguments> batches() {
    return Stream.of(
        arguments("<Path>a</Path>", "InvalidArgument", "begin with /"),
        arguments("<Path>/a b</Path>", "InvalidArgument", "/a b"),
        arguments("<Path>/é</Path>", "InvalidArgument", "URL encodes"),
        arguments("<Path>#</Path>", "InvalidArgument", "cache tag"),
        arguments("<Path>#a,b</Path>", "InvalidArgument", "#a,b"),
        arguments("<Path>#a b</Path>", "InvalidArgument", "#a b"),
        arguments("<Path>#é</Path>", "InvalidArgument", "visible ASCII"),
        arguments("<Path>#" + "a".repeat(257) + "</Path>", "InvalidArgument", "1 to 256"));
  }

  @ParameterizedTest
  @MethodSource("batches")
  void a_bad_invalidation_path_is_refused(String item, String code, String part) throws Exception {
    String body =
        "<InvalidationBatch"
            + NS
            + "><Paths><Quantity>1</Quantity><Items>"
            + item
            + "</Items></Paths><CallerReference>r</CallerReference></InvalidationBatch>";

    HttpResponse<String> response =
        running.send("POST", V + "/distribution/E1/invalidation", body, Map.of());

    assertThat(response.body()).contains("<Code>" + code + "</Code>", part);
  }
}
