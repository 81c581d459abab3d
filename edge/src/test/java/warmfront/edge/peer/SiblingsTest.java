package warmfront.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Server;
import warmfront.edge.Pictures;
import warmfront.edge.step.CacheKey;
import warmfront.snapshot.Snapshot;
import warmfront.time.ManualClock;

final class SiblingsTest {
  private static final int KEYS = 3000;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-04T12:00:00Z"));

  private static Server server(String id, int weight, Server.State state, String... listen) {
    return new Server(
        id,
        Server.Role.EDGE,
        "FRA",
        List.of(listen),
        List.of("192.0.2.9"),
        List.of(),
        weight,
        state);
  }

  private static Server server(String id, int weight) {
    return server(id, weight, Server.State.ACTIVE, "peer://127.0.0.1:7403");
  }

  private Siblings view(String own, List<Server> servers) {
    Siblings view = new Siblings(own, "FRA", Limits.DEFAULT, clock);
    view.apply(Pictures.snapshot(servers.toArray(Server[]::new)));
    return view;
  }

  private static CacheKey key(long number) {
    byte[] bytes = ("/object/" + number).getBytes(StandardCharsets.US_ASCII);
    return new CacheKey(number, number * 31, bytes, "E", "/object/" + number);
  }

  private static String owner(Siblings view, String own, CacheKey key) {
    return switch (view.keeping(key)) {
      case Keeping.Here _ -> own;
      case Keeping.There there -> there.owners().getFirst().id();
    };
  }

  private static Sibling first(Siblings view, CacheKey key) {
    return ((Keeping.There) view.keeping(key)).owners().getFirst();
  }

  @Test
  void all_servers_agree_on_owners_and_one_that_comes_moves_only_its_share() {
    for (long seed = 1; seed <= 10; seed++) {
      var random = new SplittableRandom(seed);
      List<Server> few = new ArrayList<>();
      for (int i = random.nextInt(1, 7); i > 0; i--) {
        few.add(server("fra-" + i, random.nextInt(1, 256)));
      }
      Server added = server("fra-new", random.nextInt(1, 256));
      List<Server> more = new ArrayList<>(few);
      more.add(added);
      Map<String, Siblings> before = views(few);
      Map<String, Siblings> after = views(more);
      int moved = 0;
      for (int i = 0; i < KEYS; i++) {
        CacheKey key = key(random.nextLong());
        String then = agreed(before, key, seed);
        String now = agreed(after, key, seed);
        assertThat(now).as("seed %d", seed).isIn(then, "fra-new");
        moved += now.equals(then) ? 0 : 1;
      }
      double share = added.weight() / (double) more.stream().mapToInt(Server::weight).sum();
      assertThat(moved / (double) KEYS).as("seed %d", seed).isBetween(share - 0.04, share + 0.04);
    }
  }

  private Map<String, Siblings> views(List<Server> servers) {
    Map<String, Siblings> views = new HashMap<>();
    servers.forEach(server -> views.put(server.id(), view(server.id(), servers)));
    return views;
  }

  private static String agreed(Map<String, Siblings> views, CacheKey key, long seed) {
    List<String> owners =
        views.entrySet().stream()
            .map(view -> owner(view.getValue(), view.getKey(), key))
            .distinct()
            .toList();
    assertThat(owners).as("seed %d", seed).hasSize(1);
    return owners.getFirst();
  }

  @Test
  void the_next_owner_is_the_one_if_the_first_were_gone() {
    List<Server> all =
        List.of(server("a", 100), server("b", 100), server("c", 100), server("own", 100));
    Siblings view = view("own", all);
    Map<String, Siblings> without = new HashMap<>();
    all.forEach(gone -> without.put(gone.id(), view("own", others(all, gone.id()))));
    for (int i = 0; i < KEYS; i++) {
      if (view.keeping(key(i)) instanceof Keeping.There there) {
        Sibling first = there.owners().getFirst();
        String second = owner(Objects.requireNonNull(without.get(first.id())), "own", key(i));

        assertThat(there.owners().size() == 1 ? "own" : there.owners().getLast().id())
            .isEqualTo(second);
      }
    }
  }

  private static List<Server> others(List<Server> all, String id) {
    return all.stream().filter(server -> !server.id().equals(id)).toList();
  }

  @Test
  void only_active_edges_of_the_location_with_an_address_and_a_weight_own_anything() {
    Siblings view =
        view(
            "own",
            List.of(
                server("own", 100),
                server("drained", 100, Server.State.DRAINING, "peer://127.0.0.1:1"),
                server("revoked", 100, Server.State.REVOKED, "peer://127.0.0.1:1"),
                server("mute", 100, Server.State.ACTIVE, "http://127.0.0.1:1"),
                server("spare", 0, Server.State.ACTIVE, "peer://127.0.0.1:1"),
                new Server(
                    "far",
                    Server.Role.EDGE,
                    "NRT",
                    List.of("peer://127.0.0.1:1"),
                    List.of(),
                    List.of(),
                    100,
                    Server.State.ACTIVE)));

    assertThat(view.counts().servers()).isZero();
    assertThat(view.keeping(key(1))).isEqualTo(Keeping.HERE);
    assertThat(view.isKnown("drained")).isTrue();
    assertThat(view.isKnown("spare")).isTrue();
    assertThat(view.isKnown("revoked")).isFalse();
    assertThat(view.isKnown("far")).isFalse();
    assertThat(view.isKnown("own")).isFalse();
    assertThat(view.isKnown("")).isFalse();
  }

  @Test
  void a_server_that_listens_everywhere_is_asked_at_its_advertised_address() {
    Siblings view =
        view(
            "own",
            List.of(
                server("a", 100, Server.State.ACTIVE, "http://[::]:80", "peer://0.0.0.0:7403")));

    assertThat(first(view, key(1)).address()).isEqualTo(new InetSocketAddress("192.0.2.9", 7403));
  }

  @Test
  void a_server_that_failed_is_passed_by_until_one_request_may_try() {
    Siblings view = view("own", List.of(server("a", 100), server("own", 0)));
    Sibling other = first(view, key(1));
    assertThat(view.begin(other)).isTrue();
    view.failed(other);
    assertThat(view.keeping(key(1))).isEqualTo(Keeping.HERE);
    assertThat(view.counts().skipped()).isEqualTo(1);

    clock.advance(Limits.DEFAULT.retryAfter().minusNanos(1));
    assertThat(view.begin(other)).isFalse();
    clock.advance(Duration.ofNanos(1));
    assertThat(first(view, key(1))).isSameAs(other);
    assertThat(view.begin(other)).isTrue();
    assertThat(view.begin(other)).as("one tries, no more").isFalse();
    view.answered(other, true);

    assertThat(view.begin(other)).isTrue();
    assertThat(view.begin(other)).isTrue();
    assertThat(view.counts().skipped()).isZero();
    assertThat(view.counts().asked())
        .containsEntry(Outcome.FAILED, 1L)
        .containsEntry(Outcome.HIT, 1L);
  }

  @Test
  void a_server_that_leaves_everything_unanswered_is_asked_for_nothing_more() {
    Siblings view = view("own", List.of(server("a", 100), server("own", 0)));
    Sibling other = first(view, key(1));
    assertThat(view.begin(other)).isTrue();
    assertThat(view.begin(other)).isTrue();

    clock.advance(Limits.DEFAULT.silence());
    assertThat(view.keeping(key(2))).as("at the limit").isInstanceOf(Keeping.There.class);
    clock.advance(Duration.ofNanos(1));
    assertThat(view.keeping(key(2))).isEqualTo(Keeping.HERE);

    view.answered(other, false);
    assertThat(view.keeping(key(2))).as("one came").isInstanceOf(Keeping.There.class);
  }

  @Test
  void what_is_thought_of_a_server_outlives_a_new_picture_but_not_a_new_address() {
    Siblings view = view("own", List.of(server("a", 100), server("own", 100)));
    Snapshot same = Pictures.snapshot(server("own", 100), server("a", 100));
    Snapshot moved =
        Pictures.snapshot(
            server("own", 100), server("a", 100, Server.State.ACTIVE, "peer://127.0.0.1:7404"));
    CacheKey key = key(1);
    for (int i = 1; view.keeping(key) instanceof Keeping.Here; i++) {
      key = key(i);
    }
    Sibling other = first(view, key);
    view.begin(other);
    view.failed(other);

    view.apply(same);
    assertThat(view.counts().skipped()).isEqualTo(1);
    view.apply(moved);
    assertThat(view.counts().skipped()).isZero();
  }

  @Test
  void an_object_is_hot_past_so_many_requests_in_the_window() {
    Siblings view = view("own", List.of(server("a", 100)));
    for (int i = 0; i < Limits.DEFAULT.hotRequests(); i++) {
      assertThat(((Keeping.There) view.keeping(key(1))).hot()).isFalse();
    }
    assertThat(((Keeping.There) view.keeping(key(1))).hot()).isTrue();
    assertThat(((Keeping.There) view.keeping(key(2))).hot()).isFalse();

    clock.advance(Limits.DEFAULT.hotWindow());
    assertThat(((Keeping.There) view.keeping(key(1))).hot()).isFalse();
  }

  @Test
  void few_cold_objects_are_taken_for_hot_ones_under_many() {
    Siblings view = view("own", List.of(server("a", 100)));
    var random = new SplittableRandom(7);
    int hot = 0;
    for (int i = 0; i < 200_000; i++) {
      long high = random.nextLong();
      CacheKey key = new CacheKey(high, random.nextLong(), new byte[] {1}, "E", "/");
      hot += ((Keeping.There) view.keeping(key)).hot() ? 1 : 0;
    }

    assertThat(hot).isLessThan(20);
  }

  @Test
  void limits_are_checked() {
    Limits usual = Limits.DEFAULT;
    assertThatThrownBy(() ->
            new Limits(
                Duration.ZERO,
                usual.unacknowledged(),
                usual.silence(),
                usual.retryAfter(),
                usual.behind(),
                1,
                usual.hotWindow()))
        .hasMessageContaining("connect");
    assertThatThrownBy(() ->
            new Limits(
                usual.connect(),
                usual.unacknowledged(),
                usual.silence(),
                usual.retryAfter(),
                Duration.ZERO,
                0,
                usual.hotWindow()))
        .hasMessageContaining("hotRequests");
  }
}
