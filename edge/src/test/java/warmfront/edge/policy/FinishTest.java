package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.distribution.ResponseHeadersPolicy;
import warmfront.distribution.ResponseHeadersPolicy.Header;
import warmfront.edge.PlainStored;
import warmfront.edge.Visits;
import warmfront.edge.step.Approach;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;
import warmfront.http.Method;

/** Response headers policies, as CloudFront's guide describes them. */
final class FinishTest {
  private static final Stamp HIT = new Stamp("id", ResultType.HIT, 7, "hit; ttl=93");
  private static final Stamp MISS = new Stamp("id", ResultType.MISS, -1, "fwd=miss; stored");

  // ---- removed, security, custom

  @Test
  void an_origins_header_stays_unless_the_policy_overrides_or_removes_it() {
    Route route =
        with(
            List.of("x-powered-by", "X-Both"),
            null,
            List.of(
                new Header("X-Frame-Options", "DENY", false),
                new Header("Referrer-Policy", "no-referrer", true),
                new Header("X-New", "", false),
                new Header("X-Both", "ours", false)),
            OptionalInt.empty());

    Fields fields =
        worn(
            route,
            get("h", "/"),
            "X-Frame-Options",
            "SAMEORIGIN",
            "referrer-policy",
            "origin",
            "X-Powered-By",
            "PHP",
            "X-Both",
            "theirs");

    assertThat(fields.all("X-Frame-Options")).containsExactly("SAMEORIGIN");
    assertThat(fields.all("Referrer-Policy")).containsExactly("no-referrer");
    assertThat(fields.all("X-New")).containsExactly("");
    assertThat(fields.has("X-Powered-By")).isFalse();
    assertThat(fields.all("X-Both")).as("removed and added").containsExactly("ours");
  }

  @Test
  void the_edge_names_itself_where_the_origins_server_is_removed() {
    Route route = with(List.of("Server", "Date"), null, List.of(), OptionalInt.empty());

    Fields fields = worn(route, get("h", "/"), "Server", "Apache", "Date", "x");

    assertThat(fields.all("Server")).containsExactly("Warmfront");
    assertThat(fields.has("Date")).as("step 9 adds its own").isFalse();
  }

  @Test
  void a_head_is_made_once_for_all_requests_of_one_origin() {
    Route route =
        with(
            List.of(), cors(false, false, "https://*.example.org"), List.of(), OptionalInt.empty());
    PlainStored object = new PlainStored(200, "x");

    Response plain = finished(route, get("h", "/"), object, HIT);
    assertThat(finished(route, get("h", "/"), object, HIT).head()).isSameAs(plain.head());

    Request one = get("h", "/", "Origin", "https://a.example.org");
    Response cors = finished(route, one, object, HIT);
    assertThat(cors.head()).isNotSameAs(plain.head());
    assertThat(finished(route, one, object, HIT).head()).isSameAs(cors.head());
    assertThat(
            finished(route, get("h", "/", "Origin", "https://b.example.org"), object, HIT)
                .head()
                .fields()
                .value("Access-Control-Allow-Origin"))
        .isEqualTo("https://b.example.org");
  }

  @Test
  void a_redirect_of_the_edges_own_and_a_route_without_a_policy_stay_as_they_are() {
    Route route =
        with(List.of(), null, List.of(new Header("X-New", "1", true)), OptionalInt.empty());
    Response response =
        Dress.stored(
            route,
            get("h", "/"),
            new PlainStored(200, "x"),
            new Stamp("id", ResultType.REDIRECT, -1, null));

    assertThat(Finish.finished(route, get("h", "/"), response, facts(-1, 0)).head())
        .isSameAs(response.head());
    assertThat(Finish.isPlain(plain())).isTrue();
    assertThat(Finish.isPlain(route)).isFalse();
  }

  // ---- CORS

  @ParameterizedTest
  @CsvSource({
    "*, https://a.example, *",
    "*, null, *",
    "http://*.example.org, http://www.example.org, http://www.example.org",
    "http://*.example.org, http://a.b.example.org, http://a.b.example.org",
    "http://*.example.org, https://www.example.org, ",
    "http://*.example.org, http://www.example.org:123, ",
    "http://*.example.org, http://example.org, ",
    "http://*.example.org, http://badexample.org, ",
    "*.example.org, test.example.org, test.example.org",
    "*.example.org, test.test.example.org, test.test.example.org",
    "*.example.org, http://test.example.org, ",
    "*.example.org, test.example.org:123, ",
    "*.example.org, .example.org, ",
    "*.example.org, example.org, ",
    "http://example.org, http://example.org, http://example.org",
    "http://example.org, https://example.org, ",
    "http://example.org, http://example.org:123, ",
    "http://example.org:*, http://example.org:123, http://example.org:123",
    "http://example.org:*, http://example.org, ",
    "http://example.org:1*3, http://example.org:123, http://example.org:123",
    "http://example.org:1*3, http://example.org:1893, http://example.org:1893",
    "http://example.org:1*3, http://example.org:13, http://example.org:13",
    "http://example.org:1*3, http://example.org:124, ",
    "https://[::1]:8443, https://[::1]:8443, https://[::1]:8443",
  })
  void an_origin_is_allowed_by_its_pattern(String pattern, String origin, String allowed) {
    Route route = with(List.of(), cors(false, true, pattern), List.of(), OptionalInt.empty());

    Fields fields =
        worn(route, get("h", "/", "Origin", origin), "Access-Control-Allow-Origin", "http://x");

    assertThat(fields.value("Access-Control-Allow-Origin")).isEqualTo(allowed);
    assertThat(fields.value("Vary")).isEqualTo("Origin");
  }

  @Test
  void a_request_without_an_origin_gets_no_headers_of_cors_and_learns_that_others_do() {
    Route route = with(List.of(), cors(true, true, "http://a"), List.of(), OptionalInt.empty());

    Fields fields = worn(route, get("h", "/"), "Vary", "Accept-Encoding");

    assertThat(names(fields)).noneMatch(name -> name.startsWith("Access-Control"));
    assertThat(fields.value("Vary")).isEqualTo("Accept-Encoding, Origin");
  }

  @Test
  void a_simple_request_gets_what_is_for_it_and_a_preflight_all_of_it() {
    Route route = with(List.of(), cors(true, true, "http://a"), List.of(), OptionalInt.empty());

    Fields simple = worn(route, get("h", "/", "Origin", "http://a"));
    Fields preflight =
        worn(
            route,
            preflight(
                "Access-Control-Request-Headers", "X-One-Amz, authorization, x-two, x-a-amz"));

    assertThat(names(simple))
        .containsExactlyInAnyOrder(
            "Access-Control-Allow-Origin",
            "Access-Control-Allow-Credentials",
            "Access-Control-Expose-Headers",
            "Vary");
    assertThat(simple.value("Access-Control-Expose-Headers")).isEqualTo("X-Seen, ETag");
    assertThat(simple.value("Access-Control-Allow-Credentials")).isEqualTo("true");
    assertThat(preflight.value("Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
    assertThat(preflight.value("Access-Control-Allow-Headers"))
        .isEqualTo("Content-Type, x-one-amz, x-a-amz");
    assertThat(preflight.value("Access-Control-Max-Age")).isEqualTo("600");
    assertThat(preflight.value("Access-Control-Allow-Origin")).isEqualTo("http://a");
  }

  @Test
  void all_methods_are_seven_and_an_asterisk_stands_for_itself() {
    Route route =
        with(
            List.of(),
            new ResponseHeadersPolicy.Cors(
                false,
                List.of("*"),
                List.of("ALL"),
                List.of("*"),
                List.of("*"),
                OptionalInt.empty(),
                false),
            List.of(),
            OptionalInt.empty());

    Fields fields = worn(route, preflight("Access-Control-Request-Headers", "x-any"));

    assertThat(fields.value("Access-Control-Allow-Methods"))
        .isEqualTo("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
    assertThat(fields.value("Access-Control-Allow-Headers")).isEqualTo("*");
    assertThat(fields.value("Access-Control-Expose-Headers")).isEqualTo("*");
    assertThat(fields.has("Access-Control-Allow-Credentials")).isFalse();
    assertThat(fields.has("Access-Control-Max-Age")).isFalse();
  }

  @Test
  void without_override_any_cors_header_of_the_origin_keeps_all_of_the_policys_away() {
    Route route = with(List.of(), cors(true, false, "http://a"), List.of(), OptionalInt.empty());

    Fields fields =
        worn(
            route,
            get("h", "/", "Origin", "http://a"),
            "Access-Control-Expose-Headers",
            "X-Origins");

    assertThat(names(fields)).containsExactly("Access-Control-Expose-Headers");
  }

  @Test
  void a_header_of_the_origin_that_is_removed_keeps_nothing_away() {
    Route route =
        with(
            List.of("Access-Control-Allow-Origin"),
            cors(false, false, "http://a"),
            List.of(),
            OptionalInt.empty());

    Fields fields =
        worn(route, get("h", "/", "Origin", "http://a"), "Access-Control-Allow-Origin", "*");

    assertThat(fields.all("Access-Control-Allow-Origin")).containsExactly("http://a");
  }

  @Test
  void with_override_the_policys_take_the_place_of_the_origins() {
    Route route = with(List.of(), cors(false, true, "http://a"), List.of(), OptionalInt.empty());

    Fields fields =
        worn(
            route,
            get("h", "/", "Origin", "http://a"),
            "Access-Control-Allow-Origin",
            "*",
            "access-control-allow-credentials",
            "true");

    assertThat(fields.all("Access-Control-Allow-Origin")).containsExactly("http://a");
    assertThat(fields.has("Access-Control-Allow-Credentials")).isFalse();
  }

  // ---- Server-Timing

  @Test
  void server_timing_is_on_all_responses_or_on_those_that_ask_for_it() {
    Route all = with(List.of(), null, List.of(), OptionalInt.of(1_000_000));
    Route none = with(List.of(), null, List.of(), OptionalInt.of(0));
    Route half = with(List.of(), null, List.of(), OptionalInt.of(500_000));

    assertThat(worn(all, get("h", "/")).has("Server-Timing")).isTrue();
    assertThat(worn(none, get("h", "/")).has("Server-Timing")).isFalse();
    assertThat(worn(none, get("h", "/", "Pragma", "server-timing")).has("Server-Timing")).isTrue();
    assertThat(worn(plain(), get("h", "/", "Pragma", "server-timing")).has("Server-Timing"))
        .isFalse();
    int sampled = 0;
    for (int i = 0; i < 1_000; i++) {
      String id = Integer.toHexString(i * 7919) + "=";
      sampled += worn(half, Visits.named(id)).has("Server-Timing") ? 1 : 0;
    }
    assertThat(sampled).isBetween(400, 600);
  }

  @Test
  void server_timing_says_how_the_response_came_about() {
    Route route = with(List.of(), null, List.of(), OptionalInt.of(1_000_000));
    PlainStored object = new PlainStored(200, "x", "Server-Timing", "db;dur=5");
    Request request = get("h", "/");

    String hit = timing(finished(route, request, object, HIT));
    String miss =
        timing(
            Finish.finished(
                route,
                request,
                Dress.stored(route, request, object, MISS),
                facts(42_000_000, 50_000_000)));

    assertThat(hit)
        .isEqualTo(
            "cdn-cache-hit, cdn-pop;desc=\"FRA1-P1\", cdn-rid;desc=\""
                + request.id()
                + "\", cdn-hit-layer;desc=\"EDGE\", cdn-downstream-fbl;dur=0");
    assertThat(miss)
        .isEqualTo(
            "db;dur=5, cdn-upstream-layer;desc=\"EDGE\", cdn-upstream-dns;dur=3,"
                + " cdn-upstream-connect;dur=21, cdn-upstream-fbl;dur=17, cdn-cache-miss,"
                + " cdn-pop;desc=\"FRA1-P1\", cdn-rid;desc=\""
                + request.id()
                + "\", cdn-downstream-fbl;dur=50");
    assertThat(
            timing(
                finished(route, request, object, new Stamp("id", ResultType.REFRESH_HIT, 0, "x"))))
        .contains("cdn-cache-refresh");
  }

  private static String timing(Response response) {
    assertThat(response.head().fields().all("Server-Timing")).hasSize(1);
    return response.head().fields().first("Server-Timing").orElseThrow();
  }

  private static Finish.Facts facts(long originNanos, long now) {
    return new Finish.Facts(plain(), null, originNanos, new Approach(3_999_999, 21_000_000), now);
  }

  private static Route plain() {
    return route(distribution("EA", List.of(), behavior("*", "P")), policy("P"));
  }

  private static Route with(
      List<String> removed,
      ResponseHeadersPolicy.@Nullable Cors cors,
      List<Header> headers,
      OptionalInt timing) {
    return plain()
        .with(
            new ResponseHeadersPolicy(
                "R", "R", removed, Optional.ofNullable(cors), headers, timing));
  }

  private static ResponseHeadersPolicy.Cors cors(
      boolean credentials, boolean override, String origin) {
    return new ResponseHeadersPolicy.Cors(
        credentials,
        List.of("Content-Type", "x-*-amz", "auth*"),
        List.of("GET", "PUT"),
        List.of(origin),
        List.of("X-Seen", "ETag"),
        OptionalInt.of(600),
        override);
  }

  private static Request preflight(String... fields) {
    return request(
        Method.OPTIONS,
        "h",
        "/",
        Visits.HTTP,
        Protocol.HTTP_1_1,
        "",
        "Origin",
        "http://a",
        "Access-Control-Request-Method",
        "PUT",
        fields[0],
        fields[1]);
  }

  private static Response finished(Route route, Request request, PlainStored object, Stamp stamp) {
    return Finish.finished(
        route, request, Dress.stored(route, request, object, stamp), facts(-1, 0));
  }

  private static Fields worn(Route route, Request request, String... fields) {
    return finished(route, request, new PlainStored(200, "x", fields), HIT).head().fields();
  }

  private static List<String> names(Fields fields) {
    List<String> names = new java.util.ArrayList<>();
    fields.forEach((name, _) -> names.add(name));
    return names;
  }
}
