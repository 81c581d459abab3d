package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.rtt.Prefix;

final class RecentEstimatesTest {
  private static final int ROWS = 30;

  @Test
  void what_is_kept_is_what_would_be_estimated_anew() {
    Windows windows = Windows.three(Terrain.NONE);
    Knowledge knowledge = new Knowledge(Terrain.NONE, MapLimits.DEFAULT, 0);
    knowledge.use(windows.locations, 0);
    Knowledge.Now now = knowledge.now(0);
    Random random = new Random(1);
    for (int i = 0; i < ROWS; i++) {
      measure(knowledge, knowledge.prefix(Prefix.parse("10.0." + i + ".0/24"), now), random);
    }
    RecentEstimates recent = new RecentEstimates(knowledge, now);
    for (int round = 0; round < 5_000; round++) {
      int row = random.nextInt(4) == 0 ? random.nextInt(ROWS) : round / 50 % ROWS;
      if (random.nextInt(20) == 0) {
        measure(knowledge, row, random);
        recent.forget(row);
      }

      Estimates kept = recent.of(row);

      Estimates anew = new RecentEstimates(knowledge, now).of(row);
      assertThat(values(kept)).as("round %d", round).isEqualTo(values(anew));
    }
  }

  private static void measure(Knowledge knowledge, int row, Random random) {
    int location = random.nextInt(3);
    SlotTable table = knowledge.prefixes().table();
    Slot.Sample sample = new Slot.Sample(7 + 4 * random.nextDouble(), 5, 0.01);
    table.page(row)[table.first(row) + location] = Slot.with(Slot.of(location), sample, 0, 0);
  }

  private static List<Double> values(Estimates of) {
    return List.of(
        (double) of.count(),
        of.log(of.best()),
        of.ownWeight(of.best()),
        of.doubt(of.count() - 1),
        (double) of.location(of.count() - 1));
  }
}
