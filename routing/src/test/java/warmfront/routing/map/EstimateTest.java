package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.distribution.Location;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.Coordinates;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/** What is kept of measurements, and what is made of it. */
final class EstimateTest {
  private static Slot.Sample sample(double millis, double weight) {
    return new Slot.Sample(Math.log(millis * 1000), weight, 0.01);
  }

  private static double millis(long slot) {
    return Math.exp(Slot.mean(slot)) / 1000;
  }

  @Test
  void a_slot_keeps_the_mean_of_logarithms_and_halves_in_six_hours() {
    long slot = Slot.with(Slot.of(17), sample(10, 30), 0, 1);
    slot = Slot.with(slot, sample(12, 10), 0, 2);

    assertThat(Slot.location(slot)).isEqualTo(17);
    assertThat(millis(slot)).isCloseTo(Math.pow(10, 0.75) * Math.pow(12, 0.25), within(0.05));
    assertThat(Slot.weight(slot, 0)).isCloseTo(40, within(0.1));
    assertThat(Slot.weight(slot, 1)).isCloseTo(20, within(0.1));
    assertThat(Slot.weight(slot, 3.5)).isCloseTo(40 / Math.pow(2, 3.5), within(0.1));
    long later = Slot.rebased(slot, Epoch.REBASE);
    assertThat(Slot.weight(later, 0)).isLessThan(1.01);
    assertThat(Slot.location(later)).isEqualTo(17);
  }

  @Test
  void a_new_level_is_taken_after_three_windows_in_one_direction() {
    long slot = Slot.EMPTY | Slot.of(0);
    for (int window = 0; window < 50; window++) {
      slot = Slot.with(slot, sample(20, 20), 0, window);
    }

    slot = Slot.with(slot, sample(60, 20), 0, 50);
    slot = Slot.with(slot, sample(60, 20), 0, 50);
    slot = Slot.with(slot, sample(60, 20), 0, 50);
    assertThat(millis(slot)).as("three reports of one window").isLessThan(25);
    slot = Slot.with(slot, sample(60, 20), 0, 51);
    assertThat(millis(slot)).isLessThan(25);
    long shifted = Slot.with(slot, sample(60, 20), 0, 52);

    assertThat(millis(shifted)).isCloseTo(60, within(0.5));
    assertThat(Slot.isShifted(slot, shifted, 0)).isTrue();
  }

  @Test
  void what_strays_now_and_then_is_no_new_level() {
    long slot = Slot.of(0);
    for (int window = 0; window < 200; window++) {
      boolean strays = window > 20 && window % 3 == 0;
      slot = Slot.with(slot, sample(strays ? 60 : 20, strays ? 1 : 20), 0, window);
    }

    assertThat(millis(slot)).isBetween(19.0, 22.0);
  }

  @Test
  void the_prior_is_what_coordinates_say() {
    Windows windows = Windows.three(Terrain.NONE).location("DDD", 51, 7);
    Numbering numbering = new Numbering();
    numbering.use(windows.locations, 0);
    Prior prior = new Prior();
    prior.use(numbering);
    Prior.From from = prior.from();
    Random random = new Random(1);
    for (int round = 0; round < 1000; round++) {
      Coordinates at =
          Grid.middle(
              Grid.cell(
                  new Coordinates(
                      random.nextDouble() * 180 - 90, random.nextDouble() * 360 - 180)));
      from.go(Grid.cell(at));
      for (Location one : windows.locations) {
        double exact = at.millisTo(new Coordinates(one.latitude(), one.longitude()));
        double quick = Math.exp(Prior.logMicros(from.step(numbering.number(one.id())))) / 1000;
        assertThat(quick).isCloseTo(exact, within(0.01 * exact + 0.05));
      }
    }
  }

  @Test
  void a_range_is_drawn_toward_its_system_and_that_toward_geography() {
    Ranges systems =
        Ranges.of(Family.IPV4, List.of(new Ranges.Row(Prefix.parse("10.0.0.0/8"), 65_000)));
    int place = Grid.cell(new Coordinates(0, 0));
    Terrain terrain =
        new Terrain(
            systems, Ranges.none(Family.IPV6), systems.map(_ -> place), Ranges.none(Family.IPV6));
    Windows windows = Windows.three(terrain);
    Knowledge knowledge = new Knowledge(terrain, MapLimits.DEFAULT, 0);
    knowledge.use(windows.locations, 0);
    int far = knowledge.numbering().number("BBB");
    Knowledge.Now now = knowledge.now(0);
    int row = knowledge.prefix(Prefix.parse("10.1.0.0/24"), now);
    int system = knowledge.prefixes().system(row);
    knowledge.systems().add(system, far, sample(80, 8), 0);
    long[] page = knowledge.prefixes().table().page(row);
    page[knowledge.prefixes().table().first(row)] = Slot.with(Slot.of(far), sample(50, 10), 0, 0);

    Estimates estimates = new RecentEstimates(knowledge, now).of(row);

    double geography = new Coordinates(0.25, 0.25).millisTo(new Coordinates(0, 20));
    // The range is nearer than its system there, and half of that is believed.
    double shared = (Math.log(50) + Math.log(80)) / 2;
    double expected = Math.exp((10 * Math.log(50) + shared + 0.3 * Math.log(geography)) / 11.3);
    assertThat(Exploration.millis(estimates.log(estimates.indexOf(far))))
        .isCloseTo(expected, within(0.3));
  }

  @Test
  void exploring_falls_from_three_percent_to_two_in_a_thousand() {
    assertThat(Exploration.perMille(0)).isEqualTo(30);
    assertThat(Exploration.perMille(3_600_000)).isEqualTo(30);
    assertThat(Exploration.perMille(3_600_001)).isEqualTo(15);
    assertThat(Exploration.perMille(3 * 3_600_000)).isEqualTo(2);
    assertThat(Exploration.perMille(Long.MAX_VALUE / 2)).isEqualTo(2);
    assertThat(Exploration.perMille(5 * 3_600_000, 199)).isEqualTo(30);
    assertThat(Exploration.perMille(5 * 3_600_000, 200)).isEqualTo(2);
  }

  @Test
  void a_range_of_many_viewers_is_explored_no_more_than_samples_are_needed() {
    assertThat(Exploration.needed(30, 66)).isEqualTo(30);
    assertThat(Exploration.needed(30, 67)).isEqualTo(15);
    assertThat(Exploration.needed(30, 134)).isEqualTo(7);
    assertThat(Exploration.needed(30, 1e9)).isEqualTo(7);
    assertThat(Exploration.needed(2, 1e9)).isEqualTo(2);
    Prefixes prefixes = new Prefixes(4);
    int row = prefixes.add(1, 0, 0, 0);
    for (int window = 0; window < 100; window++) {
      prefixes.traffic(row, prefixes.traffic(row) + 50);
      assertThat(prefixes.samplesPerWindow(row, window)).isCloseTo(50, within(0.1));
      prefixes.fade();
    }
  }

  @Test
  void a_million_ranges_of_twelve_locations_take_150_megabytes() {
    MapLimits limits = MapLimits.DEFAULT;
    Prefixes prefixes = new Prefixes(limits.prefixesMax());
    for (int i = 0; i < limits.prefixesMax(); i++) {
      prefixes.add(i, 0, 0, 0);
    }
    SlotTable systems = new Systems(limits.systemsMax()).table();
    for (int i = 0; i < 75_000; i++) {
      systems.add(i);
    }

    assertThat(prefixes.bytes() + systems.bytes()).isLessThanOrEqualTo(150_000_000);
    assertThat(prefixes.table().find(999_999)).isEqualTo(999_999);
  }
}
