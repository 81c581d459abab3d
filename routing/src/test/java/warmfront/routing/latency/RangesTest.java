package warmfront.routing.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

final class RangesTest {
  private static final int ROUNDS = 200;

  @Test
  void ranges_say_what_the_longest_prefix_says_and_their_prefixes_never_overlap() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Family family = seed % 2 == 0 ? Family.IPV4 : Family.IPV6;
      List<Ranges.Row> rows = rows(family, random);

      PrefixMap prefixes = Ranges.of(family, rows).prefixes();

      for (int i = 0; i < 100; i++) {
        long bits = near(family, rows, random);
        int found = prefixes.find(bits);
        assertThat(prefixes.value(found)).as("seed %d", seed).isEqualTo(naive(rows, bits));
        assertThat(covers(prefixes.prefix(found), bits)).as("seed %d", seed).isTrue();
      }
      assertThat(units(prefixes, family)).as("seed %d", seed).isEqualTo(family.units());
    }
  }

  @Test
  void laying_over_takes_the_upper_where_it_knows_something() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      List<Ranges.Row> above = rows(Family.IPV4, random);
      List<Ranges.Row> below = rows(Family.IPV4, random);

      Ranges laid = Ranges.of(Family.IPV4, above).over(Ranges.of(Family.IPV4, below));

      for (int i = 0; i < 100; i++) {
        long bits = near(Family.IPV4, i % 2 == 0 ? above : below, random);
        int upper = naive(above, bits);
        int expected = upper == Ranges.NONE ? naive(below, bits) : upper;
        assertThat(laid.value(bits)).as("seed %d", seed).isEqualTo(expected);
      }
    }
  }

  @Test
  void equal_neighbours_become_one_prefix() {
    List<Ranges.Row> halves = List.of(row("10.0.0.0/9", 1), row("10.128.0.0/9", 2));

    PrefixMap merged = Ranges.of(Family.IPV4, halves).map(_ -> 7).prefixes();

    int found = merged.find(Prefix.parse("10.200.0.0/16").bits());
    assertThat(merged.prefix(found)).hasToString("10.0.0.0/8");
    assertThat(merged.value(found)).isEqualTo(7);
  }

  @Test
  void a_prefix_longer_than_a_unit_speaks_for_it_if_it_holds_its_first_address() {
    Ranges.Maker maker = new Ranges.Maker(Family.IPV4);
    maker.add(bits(0xc0000200), 25, 1);
    maker.add(bits(0xc0000280), 25, 2);
    maker.add(bits(0xc0000380), 25, 3);

    Ranges ranges = maker.made();

    assertThat(ranges.value(bits(0xc00002ff))).isEqualTo(1);
    assertThat(ranges.value(bits(0xc0000390))).isEqualTo(Ranges.NONE);
  }

  @Test
  void prefixes_out_of_order_are_refused() {
    Ranges.Maker maker = new Ranges.Maker(Family.IPV4);
    maker.add(bits(0x0b000000), 8, 1);

    assertThatThrownBy(() -> maker.add(bits(0x0a000000), 8, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long bits(int address) {
    return (long) address << 32;
  }

  private static Ranges.Row row(String prefix, int value) {
    return new Ranges.Row(Prefix.parse(prefix), value);
  }

  private static List<Ranges.Row> rows(Family family, Random random) {
    List<Ranges.Row> rows = new ArrayList<>();
    List<Prefix> seen = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      // Few distinct beginnings, so that prefixes lie within one another.
      int length = random.nextInt(family.unitLength() + 1);
      long bits = ((long) random.nextInt(4) << 62) | (random.nextLong() & 0x0f0f0000_00000000L);
      long masked = length == 0 ? 0 : bits & (-1L << (64 - length));
      Prefix prefix = new Prefix(family, masked, length);
      if (!seen.contains(prefix)) {
        seen.add(prefix);
        rows.add(new Ranges.Row(prefix, i));
      }
    }
    return rows;
  }

  private static long near(Family family, List<Ranges.Row> rows, Random random) {
    long base = rows.get(random.nextInt(rows.size())).prefix().bits();
    long step = 1L << (64 - family.unitLength());
    return switch (random.nextInt(4)) {
      case 0 -> base;
      case 1 -> base - step;
      case 2 -> base + step * random.nextInt(1000);
      default -> random.nextLong();
    };
  }

  private static int naive(List<Ranges.Row> rows, long bits) {
    int best = Ranges.NONE;
    int length = -1;
    for (Ranges.Row row : rows) {
      if (covers(row.prefix(), bits) && row.prefix().length() > length) {
        best = row.value();
        length = row.prefix().length();
      }
    }
    return best;
  }

  private static boolean covers(Prefix prefix, long bits) {
    return prefix.length() == 0 || (bits ^ prefix.bits()) >>> (64 - prefix.length()) == 0;
  }

  private static long units(PrefixMap prefixes, Family family) {
    long units = 0;
    for (int i = 0; i < prefixes.size(); i++) {
      units += 1L << (family.unitLength() - prefixes.length(i));
    }
    return units;
  }
}
