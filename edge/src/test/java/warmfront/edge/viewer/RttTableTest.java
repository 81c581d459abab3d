package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import warmfront.rtt.Family;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;

final class RttTableTest {
  @Test
  void times_of_a_range_are_averaged_as_logarithms() {
    RttTable table = new RttTable(10, 7);
    add(table, "192.0.2.0/24", 10_000);
    add(table, "192.0.2.0/24", 40_000);
    add(table, "192.0.3.0/24", 5);

    Map<Prefix, Measured> rows = byRange(table);

    assertThat(rows).hasSize(2);
    Measured both = there(rows, Prefix.parse("192.0.2.0/24"));
    // The geometric mean: a queue of seconds weighs little.
    assertThat(Math.exp(both.meanLog())).isCloseTo(20_000, within(0.001));
    assertThat(both.squares()).isCloseTo(2 * Math.pow(Math.log(2), 2), within(1e-9));
    assertThat(both.samples()).isEqualTo(2);
    assertThat(both.minMicros()).isEqualTo(10_000);
    assertThat(there(rows, Prefix.parse("192.0.3.0/24")).minMicros()).isEqualTo(5);
  }

  @Test
  void viewers_are_one_range_of_24_or_48_bits() {
    RttTable table = new RttTable(10, 7);
    table.add(Family.IPV4, Prefix.parse("198.51.100.1/32").bits(), 9);
    table.add(Family.IPV4, Prefix.parse("198.51.100.255/32").bits(), 9);
    table.add(Family.IPV6, Prefix.parse("2001:db8:1:2::/64").bits(), 9);
    table.add(Family.IPV6, Prefix.parse("2001:db8:1:ffff::/64").bits(), 9);
    table.add(Family.IPV6, Prefix.parse("2001:db8:2:2::/64").bits(), 9);
    table.add(Family.IPV6, 0, 9);
    table.add(Family.IPV4, 0, 9);

    assertThat(table.rows())
        .extracting(row -> row.viewers() + " " + row.samples())
        .containsExactlyInAnyOrder(
            "198.51.100.0/24 2",
            "2001:db8:1:0:0:0:0:0/48 2",
            "2001:db8:2:0:0:0:0:0/48 1",
            "0:0:0:0:0:0:0:0/48 1",
            "0.0.0.0/24 1");
  }

  @Test
  void ranges_beyond_the_limit_have_no_room_and_those_that_are_there_go_on() {
    RttTable table = new RttTable(2, 7);

    assertThat(add(table, "10.0.1.0/24", 1)).isTrue();
    assertThat(add(table, "10.0.2.0/24", 1)).isTrue();
    assertThat(add(table, "10.0.3.0/24", 1)).isFalse();
    assertThat(add(table, "10.0.1.0/24", 1)).isTrue();
    assertThat(table.rows()).hasSize(2);
  }

  @Test
  void the_largest_time_over_and_over_is_still_a_row() {
    RttTable table = new RttTable(1, 7);
    for (int i = 0; i < 1000; i++) {
      add(table, "10.0.1.0/24", Measured.MICROS_MAX);
    }

    assertThat(table.rows().getFirst().squares()).isCloseTo(0, within(1e-9));
  }

  @Test
  void a_random_table_has_what_a_naive_one_has() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RttTable table = new RttTable(20_000, random.nextLong());
    Map<Prefix, List<Integer>> naive = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
      int length = family.measuredLength();
      Prefix viewers = new Prefix(family, (long) random.nextInt(3000) << (64 - length), length);
      int micros = random.nextInt(1, Measured.MICROS_MAX + 1);
      assertThat(table.add(family, viewers.bits(), micros)).isTrue();
      naive.computeIfAbsent(viewers, _ -> new ArrayList<>()).add(micros);
    }

    Map<Prefix, Measured> rows = byRange(table);

    assertThat(rows.keySet()).as("seed %d", seed).isEqualTo(naive.keySet());
    naive.forEach((viewers, times) -> {
      double mean = times.stream().mapToDouble(Math::log).average().orElseThrow();
      double squares = times.stream().mapToDouble(time -> Math.pow(Math.log(time) - mean, 2)).sum();
      Measured row = there(rows, viewers);
      assertThat(row.samples()).as("seed %d", seed).isEqualTo(times.size());
      assertThat(row.meanLog()).as("seed %d", seed).isCloseTo(mean, within(1e-9));
      assertThat(row.squares()).as("seed %d", seed).isCloseTo(squares, within(1e-6));
      assertThat(row.minMicros()).isEqualTo(times.stream().min(Integer::compare).orElseThrow());
    });
  }

  private static boolean add(RttTable table, String viewers, int micros) {
    Prefix prefix = Prefix.parse(viewers);
    return table.add(prefix.family(), prefix.bits(), micros);
  }

  private static Measured there(Map<Prefix, Measured> rows, Prefix viewers) {
    return Optional.ofNullable(rows.get(viewers)).orElseThrow();
  }

  private static Map<Prefix, Measured> byRange(RttTable table) {
    return table.rows().stream().collect(Collectors.toMap(Measured::viewers, Function.identity()));
  }
}
