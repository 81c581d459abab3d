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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.distribution.Behavior.ViewerProtocol;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.Remedies;
import warmfront.edge.Pictures;
import warmfront.edge.Visits;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Coding;
import warmfront.edge.step.Lookup.Passing;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.edge.step.TtlRule;
import warmfront.http.Method;

final class KeysTest {
  private static final Keys KEYS = new Keys(new HashKey(1, 2));
  private static final String HOST = "ea.warmfront.localhost";

  @Test
  void errors_of_a_bucket_live_a_second_where_the_setting_is_zero() {
    Origin server = Pictures.origin("site.s3.amazonaws.com", 80);
    Origin bucket =
        new Origin(
            server.id(),
            server.domainName(),
            "",
            server.headers(),
            new Origin.S3(Optional.empty(), Duration.ofSeconds(30)),
            1,
            Duration.ofSeconds(2));
    Map<Integer, Duration> ttls = Map.of(404, Duration.ZERO, 503, Duration.ofSeconds(7));

    TtlRule ofBucket = Keys.rule(withErrors(bucket, ttls));
    TtlRule ofServer = Keys.rule(withErrors(server, ttls));

    assertThat(ofBucket.error(404)).isEqualTo(Duration.ofSeconds(1));
    assertThat(ofBucket.error(503)).isEqualTo(Duration.ofSeconds(7));
    assertThat(ofBucket.error(500)).isEqualTo(Duration.ofSeconds(10));
    assertThat(ofServer.error(404)).isZero();
  }

  private static Route withErrors(Origin origin, Map<Integer, Duration> ttls) {
    Distribution plain = distribution("EA", List.of(), origin, behavior("*", "P"));
    return route(
        new Distribution(
            plain.id(),
            plain.domainName(),
            plain.enabled(),
            plain.aliases(),
            plain.defaultRootObject(),
            plain.ipv6(),
            plain.http2(),
            plain.priceClass(),
            plain.origins(),
            plain.behaviors(),
            plain.defaultBehavior(),
            ttls,
            plain.logging(),
            plain.cacheTagHeader(),
            plain.wishes(),
            Entrance.PLAIN,
            Remedies.NONE),
        policy("P"));
  }

  @Test
  void the_hash_is_siphash() {
    var key = new HashKey(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    assertThat(sip(key, new byte[0])).isEqualTo("a3817f04ba25a8e66df67214c7550293");
    assertThat(sip(key, new byte[] {0})).isEqualTo("da87c1d86b99af44347659119b22fc45");
  }

  @Test
  void path_and_distribution_are_always_in_the_key_and_nothing_else_is() {
    Route route = route(distribution("EA", List.of(), behavior("*", "P")), policy("P"));
    Route other = route(distribution("EB", List.of(), behavior("*", "P")), policy("P"));
    CacheKey key = KEYS.key(route, get(HOST, "/a?x=1", "Cookie", "a=b", "X-A", "1"));

    assertThat(KEYS.key(route, get("www.example.com", "/a"))).isEqualTo(key);
    assertThat(KEYS.key(route, request(Method.HEAD, HOST, "/a", Visits.HTTPS, Protocol.HTTP_2, "")))
        .isEqualTo(key);
    assertThat(KEYS.key(other, get(HOST, "/a"))).isNotEqualTo(key);
    assertThat(KEYS.key(route, get(HOST, "/A"))).isNotEqualTo(key);
    assertThat(KEYS.key(route, get(HOST, "//a"))).isNotEqualTo(key);
    assertThat(key.invalidationPath()).isEqualTo("/a");
    assertThat(key.owner()).isEqualTo("EA");
  }

  @ParameterizedTest
  @CsvSource({"/a, /a", "/caf\u00e9, /caf\u00e9", "/a?b=1, /a?b=1", "/, /"})
  void a_key_that_is_kept_says_the_same_in_less(String target, String path) {
    Route route =
        route(
            distribution("EA", List.of(), behavior("*", "P")),
            policy("P", NameSet.NONE, NameSet.NONE, new NameSet(NameSet.Mode.ALL, List.of())));
    CacheKey key = KEYS.key(route, get(HOST, target));

    CacheKey kept = key.compact();

    assertThat(kept).isEqualTo(key).hasSameHashCodeAs(key);
    assertThat(kept.invalidationPath()).isEqualTo(path);
    assertThat(kept.owner()).isEqualTo("EA");
    assertThat(kept.canonical()).isEqualTo(key.canonical());
  }

  @Test
  void options_has_entries_of_its_own() {
    Route route = route(distribution("EA", List.of(), behavior("*", "P")), policy("P"));
    Request options = request(Method.OPTIONS, HOST, "/a", Visits.HTTP, Protocol.HTTP_1_1, "");

    assertThat(KEYS.key(route, options)).isNotEqualTo(KEYS.key(route, get(HOST, "/a")));
  }

  @Test
  void header_names_have_no_case_and_header_values_have() {
    Route route = keyedBy(new NameSet(NameSet.Mode.WHITELIST, List.of("X-b", "X-A")));
    Route turned = keyedBy(new NameSet(NameSet.Mode.WHITELIST, List.of("x-a", "x-B")));
    CacheKey key = KEYS.key(route, get(HOST, "/", "X-A", "1", "X-B", "2"));

    assertThat(KEYS.key(turned, get(HOST, "/", "x-b", "2", "x-a", "1"))).isEqualTo(key);
    assertThat(KEYS.key(route, get(HOST, "/", "X-A", "1", "X-B", "two"))).isNotEqualTo(key);
    assertThat(KEYS.key(route, get(HOST, "/", "X-A", "1"))).isNotEqualTo(key);
    assertThat(KEYS.key(route, get(HOST, "/", "X-A", "1", "X-B", ""))).isNotEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, '', a=1, /p",
    "ALL, '', b=2&a=1, /p?b=2&a=1",
    "WHITELIST, a, b=2&a=1&A=3&a=4, /p?a=1&a=4",
    "WHITELIST, a, b=2, /p",
    "ALL_EXCEPT, a, b=2&a=1&c, /p?b=2&c",
    "WHITELIST, a, a=1;b=2, /p?a=1;b=2",
    "ALL, '', '', /p",
  })
  void query_strings_are_chosen_in_their_order(
      NameSet.Mode mode, String names, String query, String expected) {
    NameSet queries = new NameSet(mode, names.isEmpty() ? List.of() : List.of(names));
    Route route =
        route(
            distribution("EA", List.of(), behavior("*", "P")),
            policy("P", NameSet.NONE, NameSet.NONE, queries));

    assertThat(KEYS.key(route, get(HOST, "/p?" + query)).invalidationPath()).isEqualTo(expected);
    assertThat(new OriginRequests("x").shared(route, get(HOST, "/p?" + query)).target())
        .isEqualTo(expected);
  }

  @Test
  void cookies_are_sorted_and_those_with_a_dollar_or_without_a_value_are_dropped() {
    Route route =
        route(
            distribution("EA", List.of(), behavior("*", "P")),
            policy("P", NameSet.NONE, NameSet.only("a", "b", "$c"), NameSet.NONE));
    Request one = get(HOST, "/", "Cookie", "b=2; a=1; z=9; $c=3; a");
    Request two = get(HOST, "/", "Cookie", "a=1", "Cookie", "b=2;x=1");

    assertThat(KEYS.key(route, one)).isEqualTo(KEYS.key(route, two));
    assertThat(KEYS.key(route, get(HOST, "/", "Cookie", "a=1; b=3")))
        .isNotEqualTo(KEYS.key(route, one));
    assertThat(new OriginRequests("x").shared(route, one).fields().value("Cookie"))
        .isEqualTo("a=1; b=2");
    assertThat(Keys.mayShareFetch(route)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "'gzip, deflate, br', true, true, 'br,gzip'",
        "'br', true, true, br",
        "'GZIP', true, true, gzip",
        "'gzip;q=0, br', true, true, br",
        "'gzip; q=0.000', true, true, identity",
        "'gzip;q=0.5', true, true, gzip",
        "'gzipped, x-br', true, true, identity",
        "'br, gzip', true, false, gzip",
        "'br, gzip', false, true, br",
        "none, true, true, none",
        "'zstd', true, true, identity",
      })
  void accept_encoding_is_one_of_four_words(
      @Nullable String value, boolean gzip, boolean brotli, @Nullable String expected) {
    assertThat(Encoding.normal(value, codings(gzip, brotli))).isEqualTo(expected);
  }

  @Test
  void no_two_different_requests_have_the_same_key() {
    CachePolicy policy = policy("P", NameSet.only("X-A", "X-B"), NameSet.ALL, NameSet.ALL);
    Route route = route(distribution("EA", List.of(), behavior("*", "P")), policy);
    Map<CacheKey, String> seen = new HashMap<>();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
    for (int i = 0; i < 50_000; i++) {
      Request request = anyRequest(random);
      Plan plan = Plan.of(route);
      String tuple =
          String.join(
              "\n",
              request.path(),
              "q" + plan.query(request),
              "e" + plan.encoding(request),
              "c" + plan.cookies(request),
              "a" + request.fields().joined("X-A"),
              "b" + request.fields().joined("X-B"));

      @Nullable String before = seen.putIfAbsent(KEYS.key(route, request), tuple);

      assertThat(before == null || before.equals(tuple)).as("%s and %s", before, tuple).isTrue();
    }
    assertThat(seen.values()).doesNotHaveDuplicates().hasSizeGreaterThan(1000);
  }

  @Test
  void what_the_cache_has_no_part_in_is_known_before_it_is_asked() {
    Route cached =
        route(
            distribution("EA", List.of(), behavior("*", "P", ViewerProtocol.ALLOW_ALL, ALL)),
            policy("P"));
    Route uncached = route(distribution("EA", List.of(), behavior("*", "P")), noCaching("P"));

    assertThat(KEYS.passing(cached, get(HOST, "/"))).isEmpty();
    assertThat(KEYS.passing(cached, post())).contains(Passing.METHOD);
    assertThat(KEYS.passing(uncached, get(HOST, "/"))).contains(Passing.CACHING_DISABLED);
    assertThat(Keys.rule(cached)).isSameAs(Keys.rule(cached));
  }

  private static Request post() {
    return request(Method.POST, HOST, "/", Visits.HTTP, Protocol.HTTP_1_1, "x");
  }

  private static Route keyedBy(NameSet headers) {
    return route(
        distribution("EA", List.of(), behavior("*", "P")),
        policy("P", headers, NameSet.NONE, NameSet.NONE));
  }

  private static Request anyRequest(RandomGenerator random) {
    List<String> fields = new ArrayList<>();
    for (String name : List.of("X-A", "X-B", "Accept-Encoding")) {
      if (random.nextBoolean()) {
        fields.add(name);
        fields.add(word(random, "1;=, ", 3));
      }
    }
    if (random.nextBoolean()) {
      fields.add("Cookie");
      fields.add(word(random, "ab=; ", 5));
    }
    String query = random.nextBoolean() ? "?" + word(random, "a&=1", 3) : "";
    return get(HOST, "/" + word(random, "a/1é", 3) + query, fields.toArray(String[]::new));
  }

  private static String word(RandomGenerator random, String letters, int max) {
    var word = new StringBuilder();
    for (int i = random.nextInt(max + 1); i > 0; i--) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }

  private static String sip(HashKey key, byte[] message) {
    KeyedHash hash = KeyedHash.of(key, message, 2, 4);
    return HexFormat.of().toHexDigits(Long.reverseBytes(hash.first()))
        + HexFormat.of().toHexDigits(Long.reverseBytes(hash.second()));
  }

  private static Set<Coding> codings(boolean gzip, boolean brotli) {
    Set<Coding> on = EnumSet.noneOf(Coding.class);
    if (gzip) {
      on.add(Coding.GZIP);
    }
    if (brotli) {
      on.add(Coding.BROTLI);
    }
    return on;
  }
}
