package warmfront.control.maps;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warmfront.control.identity.Fleet;
import warmfront.control.store.Kept;
import warmfront.control.store.PostgresServer;
import warmfront.control.store.Store;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.rtt.MapEdition;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.ManualClock;

/**
 * Measurements become maps, on both databases, and on PostgreSQL at one of several control
 * processes.
 */
final class MapDeskTest {
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-29T12:00:00Z"));
  private final Deque<Node> nodes = new ArrayDeque<>();
  @TempDir private Path folder;
  private String url = "";

  /** A control process: a store of its own over the same database, and a desk. */
  private final class Node {
    final Store store = Store.open(url, new SecretKeySpec(new byte[32], "AES"));
    final List<ScriptedMaker> makers = new ArrayList<>();
    final MapDesk desk;
    final CountDownLatch closing = new CountDownLatch(1);

    Node(String name, int padding) {
      this(name, padding, false);
    }

    Node(String name, int padding, boolean eager) {
      desk =
          MapDesk.open(
              store,
              new MapDesk.Options(
                  () -> {
                    makers.add(new ScriptedMaker(padding));
                    return makers.getLast();
                  },
                  folder.resolve(name),
                  eager,
                  MapDesk.Timing.of(WINDOW)),
              clock);
      nodes.push(this);
    }

    List<String> told() {
      return makers.isEmpty() ? List.of() : makers.getLast().told();
    }

    int asked() {
      return makers.getLast().asked();
    }

    void stop() {
      desk.close();
      kill();
    }

    /** Ends as kill -9 would, as far as others can tell. */
    void kill() {
      if (closing.getCount() > 0) {
        closing.countDown();
        store.close();
      }
    }
  }

  @AfterEach
  void close() {
    nodes.forEach(Node::kill);
  }

  private void on(Kept kept) {
    url = kept.url(folder);
  }

  @Test
  void what_comes_in_anywhere_is_made_a_map_by_one_and_given_away_by_all() {
    on(Kept.POSTGRESQL);
    Node one = new Node("one", 0);
    Node other = new Node("other", 0);
    register(one, "FRA");
    turn(one, other);
    one.desk.take(report("a", 2));
    other.desk.take(report("b", 1));
    turn(other, one);
    clock.advance(WINDOW);

    turn(one, other);

    assertThat(one.told()).containsExactlyInAnyOrder("a@FRA:2", "b@FRA:1");
    assertThat(other.makers).isEmpty();
    for (Node node : List.of(one, other)) {
      MapEdition map = node.desk.since(0).orElseThrow();
      assertThat(map.version()).isEqualTo(1);
      assertThat(map.isWhole()).isTrue();
      assertThat(ScriptedMaker.text(map)).contains("a@FRA:2").startsWith("1 [");
      assertThat(node.desk.counts().created()).isEqualTo(clock.now());
    }
    assertThat(one.desk.counts().making()).isTrue();
    assertThat(other.desk.counts().making()).isFalse();
    assertThat(one.desk.counts().made()).isEqualTo(1);
  }

  @Test
  void holders_of_older_maps_get_changes_wherever_they_ask() {
    on(Kept.POSTGRESQL);
    Node one = new Node("one", 2 * MapDesk.PART_BYTES);
    Node other = new Node("other", 0);
    turn(one, other);
    for (int i = 1; i <= 3; i++) {
      one.desk.take(report("e" + i, 1));
      clock.advance(WINDOW);
      turn(one, other);
    }

    for (Node node : List.of(one, other)) {
      assertThat(node.desk.version()).isEqualTo(3);
      assertThat(node.desk.since(3)).isEmpty();
      assertThat(node.desk.since(2)).map(MapEdition::base).contains(2L);
      // Two changes are as large as the whole: that is sent.
      assertThat(node.desk.since(1)).map(MapEdition::base).contains(0L);
      assertThat(node.desk.since(9)).isEmpty();
      assertThat(node.desk.since(0).orElseThrow().content().remaining())
          .isGreaterThan(2 * MapDesk.PART_BYTES);
    }
    assertThat(other.desk.since(2).orElseThrow().content())
        .isEqualTo(one.desk.since(2).orElseThrow().content());
  }

  @Test
  void another_process_goes_on_when_the_one_that_makes_maps_is_gone() throws Exception {
    on(Kept.POSTGRESQL);
    Node one = new Node("one", 0);
    Node other = new Node("other", 0);
    turn(one, other);
    one.desk.take(report("a", 1));
    clock.advance(WINDOW);
    turn(one, other);
    one.kill();
    other.desk.take(report("b", 1));
    turnUntilItMakes(other);
    clock.advance(WINDOW);
    turn(other);

    assertThat(other.told()).containsExactly("b@FRA:1");
    assertThat(other.desk.version()).isEqualTo(2);
  }

  @Test
  void one_that_was_paused_publishes_nothing() throws Exception {
    on(Kept.POSTGRESQL);
    Node paused = new Node("one", 0);
    Node other = new Node("other", 0);
    turn(paused, other);
    // As the server does with a session that says nothing for too long.
    PostgresServer.shared().orElseThrow().endHoldersOfLocks();
    turnUntilItMakes(other);

    paused.desk.take(report("a", 1));
    clock.advance(WINDOW);
    turn(paused);

    assertThat(paused.desk.counts().making()).isFalse();
    assertThat(paused.desk.counts().made()).isZero();
    assertThat(paused.desk.version()).isZero();
    // What it heard is not lost.
    turn(other);
    assertThat(other.told()).containsExactly("a@FRA:1");
  }

  private static void turnUntilItMakes(Node node) throws InterruptedException {
    for (int i = 0; i < 500 && !node.desk.counts().making(); i++) {
      turn(node);
      node.closing.await(10, TimeUnit.MILLISECONDS);
    }
    assertThat(node.desk.counts().making()).isTrue();
  }

  private void oneThatMadeAMapAndEnded() {
    Node first = new Node("one", 0);
    turn(first);
    first.desk.take(report("a", 1));
    clock.advance(WINDOW);
    turn(first);
    first.stop();
  }

  @ParameterizedTest
  @EnumSource
  void after_a_restart_it_knows_what_it_knew_and_numbers_go_on(Kept kept) {
    on(kept);
    oneThatMadeAMapAndEnded();

    Node second = new Node("one", 0);
    turn(second);
    assertThat(second.desk.counts().making()).as("it was given up").isTrue();
    assertThat(second.desk.version()).isEqualTo(1);
    second.desk.take(report("b", 1));
    clock.advance(WINDOW);
    turn(second);

    assertThat(second.told()).containsExactly("a@FRA:1", "b@FRA:1");
    assertThat(second.desk.since(1)).map(MapEdition::base).contains(1L);
  }

  @ParameterizedTest
  @EnumSource
  void without_its_file_numbers_go_on_all_the_same(Kept kept) throws Exception {
    on(kept);
    oneThatMadeAMapAndEnded();
    Files.writeString(folder.resolve("one"), "?");

    Node second = new Node("one", 0);
    turn(second);
    second.desk.heardOf(7);
    second.desk.heardOf(Long.MAX_VALUE);
    second.desk.take(report("b", 1));
    clock.advance(WINDOW);
    turn(second);

    // A DNS server had a map of a database that is no more.
    assertThat(second.desk.version()).isEqualTo(8);
    assertThat(second.desk.since(7)).map(MapEdition::isWhole).contains(true);
  }

  @ParameterizedTest
  @EnumSource
  void no_maker_is_made_where_nothing_was_measured(Kept kept) {
    on(kept);
    Node one = new Node("one", 0);
    turn(one);
    clock.advance(WINDOW);
    turn(one);

    assertThat(one.makers).isEmpty();
    assertThat(one.desk.version()).isZero();
  }

  @Test
  void loads_of_servers_are_summed_by_location_and_forgotten_after_three_windows() {
    on(Kept.POSTGRESQL);
    Node one = new Node("one", 0);
    Node other = new Node("other", 0);
    turn(one, other);
    one.desk.take(report("a", 1));
    one.desk.take(load("a", "FRA", 1.5));
    one.desk.take(load("c", "NRT", 4));
    other.desk.take(load("b", "FRA", 0.25));
    turn(other, one);

    assertThat(one.desk.counts().loadGbps()).isEqualTo(Map.of("FRA", 1.75, "NRT", 4.0));
    assertThat(other.desk.counts().loadGbps()).as("no maps are made there").isEmpty();
    clock.advance(WINDOW);
    turn(one);
    assertThat(one.makers.getLast().loads()).isEqualTo(Map.of("FRA", 1.75, "NRT", 4.0));

    // Of the one that moved and sends less now the newest word counts; the others are silent.
    one.desk.take(load("a", "NRT", 0.5));
    clock.advance(WINDOW.multipliedBy(2).minusNanos(1));
    turn(one);
    assertThat(one.makers.getLast().loads()).isEqualTo(Map.of("FRA", 0.25, "NRT", 4.5));
    assertThat(one.desk.counts().loadGbps()).isEqualTo(Map.of("FRA", 0.25, "NRT", 4.5));
    clock.advance(Duration.ofNanos(1));
    turn(one);
    assertThat(one.desk.counts().loadGbps()).isEqualTo(Map.of("NRT", 0.5));
  }

  @ParameterizedTest
  @EnumSource
  void a_load_alone_is_no_measurement_and_waits_for_no_maker(Kept kept) {
    on(kept);
    Node one = new Node("one", 0);
    turn(one);
    one.desk.take(load("a", "FRA", 1));
    clock.advance(WINDOW);
    turn(one);

    assertThat(one.makers).isEmpty();
    assertThat(one.desk.counts().loadGbps()).isEqualTo(Map.of("FRA", 1.0));
  }

  @ParameterizedTest
  @EnumSource
  void with_a_word_of_the_operators_a_map_is_made_with_the_first_location_and_each_further_one(
      Kept kept) {
    on(kept);
    Node one = new Node("one", 0, true);
    turn(one);
    assertThat(one.makers).isEmpty();

    register(one, "FRA");
    turn(one);
    assertThat(one.asked()).isEqualTo(1);

    turn(one);
    assertThat(one.asked()).isEqualTo(1);
    register(one, "NRT");
    turn(one);
    assertThat(one.asked()).isEqualTo(2);
    assertThat(one.makers).hasSize(1);
  }

  private static void register(Node node, String code) {
    new Fleet(node.store)
        .register(
            new Location(code, "", "DE", 50, 8, PriceClass.PRICE_CLASS_100, 10, Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource
  void only_the_newest_map_and_the_last_changes_are_kept(Kept kept) {
    on(kept);
    Node one = new Node("one", 0);
    turn(one);
    for (int i = 1; i <= Shelf.CHANGES_MAX + 3; i++) {
      one.desk.take(report("e" + i, 1));
      clock.advance(WINDOW);
      turn(one);
    }

    List<MapEdition> stored = one.store.read(transaction -> transaction.maps().editions(0));

    assertThat(stored.stream().filter(MapEdition::isWhole)).hasSize(1);
    assertThat(stored.stream().filter(edition -> !edition.isWhole()))
        .hasSizeBetween(Shelf.CHANGES_MAX, Shelf.CHANGES_MAX + 1);
    assertThat(one.desk.since(0)).map(MapEdition::version).contains(Shelf.CHANGES_MAX + 3L);
  }

  private static void turn(Node... nodes) {
    for (Node node : nodes) {
      node.desk.turn();
    }
  }

  private static RttReport load(String server, String location, double gbps) {
    return new RttReport(server, location, gbps, List.of());
  }

  private static RttReport report(String server, int rows) {
    List<Measured> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      all.add(new Measured(Prefix.parse("192.0." + i + ".0/24"), 3, Math.log(8000), 0, 7000));
    }
    return new RttReport(server, "FRA", 0, all);
  }
}
