package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.asking;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import warmfront.bytes.Flow;
import warmfront.distribution.CloudFrontHeader;
import warmfront.distribution.NameSet;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.edge.Visits;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Hello;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.Tls;
import warmfront.http.Fields;
import warmfront.http.Method;

final class ViewerFactsTest {
  private static final OriginRequests ASK = new OriginRequests("e1.cloudfront.net");
  private static final String[] ALL_NAMES =
      Arrays.stream(CloudFrontHeader.values()).map(CloudFrontHeader::title).toArray(String[]::new);
  private static final Hello HELLO =
      new Hello(
          0x0303,
          new int[] {0x1301},
          new int[] {0, 43},
          new Hello.Offers(new int[0], new int[0], new int[0], new int[0], "h2"));

  /** Everything about one network; nothing about others. */
  private static final Atlas ATLAS =
      new Atlas() {
        @Override
        public Optional<String> country(InetAddress address) {
          return isKnown(address) ? Optional.of("DE") : Optional.empty();
        }

        @Override
        public int system(InetAddress address) {
          return isKnown(address) ? 64_500 : 0;
        }

        @Override
        public Spot spot(InetAddress address) {
          return isKnown(address)
              ? new Spot(
                  "Köln",
                  "NW",
                  "North Rhine-Westphalia",
                  "50.93000",
                  "6.95000",
                  "",
                  "50667",
                  "Europe/Berlin")
              : Spot.UNKNOWN;
        }

        private boolean isKnown(InetAddress address) {
          return address.getHostAddress().startsWith("192.0.2.");
        }
      };

  private static Route wanting(String... names) {
    return route(distribution("EA", List.of(), behavior("*", "P")), policy("P"))
        .asking(asking(HeaderMode.WHITELIST, names));
  }

  private static Fields told(Route route, Request request) {
    return ASK.shared(route, ViewerFacts.told(route, request, () -> ATLAS)).fields();
  }

  private static Request from(String address, Optional<Tls> tls, String... fields) {
    return new Request(
        "id",
        Method.GET,
        "h",
        "/",
        null,
        Fields.of(fields),
        Flow.empty(),
        0,
        Protocol.HTTP_2,
        tls,
        Visits.HTTPS,
        new InetSocketAddress(InetAddress.ofLiteral(address), 4711),
        100,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "CloudFront-Forwarded-Proto,            https",
    "CloudFront-Is-Android-Viewer,          true",
    "CloudFront-Is-Desktop-Viewer,          false",
    "CloudFront-Is-IOS-Viewer,              false",
    "CloudFront-Is-Mobile-Viewer,           true",
    "CloudFront-Is-SmartTV-Viewer,          false",
    "CloudFront-Is-Tablet-Viewer,           false",
    "CloudFront-Viewer-Address,             192.0.2.7:4711",
    "CloudFront-Viewer-ASN,                 64500",
    "CloudFront-Viewer-City,                K%C3%B6ln",
    "CloudFront-Viewer-Country,             DE",
    "CloudFront-Viewer-Country-Name,        Germany",
    "CloudFront-Viewer-Country-Region,      NW",
    "CloudFront-Viewer-Country-Region-Name, North Rhine-Westphalia",
    "CloudFront-Viewer-Header-Count,        3",
    "CloudFront-Viewer-Header-Order,        host:User-Agent:X-A",
    "CloudFront-Viewer-Http-Version,        2.0",
    "CloudFront-Viewer-JA3-Fingerprint,     56c6570d0a7ba0fe6e87bebfd10931de",
    "CloudFront-Viewer-JA4-Fingerprint,     t12d0102h2_0f2cb44170f4_b9a491fefe05",
    "CloudFront-Viewer-Latitude,            50.93000",
    "CloudFront-Viewer-Longitude,           6.95000",
    "CloudFront-Viewer-Postal-Code,         50667",
    "CloudFront-Viewer-Time-Zone,           Europe/Berlin",
    "CloudFront-Viewer-TLS,                 TLSv1.3:TLS_AES_128_GCM_SHA256:sessionResumed",
  })
  void a_header_that_a_policy_names_says_what_the_edge_knows(String name, String expected) {
    Tls tls =
        new Tls(
            "TLSv1.3",
            "TLS_AES_128_GCM_SHA256",
            "h",
            "",
            Tls.Beginning.SESSION_RESUMED,
            Optional.of(HELLO));
    Request request =
        from(
            "192.0.2.7",
            Optional.of(tls),
            "host",
            "h",
            "User-Agent",
            "Mozilla/5.0 (Linux; Android 14) Mobile",
            "X-A",
            "1");

    assertThat(told(wanting(name), request).all(name)).containsExactly(expected);
  }

  @ParameterizedTest
  @EnumSource(CloudFrontHeader.class)
  void what_the_viewer_says_under_such_a_name_never_reaches_the_origin(CloudFrontHeader header) {
    Request request = from("203.0.113.1", Optional.empty(), header.title(), "forged");
    Route all =
        route(distribution("EA", List.of(), behavior("*", "P")), policy("P"))
            .asking(asking(HeaderMode.ALL_VIEWER));

    assertThat(told(wanting(header.title()), request).all(header.title())).doesNotContain("forged");
    assertThat(told(wanting(ALL_NAMES), request).all(header.title())).doesNotContain("forged");
    assertThat(told(all, request).has(header.title())).isFalse();
  }

  @Test
  void what_is_not_known_has_no_header() {
    Fields fields = told(wanting(ALL_NAMES), from("2001:db8::1", Optional.empty()));

    assertThat(fields.value("CloudFront-Viewer-Address")).isEqualTo("2001:db8:0:0:0:0:0:1:4711");
    for (String name :
        List.of(
            "CloudFront-Viewer-ASN",
            "CloudFront-Viewer-City",
            "CloudFront-Viewer-Country",
            "CloudFront-Viewer-Country-Name",
            "CloudFront-Viewer-Metro-Code",
            "CloudFront-Viewer-JA3-Fingerprint",
            "CloudFront-Viewer-JA4-Fingerprint",
            "CloudFront-Viewer-TLS")) {
      assertThat(fields.has(name)).as(name).isFalse();
    }
  }

  @Test
  void facts_in_the_cache_policy_split_the_cache_and_facts_for_the_origin_do_not() {
    Keys keys = new Keys(new HashKey(1, 2));
    Route keyed =
        route(
            distribution("EA", List.of(), behavior("*", "P")),
            policy("P", NameSet.only("CloudFront-Viewer-Country"), NameSet.NONE, NameSet.NONE));
    Request here = from("192.0.2.7", Optional.empty());
    Request there = from("203.0.113.1", Optional.empty(), "CloudFront-Viewer-Country", "DE");
    Route wanting = wanting("CloudFront-Viewer-Country");

    assertThat(keys.key(keyed, ViewerFacts.told(keyed, here, () -> ATLAS)))
        .isNotEqualTo(keys.key(keyed, ViewerFacts.told(keyed, there, () -> ATLAS)));
    assertThat(keys.key(wanting, ViewerFacts.told(wanting, here, () -> ATLAS)))
        .isEqualTo(keys.key(wanting, ViewerFacts.told(wanting, there, () -> ATLAS)));
  }

  @Test
  void a_request_of_which_nothing_is_wanted_stays_the_same() {
    Route plain = route(distribution("EA", List.of(), behavior("*", "P")), policy("P"));
    Request request = get("h", "/", "CloudFront-Viewer-Country", "XX");

    assertThat(ViewerFacts.told(plain, request, () -> ATLAS)).isSameAs(request);
    assertThat(ViewerFacts.genuine(plain, request).fields().size()).isZero();
  }

  @Test
  void the_order_of_headers_is_cut_at_7680_characters() {
    String[] many = new String[400];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "X-Name-That-Is-Fifty-Characters-Long-" + "%013d".formatted(i);
      many[i + 1] = "1";
    }
    Route route = wanting("CloudFront-Viewer-Header-Order", "CloudFront-Viewer-Header-Count");

    Fields fields = told(route, get("h", "/", many));

    assertThat(fields.value("CloudFront-Viewer-Header-Order")).hasSize(7_680).startsWith("X-Name");
    assertThat(fields.value("CloudFront-Viewer-Header-Count")).isEqualTo("200");
  }

  @Test
  void over_plain_http_the_protocol_says_so() {
    Request request = request(Method.GET, "h", "/", Visits.HTTP, Protocol.HTTP_1_0, "");
    Route route = wanting("CloudFront-Forwarded-Proto", "CloudFront-Viewer-Http-Version");

    assertThat(told(route, request).value("CloudFront-Forwarded-Proto")).isEqualTo("http");
    assertThat(told(route, request).value("CloudFront-Viewer-Http-Version")).isEqualTo("1.0");
  }
}
