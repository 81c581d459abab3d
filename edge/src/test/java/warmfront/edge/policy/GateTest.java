package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.ALL;
import static warmfront.edge.Pictures.READ;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Remedies;
import warmfront.distribution.Wishes;
import warmfront.edge.Signer;
import warmfront.edge.Visits;
import warmfront.edge.step.Admission;
import warmfront.edge.step.Admission.Allowed;
import warmfront.edge.step.Admission.Deferred;
import warmfront.edge.step.Admission.Redirected;
import warmfront.edge.step.Admission.Refused;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Directions;
import warmfront.edge.step.Place;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.http.Method;
import warmfront.signing.UrlVerifier;
import warmfront.time.ManualClock;

final class GateTest {
  private static final String HOST = "www.example.com";
  private static final Gate GATE =
      new Gate(() -> Directions.NONE, () -> Atlas.NONE, new ManualClock(Instant.EPOCH));

  @ParameterizedTest
  @CsvSource({
    "ALLOW_ALL, GET, HTTP_1_1, false, allowed",
    "HTTPS_ONLY, GET, HTTP_1_1, true, allowed",
    "HTTPS_ONLY, GET, HTTP_1_1, false, 403",
    "HTTPS_ONLY, POST, HTTP_1_1, false, 403",
    "REDIRECT_TO_HTTPS, GET, HTTP_1_1, false, 301",
    "REDIRECT_TO_HTTPS, HEAD, HTTP_1_0, false, 301",
    "REDIRECT_TO_HTTPS, POST, HTTP_1_1, false, 307",
    "REDIRECT_TO_HTTPS, OPTIONS, HTTP_2, false, 307",
    "REDIRECT_TO_HTTPS, DELETE, HTTP_1_0, false, 403",
    "REDIRECT_TO_HTTPS, POST, HTTP_1_1, true, allowed",
  })
  void the_viewer_protocol_policy_is_obeyed(
      ViewerProtocol policy, String method, Protocol protocol, boolean secure, String expected) {
    Place place = secure ? Visits.HTTPS : Visits.HTTP;
    Request request = request(Method.of(method), HOST, "/a?b", place, protocol, "");

    assertThat(said(admit(guarded(policy, ALL), request))).isEqualTo(expected);
  }

  @Test
  void a_redirect_names_the_https_port_unless_it_is_443() {
    Route route = guarded(ViewerProtocol.REDIRECT_TO_HTTPS, READ);
    Place standard = new Place(Visits.FRA, false, 443);
    Request there = request(Method.GET, HOST, "/a%20b?c", standard, Protocol.HTTP_1_1, "");

    assertThat(admit(route, get(HOST, "/a%20b?c")))
        .isEqualTo(new Redirected(301, "https://www.example.com:8443/a%20b?c"));
    assertThat(admit(route, there))
        .isEqualTo(new Redirected(301, "https://www.example.com/a%20b?c"));
  }

  @ParameterizedTest
  @CsvSource({"POST, ''", "DELETE, ''", "OPTIONS, ''", "PURGE, ''"})
  void a_method_that_is_not_allowed_gets_403(String method, String body) {
    Request request = request(Method.of(method), HOST, "/", Visits.HTTP, Protocol.HTTP_1_1, body);

    Admission admission = admit(guarded(ViewerProtocol.ALLOW_ALL, READ), request);

    assertThat(admission).isInstanceOf(Refused.class);
    assertThat(((Refused) admission).reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
    assertThat(((Refused) admission).status()).isEqualTo(403);
  }

  @Test
  void a_get_with_a_body_gets_403() {
    Request request = request(Method.GET, HOST, "/", Visits.HTTP, Protocol.HTTP_1_1, "x");

    assertThat(said(admit(guarded(ViewerProtocol.ALLOW_ALL, ALL), request))).isEqualTo("403");
  }

  @Test
  void a_request_may_go_through_two_distributions_but_not_three() {
    Route route = guarded(ViewerProtocol.ALLOW_ALL, READ);

    assertThat(said(admit(route, get(HOST, "/", "CDN-Loop", "warmfront, other; v=1"))))
        .isEqualTo("allowed");
    assertThat(said(admit(route, get(HOST, "/", "CDN-Loop", "Warmfront, warmfront"))))
        .isEqualTo("allowed");
    assertThat(
            said(
                admit(
                    route,
                    get(HOST, "/", "CDN-Loop", "warmfront, warmfront", "cdn-loop", "warmfront"))))
        .isEqualTo("403");
  }

  @Test
  void the_default_root_object_stands_for_the_root_alone() {
    Distribution plain = distribution("EA", List.of(), behavior("*", "P"));
    Distribution rooted = with(plain, true, "dir/index.html");
    Route route = route(rooted, policy("P"));

    assertThat(path(admit(route, get(HOST, "/?x")))).isEqualTo("/dir/index.html?x");
    assertThat(path(admit(route, get(HOST, "/sub/")))).isEqualTo("/sub/");
    assertThat(path(admit(route(plain, policy("P")), get(HOST, "/")))).isEqualTo("/");
  }

  @ParameterizedTest
  @CsvSource({
    "ONLY, DE, allowed",
    "ONLY, JP, 403",
    "ONLY, , allowed",
    "ALL_BUT, DE, 403",
    "ALL_BUT, JP, allowed",
    "ALL_BUT, , allowed"
  })
  void a_country_that_is_not_served_gets_403_and_an_unknown_one_is_served(
      Geography.Rule rule, @Nullable String country, String expected) {
    Distribution some =
        distribution("EA", List.of(), behavior("*", "P"))
            .withEntrance(
                new Entrance(false, Optional.empty(), new Geography(rule, Set.of("DE", "FR"))));
    Gate gate =
        new Gate(
            () -> Directions.NONE,
            () -> _ -> Optional.ofNullable(country),
            new ManualClock(Instant.EPOCH));

    assertThat(said(gate.admit(route(some, policy("P")), get(HOST, "/")))).isEqualTo(expected);
  }

  @Test
  void a_field_that_names_another_method_says_nothing() {
    Route route = guarded(ViewerProtocol.ALLOW_ALL, READ);
    String[] posing = {"X-HTTP-Method-Override", "POST", "X-Method-Override", "DELETE"};
    Request read = get(HOST, "/", posing);
    String[] reading = {"X-HTTP-Method-Override", "GET"};
    Request written = request(Method.POST, HOST, "/", Visits.HTTP, Protocol.HTTP_1_1, "", reading);

    assertThat(said(admit(route, read))).isEqualTo("allowed");
    assertThat(said(admit(route, written))).isEqualTo("403");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
  void the_default_root_object_is_for_all_methods(String method) {
    Distribution rooted =
        with(
            distribution("EA", List.of(), behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL)),
            true,
            "index.html");
    Request request = request(Method.of(method), HOST, "/", Visits.HTTP, Protocol.HTTP_1_1, "");

    assertThat(path(admit(route(rooted, policy("P")), request))).isEqualTo("/index.html");
  }

  @Test
  void countries_come_before_the_protocol_and_that_before_methods_and_signatures() {
    Signer signer = new Signer("K1");
    Distribution some =
        distribution("EA", List.of(), behavior("*", "P", ViewerProtocol.REDIRECT_TO_HTTPS, READ))
            .withEntrance(
                new Entrance(
                    false, Optional.empty(), new Geography(Geography.Rule.ONLY, Set.of("DE"))));
    Route route =
        route(some, policy("P")).signed(new UrlVerifier(_ -> Optional.of(signer.key().decoded())));
    Request plain = request(Method.POST, HOST, "/", Visits.HTTP, Protocol.HTTP_1_1, "");
    Request secure = request(Method.POST, HOST, "/", Visits.HTTPS, Protocol.HTTP_1_1, "");
    Request read = request(Method.GET, HOST, "/", Visits.HTTPS, Protocol.HTTP_1_1, "");
    Gate elsewhere =
        new Gate(
            () -> Directions.NONE, () -> _ -> Optional.of("JP"), new ManualClock(Instant.EPOCH));

    assertThat(((Refused) elsewhere.admit(route, plain)).reason()).isEqualTo(Reason.GEO_BLOCKED);
    assertThat(said(admit(route, plain))).isEqualTo("307");
    assertThat(((Refused) admit(route, secure)).reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
    assertThat(((Refused) admit(route, read)).reason()).isEqualTo(Reason.NOT_SIGNED);
  }

  @Test
  void a_signature_by_ecdsa_is_not_judged_on_the_loop_unless_it_is_known() {
    Signer signer = new Signer("K1");
    Route route =
        guarded(ViewerProtocol.ALLOW_ALL, READ)
            .signed(new UrlVerifier(_ -> Optional.of(signer.key().decoded())));
    Request signed = get(HOST, "/a?" + signer.canned("http://" + HOST + "/a", 9));

    Admission first = admit(route, signed);

    assertThat(said(first)).isEqualTo("deferred");
    assertThat(said(((Deferred) first).judgement().get())).isEqualTo("allowed");
    assertThat(said(admit(route, signed))).isEqualTo("allowed");
  }

  @Test
  void an_index_document_stands_for_every_path_that_ends_with_a_slash() {
    Distribution plain =
        distribution("EA", List.of(), behavior("*", "P"))
            .withWishes(Wishes.NONE.withIndexDocument("index.html"));
    Route route = route(plain, policy("P"));
    Route rooted = route(with(plain, true, "home.html"), policy("P"));

    assertThat(path(admit(route, get(HOST, "/?x")))).isEqualTo("/index.html?x");
    assertThat(path(admit(route, get(HOST, "/a/b/")))).isEqualTo("/a/b/index.html");
    assertThat(path(admit(route, get(HOST, "/a/b")))).isEqualTo("/a/b");
    assertThat(path(admit(rooted, get(HOST, "/")))).isEqualTo("/home.html");
    assertThat(path(admit(rooted, get(HOST, "/a/")))).isEqualTo("/a/index.html");
  }

  @Test
  void a_disabled_distribution_gets_403() {
    Distribution plain = distribution("EA", List.of(), behavior("*", "P"));

    Admission admission = admit(route(with(plain, false, ""), policy("P")), get(HOST, "/"));

    assertThat(((Refused) admission).reason()).isEqualTo(Reason.DISABLED);
  }

  private static Distribution with(Distribution from, boolean enabled, String root) {
    return new Distribution(
        from.id(),
        from.domainName(),
        enabled,
        from.aliases(),
        root,
        from.ipv6(),
        from.http2(),
        from.priceClass(),
        from.origins(),
        from.behaviors(),
        from.defaultBehavior(),
        from.errorTtl(),
        from.logging(),
        from.cacheTagHeader(),
        from.wishes(),
        Entrance.PLAIN,
        Remedies.NONE);
  }

  private static Route guarded(ViewerProtocol protocol, Set<Method> allowed) {
    return route(distribution("EA", List.of(), behavior("*", "P", protocol, allowed)), policy("P"));
  }

  private static String said(Admission admission) {
    return switch (admission) {
      case Allowed _ -> "allowed";
      case Redirected(int status, _) -> String.valueOf(status);
      case Deferred _ -> "deferred";
      case Refused(int status, _, _) -> String.valueOf(status);
    };
  }

  private static String path(Admission admission) {
    return ((Allowed) admission).request().target();
  }

  private static Admission admit(Route route, Request request) {
    return GATE.admit(route, request);
  }
}
