package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.asking;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.bucket;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.legacy;
import static warmfront.edge.Pictures.noCaching;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.distribution.Behavior;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.edge.PlainStored;
import warmfront.edge.Visits;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * CloudFront's tables of headers, row by row, in both directions ("Request and response behavior
 * for custom origins", "... for Amazon S3 origins"). Legacy settings send on what is not listed
 * under "removes"; policies send on what they name.
 */
final class HeaderTableTest {
  private static final OriginRequests ASK = new OriginRequests("e1.cloudfront.net");
  private static final CachePolicy PLAIN = policy("P");
  private static final Origin SERVER = origin("origin.test", 80);

  private static Route withLegacy(CachePolicy settings, Origin origin) {
    return route(distribution("EL", List.of(), origin, legacy(settings)), settings);
  }

  private static Route withPolicy(CachePolicy policy, Origin origin) {
    Behavior behavior = behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL);
    return route(distribution("EP", List.of(), origin, behavior), policy);
  }

  private static CachePolicy keyed(String... headers) {
    return policy("P", NameSet.only(headers), NameSet.NONE, NameSet.NONE);
  }

  private static @Nullable String sent(Route route, Request request, String name) {
    return ASK.shared(route, request).fields().value(name);
  }

  /**
   * What becomes of a viewer's header "Name: said" on its way to a custom origin, on a GET that
   * others may share: by legacy settings that do not list it, by policies that do not, by one that
   * lists it in the cache key, and by an origin request policy for all the viewer's headers.
   */
  @ParameterizedTest
  @CsvSource({
    "Accept,                     gone, gone, sent, sent",
    "Accept-Charset,             gone, gone, sent, sent",
    "Accept-Language,            gone, gone, sent, sent",
    "Referer,                    gone, gone, sent, sent",
    "Authorization,              gone, gone, sent, sent",
    "Cache-Control,              sent, gone, sent, sent",
    "Pragma,                     sent, gone, sent, sent",
    "Connection,                 gone, gone, gone, gone",
    "Keep-Alive,                 gone, gone, gone, gone",
    "Content-MD5,                sent, gone, sent, sent",
    "Content-Type,               sent, gone, sent, sent",
    "Cookie,                     gone, gone, gone, gone",
    "Date,                       sent, gone, sent, sent",
    "Expect,                     gone, gone, gone, gone",
    "From,                       sent, gone, sent, sent",
    "Origin,                     sent, gone, sent, sent",
    "Warning,                    sent, gone, sent, sent",
    "Max-Forwards,               sent, gone, sent, sent",
    "Proxy-Authenticate,         gone, gone, gone, gone",
    "Proxy-Authorization,        gone, gone, gone, gone",
    "Proxy-Connection,           gone, gone, gone, gone",
    "TE,                         gone, gone, gone, gone",
    "Trailer,                    gone, gone, gone, gone",
    "Transfer-Encoding,          gone, gone, gone, gone",
    "Upgrade,                    gone, gone, gone, gone",
    "X-Edge-Anything,            gone, gone, gone, gone",
    "X-Forwarded-Proto,          gone, gone, gone, gone",
    "X-Real-IP,                  gone, gone, gone, gone",
    "X-HTTP-Method-Override,     gone, gone, sent, sent",
    "X-Anything,                 sent, gone, sent, sent",
    "CloudFront-Viewer-Address,  gone, gone, gone, gone",
    "CloudFront-Anything,        gone, gone, gone, gone",
    "Warmfront-Anything,         gone, gone, gone, gone",
    "Request-Range,              gone, gone, sent, gone",
    "If-Match,                   gone, gone, sent, gone",
    "If-None-Match,              gone, gone, sent, gone",
    "If-Modified-Since,          gone, gone, sent, gone",
    "If-Unmodified-Since,        gone, gone, sent, gone",
    "If-Range,                   gone, gone, sent, gone",
  })
  void a_header_goes_to_a_custom_origin_or_is_removed(
      String name, String byLegacy, String byPolicy, String listed, String byAll) {
    Request request = get("h", "/", name, "said");
    Route all = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.ALL_VIEWER));

    assertThat(fate(sent(withLegacy(PLAIN, SERVER), request, name))).isEqualTo(byLegacy);
    assertThat(fate(sent(withPolicy(PLAIN, SERVER), request, name))).isEqualTo(byPolicy);
    if (!name.startsWith("CloudFront-") && !name.startsWith("X-Edge-")) {
      assertThat(fate(sent(withPolicy(keyed(name), SERVER), request, name))).isEqualTo(listed);
    }
    assertThat(fate(sent(all, request, name))).isEqualTo(byAll);
  }

  private static String fate(@Nullable String value) {
    return value == null ? "gone" : value.equals("said") ? "sent" : value;
  }

  @Test
  void conditions_and_ranges_go_on_where_the_cache_has_no_part() {
    String[] names = {
      "Range",
      "If-Range",
      "If-Match",
      "If-None-Match",
      "If-Modified-Since",
      "If-Unmodified-Since",
      "Request-Range"
    };
    for (String name : names) {
      Request request = get("h", "/", name, "said");
      CachePolicy none = noCaching("P");

      Fields byLegacy = ASK.passing(withLegacy(none, SERVER), request).fields();
      Fields byPolicy = ASK.passing(withPolicy(none, SERVER), request).fields();

      assertThat(byLegacy.value(name)).as(name).isEqualTo("said");
      assertThat(byPolicy.has(name)).as(name).isEqualTo(!name.equals("Request-Range"));
      Route listed = withPolicy(none, SERVER).asking(asking(HeaderMode.WHITELIST, name));
      assertThat(ASK.passing(listed, request).fields().value(name)).isEqualTo("said");
      assertThat(sent(listed, request, name)).as(name).isNotEqualTo("said");
    }
  }

  @Test
  void user_agent_is_replaced_unless_it_is_listed_or_all_headers_go_on() {
    Request request = get("h", "/", "User-Agent", "curl/8");
    Route all = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.ALL_VIEWER));
    Route listed = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.WHITELIST, "user-agent"));
    Route but = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.ALL_EXCEPT, "USER-AGENT"));

    assertThat(sent(withLegacy(PLAIN, SERVER), request, "User-Agent"))
        .isEqualTo("Amazon CloudFront");
    assertThat(sent(withPolicy(PLAIN, SERVER), request, "User-Agent"))
        .isEqualTo("Amazon CloudFront");
    assertThat(sent(withPolicy(keyed("User-Agent"), SERVER), request, "User-Agent"))
        .isEqualTo("curl/8");
    assertThat(sent(all, request, "User-Agent")).isEqualTo("curl/8");
    assertThat(sent(listed, request, "User-Agent")).isEqualTo("curl/8");
    assertThat(sent(but, request, "User-Agent")).isEqualTo("Amazon CloudFront");
  }

  @Test
  void host_is_the_origins_unless_it_is_listed_or_all_headers_go_on() {
    Request request = get("h", "/", "Host", "www.example.com:8080");
    Route all = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.ALL_VIEWER));
    Route listed = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.WHITELIST, "host"));
    Route but = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.ALL_EXCEPT, "Host"));

    assertThat(ASK.shared(withLegacy(PLAIN, SERVER), request).host()).isEmpty();
    assertThat(ASK.shared(withPolicy(PLAIN, SERVER), request).host()).isEmpty();
    assertThat(ASK.shared(withPolicy(keyed("Host"), SERVER), request).host())
        .isEqualTo("www.example.com:8080");
    assertThat(ASK.shared(all, request).host()).isEqualTo("www.example.com:8080");
    assertThat(ASK.shared(listed, request).host()).isEqualTo("www.example.com:8080");
    assertThat(ASK.shared(but, request).host()).isEmpty();
  }

  @Test
  void a_bucket_never_gets_the_viewers_host_nor_what_would_have_it_do_something_else() {
    Request request =
        get("h", "/", "Host", "www.example.com", "X-Amz-Copy-Source", "/other/secret", "X-A", "1");
    Route all = withPolicy(PLAIN, bucket()).asking(asking(HeaderMode.ALL_VIEWER));
    CachePolicy listed = keyed("Host", "X-Amz-Copy-Source");
    for (Route route : List.of(withLegacy(PLAIN, bucket()), all)) {
      OriginRequest asked = ASK.shared(route, request);

      assertThat(asked.host()).isEmpty();
      assertThat(asked.fields().has("X-Amz-Copy-Source")).isFalse();
      assertThat(asked.fields().value("X-A")).isEqualTo("1");
    }
    OriginRequest asked = ASK.shared(withPolicy(listed, bucket()), request);
    assertThat(asked.host()).isEmpty();
    assertThat(asked.fields().value("X-Amz-Copy-Source")).isEqualTo("/other/secret");
    assertThat(sent(withLegacy(PLAIN, SERVER), request, "X-Amz-Copy-Source"))
        .isEqualTo("/other/secret");
  }

  /** The field's fate by method: cached ones lose it, others keep it. */
  @ParameterizedTest
  @CsvSource({
    "GET,     '',      gone",
    "HEAD,    '',      gone",
    "OPTIONS, '',      sent",
    "OPTIONS, OPTIONS, gone",
    "DELETE,  '',      sent",
    "PATCH,   '',      sent",
    "POST,    '',      sent",
    "PUT,     '',      sent",
  })
  void authorization_goes_on_where_the_method_is_never_cached(
      String method, String alsoCached, String fate) {
    Set<Method> cached =
        alsoCached.isEmpty()
            ? Set.of(Method.GET, Method.HEAD)
            : Set.of(Method.GET, Method.HEAD, Method.OPTIONS);
    Behavior behavior =
        new Behavior(
            "*",
            "site",
            ViewerProtocol.ALLOW_ALL,
            ALL,
            cached,
            Optional.of("P"),
            Optional.empty(),
            Behavior.Options.NONE);
    Distribution site = distribution("EA", List.of(), SERVER, behavior);
    Request request =
        request(
            Method.of(method),
            "h",
            "/",
            Visits.HTTP,
            Protocol.HTTP_1_1,
            "",
            "Authorization",
            "said");

    Fields passing = ASK.passing(route(site, noCaching("P")), request).fields();
    Fields withAll =
        ASK.passing(route(site, noCaching("P")).asking(asking(HeaderMode.ALL_VIEWER)), request)
            .fields();
    Fields without =
        ASK.passing(
                route(site, noCaching("P")).asking(asking(HeaderMode.ALL_EXCEPT, "Authorization")),
                request)
            .fields();

    assertThat(fate(passing.value("Authorization"))).isEqualTo(fate);
    assertThat(fate(withAll.value("Authorization"))).isEqualTo("sent");
    assertThat(fate(without.value("Authorization"))).isEqualTo(fate);
  }

  /**
   * Accept-Encoding in the key and at the origin: the policy's two flags, whether it lists the
   * header by hand, and what an origin request policy says of headers.
   */
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "true,  true,  false, NONE,       'gzip, br, zstd', 'br,gzip',        'br,gzip'",
        "true,  true,  false, ALL_VIEWER, 'gzip, br, zstd', 'br,gzip',        'br,gzip'",
        "true,  false, false, NONE,       'gzip, br, zstd', gzip,             gzip",
        "false, true,  false, ALL_VIEWER, 'gzip, br, zstd', br,               br",
        "true,  true,  false, NONE,       zstd,             identity,         identity",
        "true,  true,  false, NONE,       none,             none,             none",
        "true,  true,  false, ALL_VIEWER, none,             none,             none",
        "true,  true,  true,  NONE,       'gzip, br, zstd', 'gzip, br, zstd', 'gzip, br, zstd'",
        "false, false, true,  NONE,       'gzip, br, zstd', 'gzip, br, zstd', 'gzip, br, zstd'",
        "false, false, false, NONE,       'gzip, br, zstd', identity,         identity",
        "false, false, false, ALL_VIEWER, 'gzip, br, zstd', identity,         'gzip, br, zstd'",
        "false, false, false, ALL_EXCEPT, 'gzip, br, zstd', identity,         identity",
      })
  void accept_encoding_is_driven_by_the_cache_policy(
      boolean gzip,
      boolean brotli,
      boolean listed,
      HeaderMode mode,
      @Nullable String said,
      @Nullable String inKey,
      @Nullable String atOrigin) {
    CachePolicy plain = policy("P");
    CachePolicy policy =
        new CachePolicy(
            "P",
            "P",
            plain.minTtl(),
            plain.defaultTtl(),
            plain.maxTtl(),
            gzip,
            brotli,
            listed ? NameSet.only("accept-encoding") : NameSet.NONE,
            NameSet.NONE,
            NameSet.NONE);
    Route route =
        withPolicy(policy, SERVER)
            .asking(mode == HeaderMode.ALL_EXCEPT ? asking(mode, "Accept-Encoding") : asking(mode));
    Request request = said == null ? get("h", "/") : get("h", "/", "Accept-Encoding", said);

    assertThat(Plan.of(route).encoding(request)).isEqualTo(inKey);
    assertThat(sent(route, request, "Accept-Encoding")).isEqualTo(atOrigin);
  }

  @Test
  void what_the_edge_says_of_itself_is_added_whatever_the_viewer_said() {
    Request request =
        get("h", "/", "Via", "1.0 a", "X-Forwarded-For", "10.0.0.1", "X-Amz-Cf-Id", "forged");
    Route all = withPolicy(PLAIN, SERVER).asking(asking(HeaderMode.ALL_VIEWER));
    for (Route route : List.of(withLegacy(PLAIN, SERVER), withPolicy(PLAIN, SERVER), all)) {
      Fields fields = ASK.shared(route, request).fields();

      assertThat(fields.all("Via")).containsExactly("1.0 a, 1.1 e1.cloudfront.net (CloudFront)");
      assertThat(fields.all("X-Forwarded-For")).containsExactly("10.0.0.1, 192.0.2.7");
      assertThat(fields.all("X-Amz-Cf-Id")).containsExactly(request.id());
      assertThat(fields.all("CDN-Loop")).containsExactly("warmfront");
    }
  }

  /**
   * What becomes of an origin's header "Name: said" on its way to the viewer, where cookies are not
   * forwarded: from a custom origin and from a bucket.
   */
  @ParameterizedTest
  @CsvSource({
    "Set-Cookie,         gone, gone",
    "Trailer,            gone, gone",
    "Upgrade,            gone, gone",
    "Transfer-Encoding,  gone, gone",
    "Connection,         gone, gone",
    "Proxy-Authenticate, gone, gone",
    "Via,                gone, gone",
    "Age,                gone, gone",
    "X-Cache,            gone, gone",
    "X-Amz-Cf-Pop,       gone, gone",
    "X-Amz-Cf-Id,        gone, gone",
    "X-Amz-Id-2,         sent, gone",
    "X-Amz-Request-Id,   sent, gone",
    "X-Amz-Meta-Color,   sent, sent",
    "Server,             sent, sent",
    "Date,               sent, sent",
    "Cache-Control,      sent, sent",
    "X-Anything,         sent, sent",
  })
  void a_header_goes_to_the_viewer_or_is_removed(String name, String ofServer, String ofBucket) {
    Route server = withPolicy(PLAIN, SERVER);
    Route bucket = withPolicy(PLAIN, bucket());

    assertThat(fate(dressed(server, name, "said").value(name))).isEqualTo(ofServer);
    assertThat(fate(dressed(bucket, name, "said").value(name))).isEqualTo(ofBucket);
  }

  @Test
  void set_cookie_stays_where_any_policy_or_legacy_setting_forwards_cookies() {
    CachePolicy one = policy("P", NameSet.NONE, NameSet.only("a"), NameSet.NONE);
    Route asking =
        withPolicy(PLAIN, SERVER)
            .asking(asking(HeaderMode.NONE, List.of(), NameSet.only("a"), NameSet.NONE));

    assertThat(dressed(withPolicy(one, SERVER), "Set-Cookie", "said").has("Set-Cookie")).isTrue();
    assertThat(dressed(withLegacy(one, SERVER), "Set-Cookie", "said").has("Set-Cookie")).isTrue();
    assertThat(dressed(asking, "Set-Cookie", "said").has("Set-Cookie")).isTrue();
    assertThat(dressed(withLegacy(PLAIN, SERVER), "Set-Cookie", "said").has("Set-Cookie"))
        .isFalse();
  }

  /** What is left of Vary, where the cache policy lists X-Kept, by the policy for the origin. */
  @ParameterizedTest
  @CsvSource({
    "NONE,       '',              'Accept-Encoding, Cookie, x-kept, X-Other', 'Accept-Encoding, Cookie, x-kept'",
    "WHITELIST,  X-Other,         'x-kept, x-other, X-Third',                 'x-kept, x-other'",
    "ALL_VIEWER, '',              'x-kept, X-Other',                          'x-kept, X-Other'",
    "ALL_EXCEPT, X-Other,         'x-kept, X-Other, X-Third',                 'x-kept, X-Third'",
    "NONE,       '',              'User-Agent',                               ''",
    "WHITELIST,  CloudFront-Is-Mobile-Viewer, 'User-Agent',                   'User-Agent'",
    "NONE,       '',              '*',                                        '*'",
  })
  void vary_keeps_what_is_forwarded(HeaderMode mode, String names, String said, String kept) {
    String[] listed = names.isEmpty() ? new String[0] : new String[] {names};
    Route route = withPolicy(keyed("X-Kept"), SERVER).asking(asking(mode, listed));

    Fields dressed = dressed(route, "Vary", said);

    assertThat(dressed.first("Vary").orElse("")).isEqualTo(kept);
  }

  @Test
  void vary_keeps_what_legacy_settings_list_and_not_what_goes_on_by_itself() {
    Fields dressed =
        dressed(withLegacy(keyed("X-Kept"), SERVER), "Vary", "X-Kept, Origin, Accept-Encoding");

    assertThat(dressed.value("Vary")).isEqualTo("X-Kept, Accept-Encoding");
  }

  private static Fields dressed(Route route, String name, String value) {
    PlainStored stored = new PlainStored(200, "x", name, value);
    Stamp stamp = new Stamp("id", ResultType.HIT, 7, "hit");
    Request request = ViewerFacts.told(route, get("h", "/"), () -> Atlas.NONE);
    return Dress.stored(route, request, stored, stamp).head().fields();
  }
}
