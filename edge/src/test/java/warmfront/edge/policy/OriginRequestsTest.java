package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.NameSet;
import warmfront.edge.PlainStored;
import warmfront.edge.Visits;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.http.Fields;
import warmfront.http.Method;

final class OriginRequestsTest {
  private static final OriginRequests ASK = new OriginRequests("e1.cloudfront.net");
  private static final Distribution SITE =
      distribution("EA", List.of(), behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL));
  private static final String[] BROWSER = {
    "Host", "www.example.com:8080",
    "User-Agent", "curl/8",
    "Accept", "text/html",
    "Accept-Language", "de",
    "Accept-Encoding", "gzip, br, zstd",
    "Authorization", "Bearer x",
    "Cookie", "a=1",
    "Range", "bytes=0-9",
    "If-None-Match", "\"x\"",
    "CloudFront-Viewer-Country", "XX",
    "X-Forwarded-For", "198.51.100.1",
    "Via", "1.1 proxy",
    "CDN-Loop", "other",
    "Expect", "100-continue",
    "X-Amz-Cf-Id", "forged",
    "X-Edge-Thing", "1"
  };

  @Test
  void a_shared_request_has_only_what_the_policy_names_and_the_mechanics() {
    OriginRequest asked = ASK.shared(route(SITE, policy("P")), get("h", "/a?b=1", BROWSER));

    assertThat(asked.fields())
        .isEqualTo(
            Fields.of(
                "Accept-Encoding",
                "br,gzip",
                "User-Agent",
                "Amazon CloudFront",
                "X-Amz-Cf-Id",
                get("h", "/").id(),
                "Via",
                "1.1 proxy, 1.1 e1.cloudfront.net (CloudFront)",
                "X-Forwarded-For",
                "198.51.100.1, 192.0.2.7",
                "CDN-Loop",
                "other, warmfront",
                "Range",
                "bytes=0-1048575"));
    assertThat(asked.host()).isEmpty();
    assertThat(asked.target()).isEqualTo("/a");
    assertThat(asked.method()).isEqualTo(Method.GET);
  }

  @Test
  void a_head_asks_for_the_object_that_a_get_may_share() {
    Request head = request(Method.HEAD, "h", "/a", Visits.HTTP, Protocol.HTTP_2, "");

    OriginRequest asked = ASK.shared(route(SITE, policy("P")), head);

    assertThat(asked.method()).isEqualTo(Method.GET);
    assertThat(asked.fields().value("Via")).isEqualTo("2.0 e1.cloudfront.net (CloudFront)");
  }

  @Test
  void headers_of_the_policy_go_to_the_origin_and_cloudfronts_own_are_never_the_viewers() {
    CachePolicy policy =
        policy(
            "P",
            NameSet.only(
                "Host",
                "Accept-Language",
                "Authorization",
                "User-Agent",
                "CloudFront-Viewer-Country",
                "CloudFront-Forwarded-Proto"),
            NameSet.NONE,
            NameSet.NONE);

    Route route = route(SITE, policy);
    OriginRequest asked =
        ASK.shared(route, ViewerFacts.told(route, get("h", "/a", BROWSER), () -> Atlas.NONE));

    assertThat(asked.host()).isEqualTo("www.example.com:8080");
    assertThat(asked.fields().value("Accept-Language")).isEqualTo("de");
    assertThat(asked.fields().value("Authorization")).isEqualTo("Bearer x");
    assertThat(asked.fields().value("User-Agent")).isEqualTo("curl/8");
    assertThat(asked.fields().value("CloudFront-Forwarded-Proto")).isEqualTo("http");
    assertThat(asked.fields().has("CloudFront-Viewer-Country")).isFalse();
    assertThat(asked.fields().has("Accept")).isFalse();
  }

  @Test
  void a_stale_object_is_confirmed_by_its_validators_but_not_where_cookies_are_forwarded() {
    var stale = new PlainStored(200, "x", "ETag", "\"1\"", "Last-Modified", "yesterday");
    CachePolicy cookies = policy("P", NameSet.NONE, NameSet.ALL, NameSet.NONE);

    Fields asked = ASK.confirming(route(SITE, policy("P")), get("h", "/", BROWSER), stale).fields();
    Fields whole = ASK.confirming(route(SITE, cookies), get("h", "/", BROWSER), stale).fields();

    assertThat(asked.value("If-None-Match")).isEqualTo("\"1\"");
    assertThat(asked.value("If-Modified-Since")).isEqualTo("yesterday");
    assertThat(whole.has("If-None-Match")).isFalse();
    assertThat(whole.value("Cookie")).isEqualTo("a=1");
  }

  @Test
  void what_varies_by_anything_is_not_asked_for_with_conditions_unless_min_ttl_keeps_it() {
    var stale = new PlainStored(200, "x", "ETag", "\"1\"", "Vary", "*");
    CachePolicy keeping = policy("P");
    CachePolicy obeying =
        new CachePolicy(
            "Q",
            "Q",
            Duration.ZERO,
            keeping.defaultTtl(),
            keeping.maxTtl(),
            true,
            true,
            NameSet.NONE,
            NameSet.NONE,
            NameSet.NONE);

    assertThat(ASK.confirming(route(SITE, obeying), get("h", "/"), stale).fields())
        .matches(fields -> !fields.has("If-None-Match"));
    assertThat(ASK.confirming(route(SITE, keeping), get("h", "/"), stale).fields())
        .matches(fields -> fields.has("If-None-Match"));
  }

  @Test
  void a_passing_get_keeps_range_and_conditions_but_no_authorization() {
    Route route = route(SITE, noCaching("P"));

    Fields asked = ASK.passing(route, get("h", "/", BROWSER)).fields();

    assertThat(asked.value("Range")).isEqualTo("bytes=0-9");
    assertThat(asked.value("If-None-Match")).isEqualTo("\"x\"");
    assertThat(asked.value("Accept-Encoding")).isEqualTo("identity");
    assertThat(asked.has("Authorization")).isFalse();
    assertThat(asked.has("Cookie")).isFalse();
    assertThat(asked.has("Expect")).isFalse();
  }

  @Test
  void a_post_keeps_its_body_what_describes_it_and_its_authorization() {
    Route route = route(SITE, policy("P"));
    Request post =
        request(
            Method.POST,
            "h",
            "/form",
            Visits.HTTPS,
            Protocol.HTTP_1_1,
            "a=b",
            "Content-Type",
            "text/plain",
            "Authorization",
            "Bearer x");

    OriginRequest asked = ASK.passing(route, post);

    assertThat(asked.method()).isEqualTo(Method.POST);
    assertThat(asked.bodyLength()).isEqualTo(3);
    assertThat(asked.body()).isSameAs(post.body());
    assertThat(asked.viewerSecure()).isTrue();
    assertThat(asked.fields().value("Content-Type")).isEqualTo("text/plain");
    assertThat(asked.fields().value("Authorization")).isEqualTo("Bearer x");
  }

  @Test
  void the_legacy_setting_for_all_headers_forwards_them_all() {
    CachePolicy all = policy("P", NameSet.ALL, NameSet.ALL, NameSet.ALL);

    OriginRequest asked = ASK.passing(route(SITE, all), get("h", "/a?b", BROWSER));

    assertThat(asked.host()).isEqualTo("www.example.com:8080");
    assertThat(asked.target()).isEqualTo("/a?b");
    assertThat(asked.fields().value("Accept")).isEqualTo("text/html");
    assertThat(asked.fields().value("Authorization")).isEqualTo("Bearer x");
    assertThat(asked.fields().value("User-Agent")).isEqualTo("curl/8");
    assertThat(asked.fields().all("Range")).containsExactly("bytes=0-9");
    assertThat(asked.fields().has("X-Edge-Thing")).isFalse();
    assertThat(asked.fields().has("Expect")).isFalse();
  }
}
