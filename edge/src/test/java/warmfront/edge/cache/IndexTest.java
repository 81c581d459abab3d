package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.edge.step.CacheKey;
import warmfront.time.Clock;

final class IndexTest {
  private final Index index = new Index(new Timeline(Clock.system()));

  @ParameterizedTest
  @CsvSource({"3, 4", "1, 12", "40, 100", "5000, 1"})
  void it_does_what_a_set_does_whatever_hashes_have_in_common(int lows, int highs) {
    Set<CacheKey> set = new HashSet<>();
    Random random = new Random(lows);
    for (int i = 0; i < 50_000; i++) {
      CacheKey key = key(random.nextInt(highs), random.nextInt(lows));
      if (random.nextInt(100) < 40 + i / 1000 % 20) {
        add(key);
        set.add(key);
      } else {
        remove(key);
        set.remove(key);
      }
      CacheKey looked = key(random.nextInt(highs), random.nextInt(lows));
      assertThat(index.find(looked) != null).isEqualTo(set.contains(looked));
    }
    assertThat(index.size()).isEqualTo(set.size());
    Set<CacheKey> all = new HashSet<>();
    index.forEach(slot -> assertThat(all.add(slot.key())).isTrue());
    assertThat(all).isEqualTo(set);
  }

  @Test
  void keys_whose_hashes_are_the_same_are_told_apart_by_what_was_hashed() {
    CacheKey one = new CacheKey(1, 2, new byte[] {1}, "E1", "/one");
    CacheKey other = new CacheKey(1, 2, new byte[] {2}, "E1", "/other");
    add(one);
    assertThat(index.find(other)).isNull();
    add(other);
    assertThat(index.find(one)).extracting(Slot::key).isEqualTo(one);
    assertThat(index.find(other)).extracting(Slot::key).isEqualTo(other);
  }

  @Test
  void what_is_there_is_found_while_others_come_and_go_beside_it() {
    List<CacheKey> stay = IntStream.range(0, 100).mapToObj(i -> key(i, i % 8)).toList();
    stay.forEach(this::add);
    AtomicBoolean ended = new AtomicBoolean();
    var looking =
        CompletableFuture.supplyAsync(() -> {
          int missed = 0;
          do {
            for (CacheKey key : stay) {
              missed += index.find(key) == null ? 1 : 0;
            }
          } while (!ended.get());
          return missed;
        });
    Random random = new Random(7);
    for (int i = 0; i < 300_000; i++) {
      CacheKey key = key(100 + random.nextInt(300), random.nextInt(8));
      if (random.nextBoolean()) {
        add(key);
      } else {
        remove(key);
      }
    }
    ended.set(true);
    assertThat(looking.join()).isZero();
  }

  private void add(CacheKey key) {
    index.in(key, slot -> slot.markedUntil = Long.MAX_VALUE);
  }

  private void remove(CacheKey key) {
    index.in(
        key,
        slot -> {
          slot.markedUntil = Slot.UNMARKED;
          index.tidy(slot);
          return slot;
        });
  }

  private static CacheKey key(long high, long low) {
    return new CacheKey(
        high, low, new byte[] {(byte) high, (byte) (high >> 8), (byte) low}, "E1", "/");
  }
}
