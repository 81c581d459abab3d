package warmfront.routing.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Joined neighbours against a model that looks at every unit. */
final class BlocksTest {
  private static final int UNITS = 64;

  private record Wide(long start, long end, int chosen) {}

  @Test
  void every_unit_gets_what_is_good_enough_for_it_in_the_widest_blocks_there_are() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<Set<Integer>> good = new ArrayList<>();
      List<Wide> wide = new ArrayList<>();
      Blocks blocks =
          new Blocks(block ->
              wide.add(
                  new Wide(block.start(), block.start() + (1L << block.bits()), block.chosen())));
      Block one = new Block();
      for (int at = 0; at < UNITS; ) {
        int end = Math.min(UNITS, at + 1 + random.nextInt(5));
        Set<Integer> set = new TreeSet<>();
        while (set.size() < 1 + random.nextInt(3)) {
          set.add(random.nextInt(4));
        }
        one.begin(Block.Kind.MEASURED, Block.NO_RULE, Block.MIXED, 0);
        one.of(at, 1, at);
        set.forEach(location -> one.add(location, random.nextDouble(), 0));
        blocks.add(at, end, one);
        for (int unit = at; unit < end; unit++) {
          good.add(set);
        }
        at = end;
      }
      blocks.flush();

      assertThat(wide.stream().mapToLong(block -> block.end() - block.start()).sum())
          .isEqualTo(UNITS);
      for (Wide block : wide) {
        for (long unit = block.start(); unit < block.end(); unit++) {
          assertThat(good.get((int) unit)).as("seed %d", seed).contains(block.chosen());
        }
        assertThat(common(good, parent(block))).as("seed %d: %s", seed, block).isEmpty();
      }
    }
  }

  /** Returns the block twice as wide around a block; all units have something in common with it. */
  private static Wide parent(Wide block) {
    long size = 2 * (block.end() - block.start());
    long start = block.start() / size * size;
    return new Wide(start, start + size, 0);
  }

  private static Set<Integer> common(List<Set<Integer>> good, Wide block) {
    if (block.end() > UNITS) {
      return Set.of();
    }
    Set<Integer> common = new TreeSet<>(good.get((int) block.start()));
    for (long unit = block.start(); unit < block.end(); unit++) {
      common.retainAll(good.get((int) unit));
    }
    return common;
  }
}
