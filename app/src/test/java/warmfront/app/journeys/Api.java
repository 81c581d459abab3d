package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;

/** The API as its clients know it: signed XML over HTTP. */
final class Api implements AutoCloseable {
  /** Managed-CachingOptimized. */
  static final String OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

  /** Managed-CachingDisabled. */
  static final String DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

  private static final String VERSION = "/2020-05-31/";
  private static final String NAMESPACE =
      " xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"";

  private final SignedHttp http;

  /** Closes {@code http} with itself. */
  Api(SignedHttp http) {
    this.http = http;
  }

  /** What the API answered. */
  record Answer(int status, Optional<String> etag, String body) {
    /** Returns the text of the first element of that name. */
    String text(String element) {
      Matcher matcher = Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(body);
      if (!matcher.find()) {
        throw new AssertionError("no " + element + " in " + body);
      }
      return matcher.group(1);
    }
  }

  /** A distribution that was made. */
  record Made(String id, String domainName) {}

  /** Calls one operation; {@code path} is what follows the version. */
  Answer call(String method, String path, String body, String... fields)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(method, VERSION + path, Fields.of(fields), body.getBytes(UTF_8));
    return new Answer(
        answer.statusCode(), answer.headers().firstValue("ETag"), new String(answer.body(), UTF_8));
  }

  /** Creates an origin access control for buckets and returns its id. */
  String createAccessControl(String name) throws IOException, InterruptedException {
    Answer answer =
        call(
            "POST",
            "origin-access-control",
            element(
                "OriginAccessControlConfig" + NAMESPACE,
                element("Name", name)
                    + element("SigningProtocol", "sigv4")
                    + element("SigningBehavior", "always")
                    + element("OriginAccessControlOriginType", "s3")));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.text("Id");
  }

  /**
   * Creates an origin request policy that sends all query strings on, and returns its id.
   *
   * @param mode what it says of headers
   * @param headers the names that go with it
   */
  String createOriginRequestPolicy(String name, String mode, String... headers)
      throws IOException, InterruptedException {
    String names =
        List.of(headers).stream().map(one -> element("Name", one)).collect(Collectors.joining());
    String listed =
        element(
            "Headers",
            element("Quantity", String.valueOf(headers.length)) + element("Items", names));
    Answer answer =
        call(
            "POST",
            "origin-request-policy",
            element(
                "OriginRequestPolicyConfig" + NAMESPACE,
                element("Name", name)
                    + element(
                        "HeadersConfig",
                        element("HeaderBehavior", mode) + (headers.length == 0 ? "" : listed))
                    + element("CookiesConfig", element("CookieBehavior", "none"))
                    + element("QueryStringsConfig", element("QueryStringBehavior", "all"))));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.text("Id");
  }

  /** Returns a configuration whose default behavior asks origins by a policy. */
  static String asking(String config, String policy) {
    String end = "</DefaultCacheBehavior>";
    return config.replace(end, element("OriginRequestPolicyId", policy) + end);
  }

  /** Creates a distribution and waits until it is deployed. */
  Made createDistribution(String config) throws Exception {
    Answer answer = call("POST", "distribution", config);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    String id = answer.text("Id");
    Await.until(
        id + " is Deployed",
        () -> call("GET", "distribution/" + id, "").text("Status").equals("Deployed"));
    return new Made(id, answer.text("DomainName"));
  }

  /** Gives a distribution a tag. */
  void tag(Made made, String key, String value) throws Exception {
    String tag = element("Tag", element("Key", key) + element("Value", value));
    tagging(made, "Tag", element("Tags" + NAMESPACE, element("Items", tag)));
  }

  /** Takes a tag from a distribution. */
  void untag(Made made, String key) throws Exception {
    String keys = element("Items", element("Key", key));
    tagging(made, "Untag", element("TagKeys" + NAMESPACE, keys));
  }

  private void tagging(Made made, String operation, String body) throws Exception {
    String arn = call("GET", "distribution/" + made.id(), "").text("ARN");
    String resource = arn.replace(":", "%3A").replace("/", "%2F");
    Answer answer =
        call("POST", "tagging?Operation=%s&Resource=%s".formatted(operation, resource), body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
  }

  /**
   * Invalidates paths or cache tags, waits until that is completed everywhere, and returns its id.
   */
  String invalidate(String distribution, String reference, String... paths) throws Exception {
    String items =
        List.of(paths).stream().map(path -> element("Path", path)).collect(Collectors.joining());
    Answer answer =
        call(
            "POST",
            "distribution/" + distribution + "/invalidation",
            element(
                "InvalidationBatch" + NAMESPACE,
                element(
                        "Paths",
                        element("Quantity", String.valueOf(paths.length)) + element("Items", items))
                    + element("CallerReference", reference)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    String id = answer.text("Id");
    String path = "distribution/" + distribution + "/invalidation/" + id;
    Await.until(
        "the invalidation is Completed",
        () -> call("GET", path, "").text("Status").equals("Completed"));
    return id;
  }

  /**
   * Returns a distribution's configuration.
   *
   * @param origins as {@link #bucketOrigin} and {@link #serverOrigin} return them
   * @param first the default behavior, as {@link #behavior} returns it
   * @param further with a path pattern each
   */
  static String config(String reference, List<String> origins, String first, List<String> further) {
    String behaviors =
        further.isEmpty()
            ? ""
            : element(
                "CacheBehaviors",
                element("Quantity", String.valueOf(further.size()))
                    + element(
                        "Items",
                        further.stream()
                            .map(one -> element("CacheBehavior", one))
                            .collect(Collectors.joining())));
    return element(
        "DistributionConfig" + NAMESPACE,
        element("CallerReference", reference)
            + element("DefaultRootObject", "index.html")
            + element(
                "Origins",
                element("Quantity", String.valueOf(origins.size()))
                    + element("Items", String.join("", origins)))
            + element("DefaultCacheBehavior", first)
            + behaviors
            + element("Comment", reference)
            + element("Enabled", "true"));
  }

  /** Returns the configuration with one origin and one behavior for everything. */
  static String plain(String reference, int originPort) {
    return config(
        reference,
        List.of(serverOrigin("server", originPort)),
        behavior("", "server", "allow-all", "GET HEAD", OPTIMIZED),
        List.of());
  }

  /** Returns the same, with cache tags in a field of the origin's answers. */
  static String tagged(String reference, int originPort, String field) {
    String end = "</DistributionConfig>";
    return plain(reference, originPort)
        .replace(end, element("CacheTagConfig", element("HeaderName", field)) + end);
  }

  /** Returns a plain one, whose origin gets a field that nobody else may know. */
  static String secretive(String reference, int originPort, String secret) {
    return config(
        reference,
        List.of(serverOrigin("server", originPort, secret)),
        behavior("", "server", "allow-all", "GET HEAD", OPTIMIZED),
        List.of());
  }

  /** Returns an origin that is a bucket in the embedded S3, asked with signed requests. */
  static String bucketOrigin(String id, String bucket, String accessControl) {
    return element(
        "Origin",
        element("Id", id)
            + element("DomainName", bucket + ".s3.us-east-2.amazonaws.com")
            + element("S3OriginConfig", element("OriginAccessIdentity", ""))
            + element("OriginAccessControlId", accessControl));
  }

  /** Returns an origin at a port of this machine. */
  static String serverOrigin(String id, int port) {
    return serverOrigin(id, port, "");
  }

  /** Returns an origin at a port of this machine that gets a field of this value, if any. */
  static String serverOrigin(String id, int port, String secret) {
    String header = element("HeaderName", Origin.SECRET_FIELD) + element("HeaderValue", secret);
    String headers =
        element("Quantity", "1") + element("Items", element("OriginCustomHeader", header));
    return element(
        "Origin",
        element("Id", id)
            + element("DomainName", "origin.localhost")
            + (secret.isEmpty() ? "" : element("CustomHeaders", headers))
            + element(
                "CustomOriginConfig",
                element("HTTPPort", String.valueOf(port))
                    + element("HTTPSPort", "443")
                    + element("OriginProtocolPolicy", "http-only")));
  }

  /**
   * Returns what stands in a behavior.
   *
   * @param pattern the path pattern; none for the default behavior
   * @param methods the allowed ones, with blanks between
   */
  static String behavior(
      String pattern, String origin, String protocol, String methods, String policy) {
    List<String> allowed = List.of(methods.split(" ", -1));
    return (pattern.isEmpty() ? "" : element("PathPattern", pattern))
        + element("TargetOriginId", origin)
        + element("ViewerProtocolPolicy", protocol)
        + element(
            "AllowedMethods",
            element("Quantity", String.valueOf(allowed.size()))
                + element(
                    "Items",
                    allowed.stream()
                        .map(method -> element("Method", method))
                        .collect(Collectors.joining())))
        + element("CachePolicyId", policy);
  }

  private static String element(String name, String inner) {
    int blank = name.indexOf(' ');
    return "<" + name + ">" + inner + "</" + (blank < 0 ? name : name.substring(0, blank)) + ">";
  }

  @Override
  public void close() {
    http.close();
  }
}
