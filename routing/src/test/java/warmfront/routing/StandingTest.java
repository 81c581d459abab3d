package warmfront.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import warmfront.routing.Standing.State;
import warmfront.routing.Standing.Tier;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.Choice;
import warmfront.routing.health.HealthLimits;
import warmfront.routing.health.Judgement;

/** Who is given out, by what is heard of servers and by what the control plane says of leases. */
final class StandingTest {
  @Test
  void a_location_that_may_not_know_the_latest_changes_is_passed_over_while_half_are_fresh() {
    Fleet four = locations(4);

    Standing half = stand(four, Set.of("s0", "s1"));

    assertThat(states(half, 4))
        .containsExactly(State.STALE, State.STALE, State.SERVING, State.SERVING);
    assertThat(given(half, 0)).isEmpty();
    assertThat(half.pool(Tier.SERVING, 0, AddressFamily.IPV4).isEmpty()).isFalse();
    assertThat(half.isFreshnessIgnored()).isFalse();
    assertThat(half.kept()).isEmpty();
  }

  @Test
  void with_too_few_fresh_locations_all_serve_and_control_is_told_who_is_kept() {
    Standing few = stand(locations(4), Set.of("s0", "s1", "s2"));

    assertThat(few.isFreshnessIgnored()).isTrue();
    assertThat(states(few, 4)).containsOnly(State.SERVING);
    assertThat(given(few, 0)).containsExactly("192.0.2.0");
    assertThat(few.kept()).containsExactlyInAnyOrder("s0", "s1", "s2");
  }

  @Test
  void the_dead_do_not_count_as_fresh_ones() {
    Map<String, Judgement> dead = Map.of("s1", Judgement.SILENT, "s2", Judgement.SILENT);

    Standing standing = known(locations(4), dead, Set.of("s0"));

    assertThat(states(standing, 4))
        .containsExactly(State.STALE, State.DEAD, State.DEAD, State.SERVING);
    assertThat(standing.kept()).isEmpty();
  }

  @Test
  void when_the_last_fresh_location_dies_the_stale_ones_are_kept() {
    Standing standing = known(locations(2), Map.of("s1", Judgement.SILENT), Set.of("s0"));

    assertThat(given(standing, 0)).containsExactly("192.0.2.0");
    assertThat(standing.kept()).containsExactly("s0");
  }

  @Test
  void within_a_location_the_fresh_servers_serve_if_they_are_half_of_it() {
    Fleet fleet =
        new Fleet(
            List.of(
                List.of(member("a", 1, 100), member("b", 2, 100)), List.of(member("c", 3, 100))));

    assertThat(given(stand(fleet, Set.of("a")), 0)).containsExactly("192.0.2.2");
    Fleet uneven =
        new Fleet(
            List.of(
                List.of(member("a", 1, 100), member("b", 2, 50)), List.of(member("c", 3, 100))));
    Standing overwhelmed = stand(uneven, Set.of("a"));
    assertThat(given(overwhelmed, 0)).as("a third is not enough").isEmpty();
    assertThat(overwhelmed.kept()).isEmpty();
  }

  @Test
  void a_family_that_only_stale_servers_have_is_served_by_them() {
    Fleet.Member six =
        new Fleet.Member(
            "six",
            List.of(InetAddress.ofLiteral("192.0.2.9"), InetAddress.ofLiteral("2001:db8::9")),
            100,
            false);
    Fleet fleet = new Fleet(List.of(List.of(six), List.of(member("four", 1, 100))));

    Standing standing = stand(fleet, Set.of("six"));

    assertThat(standing.kept()).containsExactly("six");
  }

  @Test
  void so_many_dead_locations_are_not_believed() {
    Map<String, Judgement> seven = dead(7);

    Standing standing = known(locations(10), seven, Set.of());
    Standing six = known(locations(10), dead(6), Set.of());

    assertThat(standing.isHealthIgnored()).isTrue();
    assertThat(given(standing, 0)).containsExactly("192.0.2.0");
    assertThat(six.isHealthIgnored()).isFalse();
    assertThat(given(six, 0)).isEmpty();
  }

  private static Map<String, Judgement> dead(int many) {
    Map<String, Judgement> dead = new HashMap<>();
    IntStream.range(0, many).forEach(i -> dead.put("s" + i, Judgement.SILENT));
    return dead;
  }

  private static Standing known(Fleet fleet, Map<String, Judgement> judged, Set<String> lapsed) {
    return Standing.of(fleet, new Standing.Known(judged, Map.of(), lapsed), HealthLimits.DEFAULT);
  }

  private static Standing stand(Fleet fleet, Set<String> lapsed) {
    return known(fleet, Map.of(), lapsed);
  }

  private static List<State> states(Standing standing, int many) {
    return IntStream.range(0, many).mapToObj(standing::state).toList();
  }

  private static List<String> given(Standing standing, int location) {
    Pool pool = standing.pool(Tier.FRESH, location, AddressFamily.IPV4);
    Choice choice = new Choice();
    choice.begin(AddressFamily.IPV4, 0);
    pool.pick(1, choice);
    return choice.addresses().stream().map(InetAddress::getHostAddress).toList();
  }

  private static Fleet locations(int many) {
    return new Fleet(
        IntStream.range(0, many).mapToObj(i -> List.of(member("s" + i, i, 100))).toList());
  }

  private static Fleet.Member member(String id, int last, int weight) {
    return new Fleet.Member(id, List.of(InetAddress.ofLiteral("192.0.2." + last)), weight, false);
  }
}
