package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.asking;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.bucket;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.legacy;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.NameSet;
import warmfront.distribution.NameSet.Mode;
import warmfront.distribution.OriginRequestPolicy;
import warmfront.distribution.OriginRequestPolicy.HeaderMode;
import warmfront.distribution.Wishes;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Lookup.Passing;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;

/**
 * Every mode of cache policies with every mode of origin request policies, and every legacy
 * setting, against tables of what splits the cache and of what reaches the origin, written down
 * from CloudFront's documentation.
 *
 * <p>The viewer always sends three of each kind: one that the cache policy names (k), one that the
 * origin request policy names (o), and one that nobody names (z); and a header that only edges may
 * say (c).
 */
final class PoliciesTest {
  private static final OriginRequests ASK = new OriginRequests("e1.cloudfront.net");
  private static final Keys KEYS = new Keys(new HashKey(1, 2));
  private static final Atlas GERMANY = _ -> Optional.of("DE");
  private static final String COUNTRY = "CloudFront-Viewer-Country";

  /**
   * Cookies or query strings: mode of the cache policy, which names k; mode of the origin request
   * policy, which names o; what is in the key; what reaches the origin.
   */
  private static final List<List<String>> NAMES =
      rows(
          """
          none      | -         |     |
          none      | none      |     |
          none      | whitelist |     | o
          none      | allExcept |     | k z
          none      | all       |     | k o z
          whitelist | -         | k   | k
          whitelist | none      | k   | k
          whitelist | whitelist | k   | k o
          whitelist | allExcept | k   | k z
          whitelist | all       | k   | k o z
          allExcept | -         | o z | o z
          allExcept | none      | o z | o z
          allExcept | whitelist | o z | o z
          allExcept | allExcept | o z | k o z
          allExcept | all       | o z | k o z
          all       | -         | k o z | k o z
          all       | none      | k o z | k o z
          all       | whitelist | k o z | k o z
          all       | allExcept | k o z | k o z
          all       | all       | k o z | k o z
          """);

  /** Headers: likewise; the origin request policy names o, and c where it may. */
  private static final List<List<String>> HEADERS =
      rows(
          """
          none      | -                               |   |
          none      | none                            |   |
          none      | whitelist                       |   | o c
          none      | allViewer                       |   | k o z
          none      | allViewerAndWhitelistCloudFront |   | k o z c
          none      | allExcept                       |   | k z
          whitelist | -                               | k | k
          whitelist | none                            | k | k
          whitelist | whitelist                       | k | k o c
          whitelist | allViewer                       | k | k o z
          whitelist | allViewerAndWhitelistCloudFront | k | k o z c
          whitelist | allExcept                       | k | k z
          """);

  /** Legacy query strings: forwarded or not; keys or not; in the key; at the origin. */
  private static final List<List<String>> LEGACY_QUERIES =
      rows(
          """
          false | -    |       |
          true  | -    | k o z | k o z
          true  | keys | k     | k o z
          """);

  /** Legacy cookies: the setting, of which the list has a pattern for k and z; key; origin. */
  private static final List<List<String>> LEGACY_COOKIES =
      rows(
          """
          none      | - |       |
          whitelist | - | k z   | k z
          all       | - | k o z | k o z
          """);

  /** Legacy headers that name k; those that are not removed reach the origin all the same. */
  private static final List<List<String>> LEGACY_HEADERS =
      rows(
          """
          none      | - |   | k o z
          whitelist | - | k | k o z
          """);

  private static List<List<String>> rows(String table) {
    return table
        .lines()
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .toList();
  }

  private static NameSet set(String mode, String name) {
    return switch (mode) {
      case "whitelist" -> NameSet.only(name);
      case "allExcept" -> new NameSet(Mode.ALL_EXCEPT, List.of(name));
      case "all" -> NameSet.ALL;
      default -> NameSet.NONE;
    };
  }

  private static Route withPolicies(
      List<String> headers, List<String> cookies, List<String> queries) {
    CachePolicy cache =
        policy(
            "P", set(headers.get(0), "X-k"), set(cookies.get(0), "ck"), set(queries.get(0), "qk"));
    Route route = route(distribution("EP", List.of(), behavior("*", "P")), cache);
    boolean asks =
        !headers.get(1).equals("-") || !cookies.get(1).equals("-") || !queries.get(1).equals("-");
    List<String> names =
        switch (headers.get(1)) {
          case "whitelist" -> List.of("x-O", COUNTRY);
          case "allViewerAndWhitelistCloudFront" -> List.of(COUNTRY);
          case "allExcept" -> List.of("x-O");
          default -> List.of();
        };
    HeaderMode mode =
        switch (headers.get(1)) {
          case "whitelist" -> HeaderMode.WHITELIST;
          case "allViewer" -> HeaderMode.ALL_VIEWER;
          case "allViewerAndWhitelistCloudFront" -> HeaderMode.ALL_VIEWER_AND_WHITELIST_CLOUDFRONT;
          case "allExcept" -> HeaderMode.ALL_EXCEPT;
          default -> HeaderMode.NONE;
        };
    return asks
        ? route.asking(asking(mode, names, set(cookies.get(1), "co"), set(queries.get(1), "qo")))
        : route;
  }

  private static Route withLegacy(
      List<String> headers, List<String> cookies, List<String> queries) {
    NameSet keys =
        queries.get(1).equals("keys")
            ? NameSet.only("qk")
            : queries.get(0).equals("true") ? NameSet.ALL : NameSet.NONE;
    NameSet named =
        switch (cookies.get(0)) {
          case "whitelist" -> NameSet.only("?k*", "*z");
          case "all" -> NameSet.ALL;
          default -> NameSet.NONE;
        };
    CachePolicy settings = policy("P", set(headers.get(0), "X-k"), named, keys);
    Behavior behavior = legacy(settings);
    boolean whole = queries.get(1).equals("keys");
    return route(
        distribution(
            "EL",
            List.of(),
            whole
                ? behavior.withOptions(Behavior.Options.of(Behavior.Trait.WHOLE_QUERY))
                : behavior),
        settings);
  }

  /** Returns the viewer's request, with another value for what is {@code changed}. */
  private static Request visit(Route route, String changed) {
    String query =
        "?qz=%s&qk=%s&qo=%s".formatted(of("qz", changed), of("qk", changed), of("qo", changed));
    Request request =
        get(
            "h",
            "/p" + query,
            "X-z",
            of("xz", changed),
            "X-K",
            of("xk", changed),
            "x-o",
            of("xo", changed),
            COUNTRY,
            "forged",
            "Cookie",
            "cz=%s; ck=%s".formatted(of("cz", changed), of("ck", changed)),
            "Cookie",
            "co=" + of("co", changed));
    return ViewerFacts.told(route, request, () -> GERMANY);
  }

  private static String of(String name, String changed) {
    return name.equals(changed) ? "2" : "1";
  }

  private static List<String> words(String cell) {
    return cell.isEmpty() ? List.of() : List.of(cell.split(" "));
  }

  private static void check(
      Route route, List<String> headers, List<String> cookies, List<String> queries) {
    String which = "headers %s, cookies %s, queries %s".formatted(headers, cookies, queries);
    assertThat(asked(ASK.shared(route, visit(route, ""))))
        .as("at the origin: " + which)
        .isEqualTo(expected(headers, cookies, queries, 3));
    assertThat(splits(route))
        .as("in the key: " + which)
        .isEqualTo(expected(headers, cookies, queries, 2));
    assertThat(Keys.mayShareFetch(route))
        .as("collapses: " + which)
        .isEqualTo(cookies.get(3).isEmpty());
  }

  private static List<String> expected(
      List<String> headers, List<String> cookies, List<String> queries, int column) {
    List<String> all = new ArrayList<>();
    words(headers.get(column)).forEach(word -> all.add("x" + word));
    words(cookies.get(column)).forEach(word -> all.add("c" + word));
    words(queries.get(column)).forEach(word -> all.add("q" + word));
    return all;
  }

  private static List<String> asked(OriginRequest asked) {
    List<String> all = new ArrayList<>();
    for (String name : List.of("k", "o", "z")) {
      if ("1".equals(asked.fields().value("x-" + name))) {
        all.add("x" + name);
      }
    }
    @Nullable String country = asked.fields().value(COUNTRY);
    if (country != null) {
      all.add(country.equals("DE") ? "xc" : country);
    }
    String cookies = "; " + asked.fields().first("Cookie").orElse("");
    for (String name : List.of("k", "o", "z")) {
      if (cookies.contains("; c" + name + "=1")) {
        all.add("c" + name);
      }
    }
    int mark = asked.target().indexOf('?');
    String query = mark < 0 ? "" : "&" + asked.target().substring(mark + 1);
    for (String name : List.of("k", "o", "z")) {
      if (query.contains("&q" + name + "=1")) {
        all.add("q" + name);
      }
    }
    return all;
  }

  private static List<String> splits(Route route) {
    List<String> all = new ArrayList<>();
    for (String kind : List.of("x", "c", "q")) {
      for (String name : List.of("k", "o", "z")) {
        boolean same =
            KEYS.key(route, visit(route, "")).equals(KEYS.key(route, visit(route, kind + name)));
        if (!same) {
          all.add(kind + name);
        }
      }
    }
    return all;
  }

  @Test
  void what_is_asked_and_what_splits_the_cache_is_as_both_policies_say() {
    for (List<String> headers : HEADERS) {
      for (List<String> cookies : NAMES) {
        for (List<String> queries : NAMES) {
          check(withPolicies(headers, cookies, queries), headers, cookies, queries);
        }
      }
    }
  }

  @Test
  void what_is_asked_and_what_splits_the_cache_is_as_legacy_settings_say() {
    for (List<String> headers : LEGACY_HEADERS) {
      for (List<String> cookies : LEGACY_COOKIES) {
        for (List<String> queries : LEGACY_QUERIES) {
          check(withLegacy(headers, cookies, queries), headers, cookies, queries);
        }
      }
    }
  }

  @Test
  void a_policy_for_the_origin_cannot_take_away_what_is_in_the_key() {
    CachePolicy cache = policy("P", NameSet.only("X-k"), NameSet.only("ck"), NameSet.only("qk"));
    Route route =
        route(distribution("EP", List.of(), behavior("*", "P")), cache)
            .asking(
                asking(
                    HeaderMode.ALL_EXCEPT,
                    List.of("X-k"),
                    new NameSet(Mode.ALL_EXCEPT, List.of("ck")),
                    new NameSet(Mode.ALL_EXCEPT, List.of("qk"))));

    assertThat(asked(ASK.shared(route, visit(route, ""))))
        .containsExactly("xk", "xo", "xz", "ck", "co", "cz", "qk", "qo", "qz");
  }

  @Test
  void a_bucket_is_not_told_by_managed_policies_to_change_the_headers_of_its_answers() {
    String target = "/p?response-content-type=text/html&versionId=1&response-cache-control=x";
    for (String name : List.of("Managed-AllViewer", "mine")) {
      OriginRequestPolicy all =
          new OriginRequestPolicy(
              "A", name, HeaderMode.ALL_VIEWER, List.of(), NameSet.ALL, NameSet.ALL);
      Distribution site = distribution("EP", List.of(), bucket(), behavior("*", "P"));
      Distribution other = distribution("EP", List.of(), behavior("*", "P"));
      boolean managed = name.startsWith("Managed-");

      assertThat(ASK.shared(route(site, policy("P")).asking(all), get("h", target)).target())
          .isEqualTo(managed ? "/p?versionId=1&response-cache-control=x" : target);
      assertThat(ASK.shared(route(other, policy("P")).asking(all), get("h", target)).target())
          .isEqualTo(target);
    }
  }

  @Test
  void a_star_is_a_star_in_policies() {
    CachePolicy cache = policy("P", NameSet.NONE, NameSet.only("c*"), NameSet.only("q*"));
    Route route = route(distribution("EP", List.of(), behavior("*", "P")), cache);

    OriginRequest asked = ASK.shared(route, get("h", "/?qa=1&q*=2", "Cookie", "ca=1; c*=2"));

    assertThat(asked.fields().value("Cookie")).isEqualTo("c*=2");
    assertThat(asked.target()).isEqualTo("/?q*=2");
  }

  @Test
  void legacy_settings_for_all_headers_turn_caching_off_and_send_them_all() {
    CachePolicy settings = policy("P", NameSet.ALL, NameSet.NONE, NameSet.NONE);
    Route route = route(distribution("EL", List.of(), legacy(settings)), settings);

    assertThat(KEYS.passing(route, visit(route, ""))).contains(Passing.CACHING_DISABLED);
    assertThat(asked(ASK.passing(route, visit(route, "")))).containsExactly("xk", "xo", "xz");
  }

  @Test
  void queries_are_sorted_by_name_in_the_key_and_at_the_origin_where_that_is_wished_for() {
    Distribution plain = distribution("EA", List.of(), behavior("*", "P"));
    Distribution wishing = plain.withWishes(Wishes.NONE.withAsking(new Wishes.Asking(true, false)));
    CachePolicy all = policy("P", NameSet.NONE, NameSet.NONE, NameSet.ALL);
    Request one = get("h", "/?b=2&a=1&&b=1&a");
    Request other = get("h", "/?a=1&a&b=2&b=1");

    assertThat(KEYS.key(route(plain, all), one)).isNotEqualTo(KEYS.key(route(plain, all), other));
    assertThat(KEYS.key(route(wishing, all), one)).isEqualTo(KEYS.key(route(wishing, all), other));
    assertThat(KEYS.key(route(wishing, all), get("h", "/?a&a=1&b=2&b=1")))
        .as("of one name they stay as they came")
        .isNotEqualTo(KEYS.key(route(wishing, all), one));
    assertThat(ASK.shared(route(wishing, all), one).target()).isEqualTo("/?a=1&a&b=2&b=1");
    assertThat(ASK.shared(route(plain, all), one).target()).isEqualTo("/?b=2&a=1&&b=1&a");
  }

  @Test
  void the_origin_is_told_the_host_and_answers_by_it_where_that_is_wished_for() {
    Distribution plain = distribution("EA", List.of(), behavior("*", "P"));
    Distribution wishing = plain.withWishes(Wishes.NONE.withAsking(new Wishes.Asking(false, true)));
    Route route = route(wishing, policy("P"));
    Request one = get("a.example", "/", "Host", "A.example:8080", "X-Forwarded-Host", "forged");
    Request other = get("b.example", "/", "Host", "b.example");

    assertThat(ASK.shared(route, one).fields().all("X-Forwarded-Host"))
        .containsExactly("a.example");
    assertThat(KEYS.key(route, one)).isNotEqualTo(KEYS.key(route, other));
    Route without = route(plain, policy("P"));
    assertThat(ASK.shared(without, one).fields().has("X-Forwarded-Host")).isFalse();
    assertThat(KEYS.key(without, one)).isEqualTo(KEYS.key(without, other));
  }
}
