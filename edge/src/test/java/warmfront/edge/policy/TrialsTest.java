package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.ContinuousDeploymentPolicy.Split;
import warmfront.distribution.ContinuousDeploymentPolicy.Stickiness;
import warmfront.edge.Visits;
import warmfront.edge.step.Match;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;

final class TrialsTest {
  private static final String HOST = "www.example.com";
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Route PRIMARY =
      route(distribution("EA", List.of(), behavior("*", "P")), policy("P"));
  private static final Route STAGED =
      route(distribution("ES", List.of(), behavior("*", "P")), policy("P"));
  private static final Split HALF_STICKY =
      new Split.ByWeight(
          500_000, Optional.of(new Stickiness(Duration.ofMinutes(5), Duration.ofMinutes(10))));

  @Test
  void a_header_is_compared_exactly() {
    Split split = new Split.ByHeader("aws-cf-cd-blue", "Yes");

    assertThat(staged(split, get("AWS-CF-CD-Blue", "Yes"))).isTrue();
    assertThat(staged(split, get("aws-cf-cd-blue", "yes"))).isFalse();
    assertThat(staged(split, get())).isFalse();
  }

  @Test
  void a_policy_without_a_traffic_configuration_sends_nobody() {
    assertThat(staged(new Split.Nobody(), get())).isFalse();
  }

  @Test
  void a_weight_is_a_share_of_the_requests() {
    long tenth = drawn(new Split.ByWeight(100_000, Optional.empty()));

    assertThat(tenth).isBetween(900L, 1_100L);
    assertThat(drawn(new Split.ByWeight(0, Optional.empty()))).isZero();
  }

  private static long drawn(Split split) {
    return IntStream.range(0, 10_000).filter(i -> staged(split, named("id" + i))).count();
  }

  @Test
  void without_stickiness_there_is_no_cookie() {
    assertThat(choose(new Split.ByWeight(500_000, Optional.empty()), get(), 7, NOW).cookie())
        .isEmpty();
    assertThat(choose(new Split.ByHeader("aws-cf-cd-x", "1"), get(), 7, NOW).cookie()).isEmpty();
  }

  @Test
  void a_viewer_stays_where_it_was_until_it_was_idle_too_long_or_there_too_long() {
    Instant time = NOW;
    Trials.Choice first = choose(HALF_STICKY, get(), 7, time);
    String cookie = first.cookie().orElseThrow();
    assertThat(cookie).contains("Max-Age=300; Path=/; HttpOnly").doesNotContain("Secure");
    for (int i = 0; i < 4; i++) {
      time = time.plusSeconds(140);
      Trials.Choice next = choose(HALF_STICKY, get("Cookie", "a=b; " + value(cookie)), 7, time);

      assertThat(next.route()).isSameAs(first.route());
      cookie = next.cookie().orElseThrow();
    }
    assertThat(cookie).contains("Max-Age=40;");
    assertThat(isFresh(choose(HALF_STICKY, get("Cookie", value(cookie)), 7, time.plusSeconds(40))))
        .isTrue();
    assertThat(isFresh(choose(HALF_STICKY, get("Cookie", value(cookie)), 7, time.plusSeconds(39))))
        .isFalse();
  }

  @Test
  void a_changed_policy_ends_all_sessions() {
    String cookie = value(choose(HALF_STICKY, get(), 7, NOW).cookie().orElseThrow());

    assertThat(isFresh(choose(HALF_STICKY, get("Cookie", cookie), 7, NOW.plusSeconds(5))))
        .isFalse();
    assertThat(isFresh(choose(HALF_STICKY, get("Cookie", cookie), 8, NOW.plusSeconds(5)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "s.1.2",
        "x.1800000000.1800000000.7",
        "s.1800000000.1800000000.7.1",
        "s.-1.1800000000.7",
        "s.99999999999999999999.1.7",
        "s.1800000001.1800000001.7",
        "s.1800000000.1799999999.7"
      })
  void a_cookie_that_was_not_ours_begins_anew(String value) {
    assertThat(isFresh(choose(HALF_STICKY, get("Cookie", Trials.COOKIE + "=" + value), 7, NOW)))
        .isTrue();
  }

  @Test
  void origins_do_not_see_the_cookie() {
    Request asked = get("Cookie", "a=b; " + Trials.COOKIE + "=x", "Cookie", "c=d");

    assertThat(choose(HALF_STICKY, asked, 7, NOW).request().fields().all("Cookie"))
        .containsExactly("a=b; c=d");
    Request alone = get("Cookie", Trials.COOKIE + "=x");
    assertThat(choose(HALF_STICKY, alone, 7, NOW).request().fields().has("Cookie")).isFalse();
  }

  /** Returns whether a session began now. */
  private static boolean isFresh(Trials.Choice choice) {
    String[] parts = value(choice.cookie().orElseThrow()).split("\\.", -1);
    return parts[1].equals(parts[2]);
  }

  private static String value(String cookie) {
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private static boolean staged(Split split, Request request) {
    return choose(split, request, 7, NOW).route() == STAGED;
  }

  private static Trials.Choice choose(Split split, Request request, long revision, Instant now) {
    var policy = new ContinuousDeploymentPolicy("CD", true, "es.warmfront.localhost", split);
    return Trials.choose(new Match.Split(PRIMARY, STAGED, policy, revision), request, now);
  }

  private static Request named(String id) {
    Request like = get();
    return new Request(
        id,
        like.method(),
        like.host(),
        like.path(),
        like.query(),
        like.fields(),
        like.body(),
        like.bodyLength(),
        like.protocol(),
        like.tls(),
        like.place(),
        like.viewer(),
        like.headBytes(),
        like.startNanos());
  }

  private static Request get(String... fields) {
    return Visits.get(HOST, "/", fields);
  }
}
