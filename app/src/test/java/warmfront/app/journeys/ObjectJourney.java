package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;

/** Promise: a viewer gets an object from the cache of an edge location, set up through the API. */
final class ObjectJourney {
  private static final String PAGE = "<h1>the first page</h1>";

  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;
  private static Api api;
  private static SignedHttp s3;
  private static Api.Made made;

  @BeforeAll
  static void a_distribution_of_a_bucket_and_a_server() throws Exception {
    origin = Origin.open();
    warmfront = Warmfront.up(folder, Map.of());
    api = new Api(warmfront.callApi());
    s3 = warmfront.callS3();
    assertThat(s3.send("PUT", "/site", Fields.empty(), new byte[0]).statusCode()).isEqualTo(200);
    put("index.html", PAGE);
    put("secure/page.html", "for https");
    String control = api.createAccessControl("journey");
    String all = "GET HEAD OPTIONS PUT PATCH POST DELETE";
    made =
        api.createDistribution(
            Api.config(
                "objects",
                List.of(
                    Api.bucketOrigin("bucket", "site", control),
                    Api.serverOrigin("server", origin.port())),
                Api.behavior("", "bucket", "allow-all", "GET HEAD", Api.OPTIMIZED),
                List.of(
                    Api.behavior(
                        "/secure/*", "bucket", "redirect-to-https", "GET HEAD", Api.OPTIMIZED),
                    Api.behavior("/api/*", "server", "allow-all", all, Api.DISABLED),
                    Api.behavior("/server/*", "server", "allow-all", "GET HEAD", Api.OPTIMIZED))));
  }

  @AfterAll
  static void end() {
    s3.close();
    api.close();
    warmfront.close();
    origin.close();
  }

  private static void put(String key, String text) throws Exception {
    Fields fields = Fields.of("Content-Type", "text/html");
    assertThat(s3.send("PUT", "/site/" + key, fields, text.getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
  }

  private static Viewer.Answer get(String location, String target, String... fields)
      throws Exception {
    return Viewer.get(warmfront.http(location), made.domainName(), target, fields);
  }

  @Test
  void dns_answers_the_name_with_a_location() throws Exception {
    assertThat(made.domainName()).matches("d[a-z0-9]{13}\\.warmfront\\.localhost");
    DnsQuestion.Answer answer =
        new DnsQuestion(made.domainName(), DnsQuestion.A, InetAddress.ofLiteral("127.0.0.1"))
            .ask(warmfront.dns());

    assertThat(answer.code()).isZero();
    assertThat(answer.addresses())
        .isNotEmpty()
        .allMatch(address -> Warmfront.LOCATIONS.containsValue(address.getHostAddress()));
  }

  @Test
  void a_page_is_a_miss_and_then_a_hit_with_the_promised_fields() throws Exception {
    put("twice.html", PAGE);

    Viewer.Answer miss = get("FRA", "/twice.html");
    Viewer.Answer hit = get("FRA", "/twice.html");

    assertThat(miss.status()).isEqualTo(200);
    assertThat(miss.body()).isEqualTo(PAGE);
    assertThat(miss.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(hit.status()).isEqualTo(200);
    assertThat(hit.body()).isEqualTo(PAGE);
    assertThat(hit.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(hit.field("Age")).matches("[0-9]+");
    assertThat(hit.field("Via")).matches("1\\.1 \\S+\\.cloudfront\\.net \\(CloudFront\\)");
    assertThat(hit.field("X-Amz-Cf-Pop")).matches("FRA[0-9]+-P[0-9]+");
    assertThat(hit.field("X-Amz-Cf-Id")).isNotEmpty().isNotEqualTo(miss.field("X-Amz-Cf-Id"));
    assertThat(hit.field("Cache-Status")).contains("hit");
    assertThat(hit.field("Content-Type")).isEqualTo("text/html");
    assertThat(hit.field("ETag")).isEqualTo(miss.field("ETag")).isNotEmpty();
  }

  @Test
  void the_root_is_the_default_root_object() throws Exception {
    assertThat(get("SYD", "/").body()).isEqualTo(get("CMH", "/index.html").body());
  }

  @Test
  void conditions_ranges_and_head_are_answered_from_the_cache() throws Exception {
    put("parts.html", "0123456789");
    String etag = get("GRU", "/parts.html").field("ETag");

    Viewer.Answer same = get("GRU", "/parts.html", "If-None-Match", etag);
    Viewer.Answer part = get("GRU", "/parts.html", "Range", "bytes=2-4");
    Viewer.Answer head =
        Viewer.send(warmfront.http("GRU"), "HEAD", made.domainName(), "/parts.html", "");

    assertThat(same.status()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.field("Content-Range")).isEqualTo("bytes 2-4/10");
    assertThat(part.body()).isEqualTo("234");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.field("Content-Length")).isEqualTo("10");
    assertThat(head.body()).isEmpty();
    assertThat(List.of(same.cache(), part.cache(), head.cache())).containsOnly("Hit");
  }

  @Test
  void http_is_redirected_to_the_locations_https_port() throws Exception {
    Viewer.Answer answer = get("NRT", "/secure/page.html?a=b");

    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.field("Location"))
        .isEqualTo(
            "https://%s:%d/secure/page.html?a=b"
                .formatted(made.domainName(), warmfront.httpsPort()));
    assertThat(answer.field("X-Cache")).isEqualTo("Redirect from cloudfront");
  }

  @Test
  void https_is_verified_with_the_data_directorys_authority() throws Exception {
    Path authority = warmfront.data().resolve("ca.pem");
    InetSocketAddress edge = warmfront.https("NRT");
    String host = made.domainName();

    Viewer.Answer answer = Viewer.getSecure(edge, host, "/secure/page.html", authority, "http/1.1");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("for https");
    assertThat(Viewer.chosenProtocol(edge, host, authority, "h2")).isEqualTo("h2");
  }

  @Test
  void curl_gets_it_over_http_2() throws Exception {
    assumeTrue(Tool.isThere("curl"), "curl is not installed");
    Tool.Said said =
        Tool.run(
            folder,
            Map.of(),
            "curl",
            "-sS",
            "--http2",
            "--max-time",
            "10",
            "--cacert",
            warmfront.data().resolve("ca.pem").toString(),
            "--resolve",
            made.domainName() + ":" + warmfront.httpsPort() + ":127.0.0.2",
            "-w",
            " over %{http_version}",
            "https://" + made.domainName() + ":" + warmfront.httpsPort() + "/secure/page.html");

    assertThat(said.stdout()).as(said.stderr()).isEqualTo("for https over 2");
  }

  @Test
  void an_invalidated_object_is_new_at_every_location() throws Exception {
    put("news.html", "old");
    for (String location : Warmfront.LOCATIONS.keySet()) {
      assertThat(get(location, "/news.html").body()).isEqualTo("old");
    }
    put("news.html", "new");
    assertThat(get("FRA", "/news.html").body()).as("still cached").isEqualTo("old");

    api.invalidate(made.id(), "news", "/news.html");

    for (String location : Warmfront.LOCATIONS.keySet()) {
      Viewer.Answer answer = get(location, "/news.html");
      assertThat(answer.body()).as(location).isEqualTo("new");
      assertThat(answer.cache()).as(location).isEqualTo("Miss");
    }
  }

  @Test
  void an_error_of_the_origin_is_cached() throws Exception {
    Viewer.Answer first = get("CMH", "/server/missing");
    Viewer.Answer second = get("CMH", "/server/missing");

    assertThat(List.of(first.status(), second.status())).containsOnly(404);
    assertThat(first.cache()).isEqualTo("Error");
    assertThat(second.cache()).isEqualTo("Error");
    assertThat(origin.count("/server/missing")).isEqualTo(1);
  }

  @Test
  void a_failing_origin_is_covered_by_what_is_stale() throws Exception {
    String path = "/server/soon-stale";
    origin.says(path, 200, "max-age=1", "good");
    assertThat(get("CMH", path).body()).isEqualTo("good");
    origin.says(path, 503, "", "broken");
    int before = origin.count(path);

    Await.until(
        "the edge asks again",
        () -> {
          Viewer.Answer answer = get("CMH", path);
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.body()).isEqualTo("good");
          return origin.count(path) > before;
        });
  }

  @Test
  void post_is_forwarded_where_it_is_allowed_and_forbidden_elsewhere() throws Exception {
    origin.says("/api/orders", 201, "", "ordered");
    InetSocketAddress edge = warmfront.http("SYD");

    Viewer.Answer allowed =
        Viewer.send(edge, "POST", made.domainName(), "/api/orders", "two apples");
    Viewer.Answer forbidden = Viewer.send(edge, "POST", made.domainName(), "/index.html", "x");

    assertThat(allowed.status()).isEqualTo(201);
    assertThat(allowed.body()).isEqualTo("ordered");
    assertThat(origin.received("/api/orders")).isEqualTo("two apples");
    assertThat(forbidden.status()).isEqualTo(403);
  }

  @Test
  void an_unknown_host_is_403() throws Exception {
    Viewer.Answer answer = Viewer.get(warmfront.http("FRA"), "dunknown.warmfront.localhost", "/");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.field("X-Cache")).isEqualTo("Error from cloudfront");
    assertThat(answer.body()).contains(answer.field("X-Amz-Cf-Id"));
  }
}
