package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.Coordinates;
import warmfront.rtt.Family;
import warmfront.rtt.MapEdition;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;

final class MapMakerTest {
  private static final String ONE = "192.0.2.0/24";
  private static final String TWO = "198.51.100.0/24";

  /** 192.0.0.0/16 is of one system, and all of it is in one place. */
  private static Terrain terrain(double longitude) {
    Ranges systems =
        Ranges.of(Family.IPV4, List.of(new Ranges.Row(Prefix.parse("192.0.0.0/16"), 64_500)));
    int cell = Grid.cell(new Coordinates(0, longitude));
    return new Terrain(
        systems, Ranges.none(Family.IPV6), systems.map(_ -> cell), Ranges.none(Family.IPV6));
  }

  @Test
  void who_was_measured_is_sent_where_it_is_nearest() {
    Windows windows = Windows.three(Terrain.NONE);
    windows.end();

    windows
        .measured("AAA", ONE, 80, 20)
        .measured("BBB", ONE, 20, 20)
        .measured("CCC", ONE, 50, 20)
        .measured("CCC", TWO, 9, 20)
        .measured("AAA", TWO, 90, 20)
        .end();

    assertThat(windows.codes(ONE)).containsExactly("BBB", "CCC", "AAA");
    assertThat(windows.first(TWO)).isEqualTo("CCC");
    assertThat(windows.codes("203.0.113.0/24")).isEmpty();
    List<MapMaker.Known> known = windows.maker.known(Prefix.parse(ONE));
    assertThat(known).extracting(MapMaker.Known::location).containsExactly("BBB", "CCC", "AAA");
    assertThat(known.getFirst().samples()).isBetween(19.5, 20.5);
    assertThat(windows.maker.known(Prefix.parse("203.0.113.0/24"))).isEmpty();
  }

  @Test
  void families_have_maps_of_their_own() {
    Windows windows = Windows.three(Terrain.NONE);
    windows.end();

    windows
        .measured("AAA", "2001:db8:1::/48", 10, 20)
        .measured("BBB", "2001:db8:1::/48", 20, 20)
        .measured("AAA", "10.0.1.0/24", 20, 20)
        .measured("BBB", "10.0.1.0/24", 10, 20)
        .end();

    assertThat(windows.first("2001:db8:1:ff00::/56")).isEqualTo("AAA");
    assertThat(windows.first("10.0.1.0/24")).isEqualTo("BBB");
  }

  @Test
  void a_range_without_a_sample_goes_along_with_its_system() {
    Windows windows = Windows.three(terrain(0));
    windows.end();

    for (int i = 0; i < 12; i++) {
      windows.measured("CCC", "192.0." + i + ".0/24", 15, 20);
      windows.measured("AAA", "192.0." + i + ".0/24", 60, 20);
    }
    windows.end();

    assertThat(windows.first("192.0.200.0/24")).isEqualTo("CCC");
    Ranges ranges = windows.maker.newest().orElseThrow().ranges(Family.IPV4);
    assertThat(ranges.steps()).isEqualTo(3);
    assertThat(ranges.prefixes().prefix(ranges.prefixes().find(Prefix.parse(ONE).bits())))
        .hasToString("192.0.0.0/16");
  }

  @Test
  void a_range_is_told_from_its_neighbours_only_if_a_viewer_would_notice() {
    Windows windows = Windows.three(terrain(0));
    windows.end();

    for (int i = 0; i < 16; i++) {
      // One millisecond is not noticed, twenty are.
      double other = i == 3 ? 14 : i == 9 ? 40 : 30;
      windows.measured("AAA", "192.0." + i + ".0/24", i == 9 ? 60 : 15, 200);
      windows.measured("BBB", "192.0." + i + ".0/24", other, 200);
    }
    windows.end();

    assertThat(windows.first("192.0.3.0/24")).isEqualTo(windows.first("192.0.4.0/24"));
    assertThat(windows.first("192.0.4.0/24")).isEqualTo("AAA");
    assertThat(windows.first("192.0.9.0/24")).isEqualTo("BBB");
  }

  @Test
  void a_range_moves_when_another_location_was_better_for_three_windows() {
    Windows windows = steady();

    String first = windows.first(ONE);
    windows.measured("AAA", ONE, 30, 200).measured("BBB", ONE, 10, 200).end();
    String second = windows.first(ONE);
    windows.measured("AAA", ONE, 30, 200).measured("BBB", ONE, 10, 200).end();
    String third = windows.first(ONE);
    for (int i = 0; i < 3; i++) {
      windows.measured("AAA", ONE, 30, 200).measured("BBB", ONE, 10, 200).end();
    }

    assertThat(List.of(first, second, third)).containsOnly("AAA");
    assertThat(windows.first(ONE)).isEqualTo("BBB");
  }

  /** One range of many viewers, so that its moves are within a tenth, at AAA for ten minutes. */
  private static Windows steady() {
    Windows windows = Windows.three(Terrain.NONE);
    windows.end();
    for (int i = 0; i < 10; i++) {
      windows.measured("AAA", ONE, 10, 50).measured("BBB", ONE, 30, 50);
      for (int other = 0; other < 20; other++) {
        windows.measured("CCC", "10." + other + ".0.0/24", 5, 250);
      }
      windows.end();
    }
    return windows;
  }

  @Test
  void a_location_that_left_gives_its_ranges_to_others_at_once() {
    Windows windows = steady();
    assertThat(windows.first(ONE)).isEqualTo("AAA");

    windows.locations.removeIf(location -> location.id().equals("AAA"));
    Optional<MapMaker.Made> made = windows.end();

    assertThat(windows.first(ONE)).isEqualTo("BBB");
    assertThat(made).isPresent();
  }

  @Test
  void no_edition_moves_more_than_a_tenth_of_the_viewers_without_a_reason() {
    Windows windows = Windows.three(Terrain.NONE);
    windows.end();
    for (int window = 0; window < 12; window++) {
      for (int i = 0; i < 40; i++) {
        windows.measured("AAA", "10." + i + ".0.0/24", window < 6 ? 10 : 40, 100);
        windows.measured("BBB", "10." + i + ".0.0/24", 20, 100);
      }
      long before = windows.maker.counts().moved();
      windows.end();
      assertThat(windows.maker.counts().moved() - before).isBetween(0L, 4L);
      for (int i = 0; i < 40; i++) {
        assertThat(windows.first("10." + i + ".0.0/24")).isIn("AAA", "BBB");
      }
    }
    assertThat(windows.maker.counts().moved()).isPositive();

    // The operator's word is one, though it says nothing new.
    windows.maker.obey(Rules.NONE);
    windows.end();

    for (int i = 0; i < 40; i++) {
      assertThat(windows.first("10." + i + ".0.0/24")).isEqualTo("BBB");
    }
  }

  @Test
  void what_turns_out_worse_is_taken_back_and_held_for_ten_minutes() {
    Windows windows = steady();
    // BBB seems to get better, and is not as soon as viewers are there.
    while (!windows.first(ONE).equals("BBB")) {
      windows.measured("AAA", ONE, 10, 50).measured("BBB", ONE, 2, 250).end();
    }
    long moved = windows.maker.version();
    windows.measured("BBB", ONE, 70, 100).end();
    windows.measured("BBB", ONE, 70, 100).end();

    assertThat(windows.maker.counts().rollbacks()).isEqualTo(1);
    assertThat(windows.first(ONE)).isEqualTo("AAA");
    assertThat(windows.maker.version()).isGreaterThan(moved);
    for (int i = 0; i < 8; i++) {
      windows.measured("AAA", ONE, 90, 50).measured("BBB", ONE, 1, 250).end();
      assertThat(windows.first(ONE)).isEqualTo("AAA");
    }
    for (int i = 0; i < 20; i++) {
      windows.measured("AAA", ONE, 90, 50).measured("BBB", ONE, 1, 250).end();
    }
    assertThat(windows.first(ONE)).isEqualTo("BBB");
  }

  @Test
  void a_location_that_is_nearly_full_gives_up_those_who_lose_least() {
    Windows windows = Windows.three(Terrain.NONE);
    windows.end();
    for (int i = 0; i < 200; i++) {
      windows.measured("AAA", "10." + i + ".0.0/24", 10, 100);
      windows.measured("BBB", "10." + i + ".0.0/24", 12.5 + i, 100);
    }
    windows.end();
    windows.loads.put("AAA", 8.6);
    for (int i = 0; i < 11; i++) {
      windows.end();
    }
    long given = 0;
    for (int i = 0; i < 200; i++) {
      given += windows.first("10." + i + ".0.0/24").equals("BBB") ? 1 : 0;
    }
    assertThat(given).isBetween(10L, 30L);
    assertThat(windows.first("10.1.0.0/24")).isEqualTo("BBB");
    assertThat(windows.first("10.150.0.0/24")).isEqualTo("AAA");

    windows.loads.put("AAA", 6.0);
    for (int i = 0; i < 20; i++) {
      windows.end();
    }

    for (int i = 3; i < 200; i++) {
      assertThat(windows.first("10." + i + ".0.0/24")).as("range %d", i).isEqualTo("AAA");
    }
  }

  @Test
  void one_edge_does_not_draw_viewers_from_the_other_side_of_the_world() {
    Windows windows = Windows.three(terrain(150));
    windows.location("DDD", 0, 148).end();
    for (int window = 0; window < 5; window++) {
      for (int i = 0; i < 40; i++) {
        windows.measured("DDD", "192.0." + i + ".0/24", 12, 20);
        windows.measured("AAA", "192.0." + i + ".0/24", 0.1, 100_000);
      }
      windows.end();
    }

    assertThat(windows.maker.counts().reportsRefused()).isEqualTo(5);
    assertThat(windows.first(ONE)).isEqualTo("DDD");
  }

  @Test
  void a_row_that_is_faster_than_light_weighs_little_as_tables_err() {
    Windows windows = Windows.three(terrain(150));
    windows.location("DDD", 0, 148).end();

    windows.measured("AAA", "192.0.1.0/24", 3, 64);
    windows.measured("AAA", TWO, 3, 64);
    windows.end();

    assertThat(windows.maker.counts().reportsRefused()).isZero();
    assertThat(windows.maker.counts().rowsTooFast()).isEqualTo(1);
  }

  @Test
  void a_server_reports_so_often_and_of_known_locations_only() {
    Windows windows = Windows.three(Terrain.NONE);
    windows.end();
    RttReport report = new RttReport("AAA-1", "AAA", 0, List.of());

    for (int i = 0; i < MapLimits.DEFAULT.reportsMax() + 3; i++) {
      windows.maker.take(report);
    }
    windows.maker.take(new RttReport("ZZZ-1", "ZZZ", 0, List.of()));

    assertThat(windows.maker.counts().reports()).isEqualTo(MapLimits.DEFAULT.reportsMax());
    assertThat(windows.maker.counts().reportsRefused()).isEqualTo(4);
  }

  @Test
  void the_ranges_not_seen_for_longest_leave_when_there_is_no_room() {
    Windows windows = new Windows(Terrain.NONE, new MapLimits(64, 64, 4, 256));
    windows.location("AAA", 0, 0).end();
    for (int i = 0; i < 64; i++) {
      windows.measured("AAA", "10." + i + ".0.0/24", 10, 1);
      windows.end();
      windows.clock.advance(Duration.ofMinutes(10));
    }
    windows.measured("AAA", ONE, 10, 1).end();

    assertThat(windows.maker.counts().prefixes()).isEqualTo(64);
    assertThat(windows.maker.counts().evicted()).isEqualTo(1);
    assertThat(windows.codes("10.0.0.0/24")).isEmpty();
    assertThat(windows.codes("10.1.0.0/24")).isNotEmpty();
  }

  @Test
  void the_operators_word_stands_above_measurement() throws IOException {
    Windows windows = Windows.three(Terrain.NONE);
    String rules =
        """
        192.0.2.0/24,pin,CCC
        198.51.100.0/24,prefer,AAA
        10.0.0.0/24,forbid,BBB
        100.64.0.0/16,prefer,BBB
        """;
    windows.maker.obey(((Rules.Read.Loaded) Rules.read(new StringReader(rules))).rules());
    windows.end();
    for (String viewers : List.of(ONE, TWO, "10.0.0.0/24", "10.0.1.0/24")) {
      windows
          .measured("AAA", viewers, 90, 20)
          .measured("BBB", viewers, 10, 20)
          .measured("CCC", viewers, 50, 20);
    }
    windows.end();

    assertThat(windows.codes(ONE)).containsExactly("CCC");
    assertThat(windows.list(ONE).orElseThrow().word()).isEqualTo(CandidateList.Word.PIN);
    assertThat(windows.codes(TWO)).containsExactly("AAA", "BBB", "CCC");
    assertThat(windows.codes("10.0.0.0/24")).containsExactly("CCC", "AAA", "-BBB");
    assertThat(windows.first("10.0.1.0/24")).isEqualTo("BBB");
    assertThat(windows.codes("100.64.7.0/24")).containsExactly("BBB");
  }

  @Test
  void a_follower_comes_to_the_newest_map_by_changes() {
    SmallInternet net = new SmallInternet(new SmallInternet.Size(20, 200, 12, 2000), 7);
    net.minute();
    net.minute();
    LatencyMap held = net.maker.newest().orElseThrow();
    int changes = 0;
    for (int i = 0; i < 10; i++) {
      net.minute();
      Optional<MapEdition> edition = net.maker.since(held.head().version());
      if (edition.isEmpty()) {
        continue;
      }
      changes += edition.get().isWhole() ? 0 : 1;
      LatencyMap.Read read =
          edition.get().isWhole()
              ? LatencyMap.read(edition.get().content())
              : held.with(edition.get().content());
      held = ((LatencyMap.Read.Sound) read).map();
      assertThat(held.checksum()).isEqualTo(net.maker.newest().orElseThrow().checksum());
    }
    assertThat(changes).isPositive();
    assertThat(net.maker.since(net.maker.version())).isEmpty();
    assertThat(net.maker.since(0).orElseThrow().isWhole()).isTrue();
    assertThat(net.maker.since(999_999).orElseThrow().isWhole()).isTrue();
  }

  @Test
  void a_maker_goes_on_where_it_was_after_a_restart() throws IOException {
    Windows windows = steady();
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    windows.maker.save(saved);
    long version = windows.maker.version();

    MapMaker next = new MapMaker(Terrain.NONE, MapLimits.DEFAULT, windows.clock);
    next.restore(new ByteArrayInputStream(saved.toByteArray()));

    assertThat(next.version()).isEqualTo(version);
    assertThat(next.make(windows.locations, Map.of())).isEmpty();
    assertThat(next.counts().prefixes()).isEqualTo(21);
    next.obey(rule("192.0.2.0/24,pin,CCC"));
    assertThat(next.make(windows.locations, Map.of()).orElseThrow().whole().version())
        .isEqualTo(version + 1);

    byte[] damaged = saved.toByteArray();
    damaged[damaged.length / 2] ^= 1;
    assertThatThrownBy(() -> next.restore(new ByteArrayInputStream(damaged)))
        .isInstanceOf(IOException.class);
    assertThat(next.version()).isEqualTo(version + 1);
  }

  @Test
  void who_is_where_the_operator_forbids_it_goes_to_what_is_left() throws IOException {
    Windows windows = steady();
    assertThat(windows.first(ONE)).isEqualTo("AAA");

    windows.maker.obey(rule("192.0.2.0/24,forbid,AAA"));
    windows.end();

    assertThat(windows.codes(ONE)).containsExactly("BBB", "CCC", "-AAA");
  }

  private static Rules rule(String line) throws IOException {
    return ((Rules.Read.Loaded) Rules.read(new StringReader(line))).rules();
  }

  @Test
  void versions_grow_over_makers() {
    Windows windows = Windows.three(Terrain.NONE);
    windows.maker.startAfter(41);
    windows.end();

    windows.measured("AAA", ONE, 10, 20).end();

    assertThat(windows.maker.version()).isEqualTo(42);
  }
}
