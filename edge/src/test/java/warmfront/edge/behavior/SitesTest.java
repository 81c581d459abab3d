package warmfront.edge.behavior;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.gone;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.put;
import static warmfront.edge.Pictures.snapshot;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.distribution.ContinuousDeploymentPolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.LogDeliveries;
import warmfront.distribution.Trial;
import warmfront.edge.behavior.Sites.Compilation;
import warmfront.edge.behavior.Sites.Compilation.Compiled;
import warmfront.edge.behavior.Sites.Compilation.Rejected;
import warmfront.edge.step.Match.Found;
import warmfront.edge.step.Match.Split;
import warmfront.edge.step.Match.Unknown;
import warmfront.edge.step.Route;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

final class SitesTest {
  private static final Distribution A =
      distribution(
          "EA",
          List.of("www.example.com", "*.example.com"),
          behavior("*", "P"),
          behavior("/api/*", "P"),
          behavior("*.jpg", "P"));
  private static final Distribution B =
      distribution("EB", List.of("shop.example.com", "*.eu.example.com"), behavior("*", "P"));

  @Test
  void an_exact_name_beats_a_wildcard_and_a_longer_wildcard_a_shorter_one() {
    Sites sites = compiled(Sites.empty().next(snapshot(policy("P"), A, B), List.of()));

    assertThat(owner(sites, "ea.warmfront.localhost")).isEqualTo("EA");
    assertThat(owner(sites, "www.example.com")).isEqualTo("EA");
    assertThat(owner(sites, "a.b.example.com")).isEqualTo("EA");
    assertThat(owner(sites, "shop.example.com")).isEqualTo("EB");
    assertThat(owner(sites, "a.eu.example.com")).isEqualTo("EB");
    assertThat(sites.match("example.com", "/")).isEqualTo(new Unknown("example.com"));
    assertThat(sites.match("", "/")).isEqualTo(new Unknown(""));
  }

  @Test
  void a_distribution_has_a_name_at_each_location() {
    Sites sites = compiled(Sites.empty().next(snapshot(policy("P"), A), List.of()));

    assertThat(owner(sites, "ea-fra.warmfront.localhost")).isEqualTo("EA");
    assertThat(sites.match("ex-fra.warmfront.localhost", "/"))
        .isEqualTo(new Unknown("ex-fra.warmfront.localhost"));
    assertThat(sites.match("shop-fra.example.net", "/"))
        .isEqualTo(new Unknown("shop-fra.example.net"));
  }

  @Test
  void the_first_behavior_that_matches_the_normal_path_wins() {
    Sites sites = compiled(Sites.empty().next(snapshot(policy("P"), A), List.of()));

    assertThat(pattern(sites, "/api/a.jpg")).isEqualTo("/api/*");
    assertThat(pattern(sites, "/x/../api/v1")).isEqualTo("/api/*");
    assertThat(pattern(sites, "/img/a.jpg")).isEqualTo("*.jpg");
    assertThat(pattern(sites, "/api/../x")).isEqualTo("*");
  }

  @Test
  void a_staging_distribution_serves_viewers_of_another_alone() {
    Distribution tried = A.withEntrance(entrance(new Trial(false, Optional.of("CD"))));
    Distribution staged =
        distribution("ES", List.of(), behavior("*", "P"), behavior("/api/*", "P"))
            .withEntrance(entrance(new Trial(true, Optional.empty())));
    ContinuousDeploymentPolicy policy = deployment(true);
    Snapshot all = snapshot(policy("P"), policy, tried, staged);
    Sites sites = compiled(Sites.empty().next(all, List.of()));

    assertThat(sites.match("es.warmfront.localhost", "/")).isInstanceOf(Unknown.class);
    assertThat(sites.match("www.example.com", "/api/x"))
        .isInstanceOfSatisfying(
            Split.class,
            split -> {
              assertThat(split.primary().site().distribution().id()).isEqualTo("EA");
              assertThat(split.staged().site().distribution().id()).isEqualTo("ES");
              assertThat(split.staged().behavior().pathPattern()).isEqualTo("/api/*");
              assertThat(split.policy()).isEqualTo(policy);
            });

    Entry off = put(all, deployment(false));
    Sites without = compiled(sites.next(all.after(off), List.of(off)));
    assertThat(owner(without, "www.example.com")).isEqualTo("EA");
  }

  @Test
  void deliveries_of_logs_come_to_their_distribution_change_and_go() {
    Snapshot before = snapshot(policy("P"), A, B);
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    LogDeliveries told = new LogDeliveries("EA", List.of(delivery("one")));
    Entry come = put(before, told);
    Snapshot with = before.after(come);
    Sites after = compiled(sites.next(with, List.of(come)));
    Entry gone = gone(with, told);
    Sites without = compiled(after.next(with.after(gone), List.of(gone)));

    assertThat(route(sites, "www.example.com").site().deliveries()).isEmpty();
    assertThat(route(after, "www.example.com").site().deliveries())
        .containsExactly(delivery("one"));
    assertThat(route(after, "shop.example.com")).isSameAs(route(sites, "shop.example.com"));
    assertThat(route(without, "www.example.com").site().deliveries()).isEmpty();
    assertThat(
            route(compiled(Sites.empty().next(with, List.of())), "www.example.com")
                .site()
                .deliveries())
        .hasSize(1);
  }

  @Test
  void deliveries_of_a_distribution_that_is_not_there_wait_for_it() {
    Snapshot before = snapshot(policy("P"), new LogDeliveries("EA", List.of(delivery("one"))));
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry come = put(before, A);

    Sites after = compiled(sites.next(before.after(come), List.of(come)));

    assertThat(sites.size()).isZero();
    assertThat(route(after, "www.example.com").site().deliveries()).hasSize(1);
  }

  private static LogDeliveries.Delivery delivery(String bucket) {
    return new LogDeliveries.Delivery(bucket, "", LogDeliveries.Format.JSON, List.of("date"), "");
  }

  private static Entrance entrance(Trial trial) {
    return new Entrance(false, Optional.empty(), Geography.ANYWHERE, trial);
  }

  private static ContinuousDeploymentPolicy deployment(boolean enabled) {
    return new ContinuousDeploymentPolicy(
        "CD",
        enabled,
        "es.warmfront.localhost",
        new ContinuousDeploymentPolicy.Split.ByHeader("aws-cf-cd-x", "1"));
  }

  @Test
  void a_change_compiles_what_it_touches_and_keeps_the_other_routes() {
    Snapshot before = snapshot(policy("P"), policy("Q"), A, B);
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry entry = put(before, distribution("EB", List.of("new.example.org"), behavior("*", "Q")));

    Sites next = compiled(sites.next(before.after(entry), List.of(entry)));

    assertThat(route(next, "www.example.com")).isSameAs(route(sites, "www.example.com"));
    assertThat(owner(next, "new.example.org")).isEqualTo("EB");
    assertThat(owner(next, "shop.example.com")).isEqualTo("EA");
    assertThat(route(next, "new.example.org").site().revision()).isEqualTo(5);
    assertThat(owner(sites, "shop.example.com")).isEqualTo("EB");
  }

  @Test
  void a_changed_policy_makes_new_routes_where_it_is_used() {
    Distribution c = distribution("EC", List.of(), behavior("*", "Q"));
    Snapshot before = snapshot(policy("P"), policy("Q"), A, c);
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry entry = put(before, policy("P"));

    Sites next = compiled(sites.next(before.after(entry), List.of(entry)));

    Route changed = route(next, "www.example.com");
    assertThat(changed).isNotSameAs(route(sites, "www.example.com"));
    assertThat(changed.site().revision()).isEqualTo(5);
    assertThat(route(next, c.domainName())).isSameAs(route(sites, c.domainName()));
  }

  @Test
  void a_deleted_distribution_is_not_known_any_more() {
    Snapshot before = snapshot(policy("P"), A, B);
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry entry = gone(before, B);

    Sites next = compiled(sites.next(before.after(entry), List.of(entry)));

    assertThat(next.match("eb.warmfront.localhost", "/")).isInstanceOf(Unknown.class);
    assertThat(owner(next, "shop.example.com")).isEqualTo("EA");
    assertThat(next.size()).isEqualTo(1);
  }

  @Test
  void a_reference_to_what_is_not_there_is_rejected_with_its_revision() {
    Snapshot before = snapshot(policy("P"), A);
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry missing = put(before, distribution("EC", List.of(), behavior("*", "NONE")));
    Entry taken = gone(before, policy("P"));

    assertThat(sites.next(before.after(missing), List.of(missing)))
        .isEqualTo(
            new Rejected(3, "distribution EC refers to CACHE_POLICY NONE, which is not there"));
    assertThat(sites.next(before.after(taken), List.of(taken))).isInstanceOf(Rejected.class);
  }

  @Test
  void two_distributions_cannot_have_one_name_but_a_name_can_move() {
    Snapshot before = snapshot(policy("P"), A, B);
    Sites sites = compiled(Sites.empty().next(before, List.of()));
    Entry twice = put(before, distribution("EC", List.of("shop.example.com"), behavior("*", "P")));
    Snapshot middle = before.after(twice);
    Entry given = put(middle, distribution("EB", List.of(), behavior("*", "P")));

    assertThat(sites.next(middle, List.of(twice))).isInstanceOf(Rejected.class);
    Sites moved = compiled(sites.next(middle.after(given), List.of(twice, given)));
    assertThat(owner(moved, "shop.example.com")).isEqualTo("EC");
  }

  private static Sites compiled(Compilation compilation) {
    return ((Compiled) compilation).sites();
  }

  private static Route route(Sites sites, String host) {
    return ((Found) sites.match(host, "/")).route();
  }

  private static String owner(Sites sites, String host) {
    return route(sites, host).site().distribution().id();
  }

  private static String pattern(Sites sites, String path) {
    return ((Found) sites.match("www.example.com", path)).route().behavior().pathPattern();
  }
}
