package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How well viewers fare by the map, on an Internet of which all times are known. */
final class ExperimentTest {
  @Test
  void after_an_hour_viewers_are_near_their_best_location() {
    near(new SmallInternet(new SmallInternet.Size(40, 400, 24, 8_000), 3));
  }

  @Test
  @Tag("full")
  void after_an_hour_viewers_of_a_large_internet_are_near_their_best_location() {
    near(new SmallInternet(new SmallInternet.Size(1_500, 20_000, 400, 300_000), 1));
  }

  private static void near(SmallInternet net) {
    SmallInternet.Fare byPlace = net.fare(Optional.empty());

    for (int minute = 0; minute < 60; minute++) {
      net.minute();
    }
    SmallInternet.Fare byMap = net.fare(net.maker.newest());

    assertThat(byMap.near()).as("by place %s, by map %s", byPlace, byMap).isBetween(0.97, 1.0);
    assertThat(byMap.far()).isLessThanOrEqualTo(0.01);
    assertThat(byPlace.near()).isLessThan(0.9);
    assertThat(byPlace.far()).isGreaterThan(0.05);
  }

  @Test
  void the_first_minutes_are_not_worse_than_places_alone() {
    for (int seed = 1; seed <= 20; seed++) {
      firstMinutes(new SmallInternet(new SmallInternet.Size(25, 50, 20, 720), seed), seed);
      firstMinutes(new SmallInternet(new SmallInternet.Size(20, 100, 12, 1_000), seed), seed);
    }
  }

  private static void firstMinutes(SmallInternet net, int seed) {
    for (int minute = 1; minute <= 15; minute++) {
      double millis = net.millis;
      double byPlace = net.placeMillis;
      net.minute();
      assertThat((net.millis - millis) / (net.placeMillis - byPlace))
          .as("minute %d of seed %d, against places alone", minute, seed)
          .isLessThanOrEqualTo(1.03);
    }
  }

  @Test
  void exploring_costs_little_when_all_has_been_seen() {
    exploring(new SmallInternet(new SmallInternet.Size(20, 100, 12, 1_000), 5));
  }

  @Test
  @Tag("full")
  void exploring_a_larger_internet_costs_little_when_all_has_been_seen() {
    exploring(new SmallInternet(new SmallInternet.Size(120, 1_500, 40, 20_000), 5));
  }

  private static void exploring(SmallInternet net) {
    for (int minute = 0; minute < 7 * 60; minute++) {
      net.minute();
    }
    double millis = net.exploredMillis;
    double connections = net.connections;
    for (int minute = 0; minute < 60; minute++) {
      net.minute();
    }

    double added = (net.exploredMillis - millis) / (net.connections - connections);
    assertThat(added).isLessThanOrEqualTo(0.1);
  }

  @Test
  void a_new_location_has_viewers_within_ten_minutes_of_joining() {
    joins(new SmallInternet(new SmallInternet.Size(20, 200, 12, 4_000), 9));
  }

  @Test
  void a_new_location_has_viewers_within_ten_minutes_though_a_few_ranges_have_most_of_them() {
    joins(new SmallInternet(new SmallInternet.Size(25, 50, 20, 2_000), 3));
  }

  private static void joins(SmallInternet net) {
    double should = net.shareWhoseBestIs(0);
    net.absent = 0;
    for (int minute = 0; minute < 30; minute++) {
      net.minute();
    }
    assertThat(net.shareSentTo(0)).isZero();

    net.absent = -1;
    for (int minute = 0; minute < 10; minute++) {
      net.minute();
    }

    assertThat(should).isGreaterThan(0.01);
    assertThat(net.shareSentTo(0)).isGreaterThan(should / 4);
  }

  @Test
  void resolvers_keep_few_answers_for_a_name() {
    SmallInternet net = new SmallInternet(new SmallInternet.Size(60, 900, 16, 30_000), 11);
    for (int minute = 0; minute < 40; minute++) {
      net.minute();
    }
    Resolvers resolvers = new Resolvers(net, 3, 12, 5);
    double answers = resolvers.answersOf(net.maker.newest().orElseThrow());
    assertThat(answers).isLessThanOrEqualTo(4);
  }
}
