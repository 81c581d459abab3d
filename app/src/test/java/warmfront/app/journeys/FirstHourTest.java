package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Promise: a new network's viewers fare no worse by the latency map than by geography in any
 * minute, and nearly all are where they are served best after an hour. What {@link InternetJourney}
 * shows once, with packets, is shown here for many Internets, without.
 */
final class FirstHourTest {
  private static final double VISITS_PER_MINUTE = 720;

  /** What exploring may cost in a minute in which nothing is known yet. */
  private static final double WORSE_MILLIS = 1.5;

  @Test
  void no_minute_is_worse_than_geography_and_after_an_hour_viewers_are_near() {
    List<WorldByMap.Fare> last = new ArrayList<>();
    for (int seed = 1; seed <= 5; seed++) {
      last.add(hour(seed));
    }
    assertThat(WorldByMap.mean(last).near()).isGreaterThanOrEqualTo(0.98);
  }

  @Test
  @Tag("full")
  void so_it_is_on_a_hundred_internets() {
    List<WorldByMap.Fare> last = new ArrayList<>();
    for (int seed = 1; seed <= 100; seed++) {
      last.add(hour(seed));
    }
    WorldByMap.Fare mean = WorldByMap.mean(last);
    System.out.println("the last twenty minutes on a hundred Internets: " + mean);
    assertThat(mean.near()).isGreaterThanOrEqualTo(0.99);
    assertThat(last).filteredOn(fare -> fare.near() >= 0.97).hasSizeGreaterThanOrEqualTo(95);
    assertThat(mean.exploredMillis()).isLessThanOrEqualTo(0.1);
  }

  private static WorldByMap.Fare hour(int seed) {
    WorldByMap world = new WorldByMap(seed, VISITS_PER_MINUTE);
    WorldByMap.Fare geography = world.byCountry();
    List<WorldByMap.Fare> last = new ArrayList<>();
    double worst = Double.NEGATIVE_INFINITY;
    for (int minute = 1; minute <= 60; minute++) {
      WorldByMap.Fare fare = world.minute();
      worst = Math.max(worst, fare.millis() - geography.millis());
      assertThat(fare.millis())
          .as("minute %d of seed %d", minute, seed)
          .isLessThanOrEqualTo(geography.millis() + WORSE_MILLIS);
      if (minute > 40) {
        last.add(fare);
      }
    }
    WorldByMap.Fare mean = WorldByMap.mean(last);
    System.out.printf(
        Locale.ROOT,
        "seed %d: %.1f %% near by geography, %.1f %% by the map, %.2f %% far, mean %.1f and %.1f ms,"
            + " worst minute %+.2f ms, exploring %.3f ms%n",
        seed,
        100 * geography.near(),
        100 * mean.near(),
        100 * mean.far(),
        geography.millis(),
        mean.millis(),
        worst,
        mean.exploredMillis());
    assertThat(mean.near()).as("seed %d", seed).isGreaterThanOrEqualTo(0.96);
    assertThat(mean.far()).as("seed %d", seed).isLessThanOrEqualTo(0.01);
    return mean;
  }
}
