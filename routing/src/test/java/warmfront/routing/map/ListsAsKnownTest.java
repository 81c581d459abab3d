package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.Coordinates;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * The lists of an edition are those that come of a straightforward look at what is known of each
 * range: of one that stands alone, the location chosen and then the others, nearest first.
 */
final class ListsAsKnownTest {
  private static final int LIST_MAX = 8;

  @Test
  void a_range_that_stands_alone_has_the_list_of_what_is_known_of_it() {
    int alone = 0;
    for (int seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      Windows windows = world(random);
      Set<Prefix> viewers = measured(windows, random);
      windows.end();
      viewers.removeIf(one -> windows.maker.known(one).isEmpty());
      LatencyMap map = windows.maker.newest().orElseThrow();
      for (Family family : Family.values()) {
        Ranges ranges = map.ranges(family);
        for (int step = 0; step < ranges.steps(); step++) {
          List<Prefix> within = lyingIn(ranges, step, family, viewers);
          if (within.size() == 1 && ranges.valueAt(step) != Ranges.NONE) {
            CandidateList list = map.lists().get(ranges.valueAt(step));
            asKnown(list, map.head().locations(), windows.maker.known(within.getFirst()), seed);
            alone++;
          }
        }
      }
    }
    assertThat(alone).isGreaterThan(1_000);
  }

  private static Windows world(Random random) {
    int cell = Grid.cell(new Coordinates(10, 20));
    Ranges systems =
        Ranges.of(
            Family.IPV4,
            List.of(
                new Ranges.Row(Prefix.parse("10.0.0.0/17"), 65_000),
                new Ranges.Row(Prefix.parse("10.0.128.0/18"), 65_001)));
    Windows windows =
        new Windows(
            new Terrain(
                systems,
                Ranges.none(Family.IPV6),
                systems.map(_ -> cell),
                Ranges.none(Family.IPV6)),
            MapLimits.DEFAULT);
    int locations = 2 + random.nextInt(15);
    for (int i = 0; i < locations; i++) {
      windows.location(
          "LA" + (char) ('A' + i), random.nextInt(80) - 30.0, random.nextInt(80) - 20.0);
    }
    windows.end();
    return windows;
  }

  private static Set<Prefix> measured(Windows windows, Random random) {
    Set<Prefix> viewers = new LinkedHashSet<>();
    for (int i = 0; i < 120; i++) {
      String text =
          random.nextInt(3) == 0
              ? "2001:db8:%x::/48".formatted(random.nextInt(200))
              : "10.0.%d.0/24".formatted(random.nextInt(256));
      if (viewers.add(Prefix.parse(text))) {
        for (int j = 0; j < windows.locations.size(); j++) {
          if (random.nextInt(3) > 0) {
            String code = windows.locations.get(j).id();
            windows.measured(code, text, 30 + random.nextInt(150), 1 + random.nextInt(30));
          }
        }
      }
    }
    return viewers;
  }

  private static List<Prefix> lyingIn(Ranges ranges, int step, Family family, Set<Prefix> viewers) {
    return viewers.stream()
        .filter(one -> one.family() == family)
        .filter(one -> {
          long unit = family.unitOf(one.bits());
          return ranges.start(step) <= unit && unit < ranges.end(step);
        })
        .toList();
  }

  private static void asKnown(
      CandidateList list, List<String> codes, List<MapMaker.Known> known, int seed) {
    List<MapMaker.Known> expected = new ArrayList<>(known);
    String chosen = codes.get(list.location(0));
    MapMaker.Known first =
        known.stream().filter(one -> one.location().equals(chosen)).findFirst().orElseThrow();
    expected.remove(first);
    expected.addFirst(first);
    List<MapMaker.Known> named = expected.subList(0, Math.min(LIST_MAX, expected.size()));
    assertThat(list.size()).isEqualTo(named.size());
    for (int rank = 0; rank < list.size(); rank++) {
      assertThat(codes.get(list.location(rank)))
          .as("seed %d, rank %d of %s", seed, rank, known)
          .isEqualTo(named.get(rank).location());
      double apart = Math.log(list.millis(rank) / named.get(rank).millis());
      assertThat(apart).isCloseTo(0, within(0.1001));
    }
  }
}
