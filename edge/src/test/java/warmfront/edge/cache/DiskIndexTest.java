package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DiskIndexTest {
  private final Counts counts = new Counts();

  @Test
  void it_does_what_a_map_does() {
    try (DiskIndex index = new DiskIndex(counts)) {
      Map<RecordKey, Entry> map = new HashMap<>();
      Random random = new Random(5);
      for (int i = 0; i < 200_000; i++) {
        RecordKey key = new RecordKey(random.nextInt(20), random.nextInt(1000));
        Entry entry = entry(random);
        switch (random.nextInt(5)) {
          case 0 -> {
            index.remove(key);
            map.remove(key);
          }
          case 1 ->
              assertThat(index.putOlder(key, entry)).isEqualTo(map.putIfAbsent(key, entry) == null);
          case 2 -> {
            index.remove(key, entry.place());
            map.computeIfPresent(key, (_, now) -> now.place().equals(entry.place()) ? null : now);
          }
          default -> {
            index.put(key, entry);
            map.put(key, entry);
          }
        }
        RecordKey looked = new RecordKey(random.nextInt(20), random.nextInt(1000));
        assertThat(index.find(looked)).isEqualTo(map.get(looked));
      }
      assertThat(index.size()).isEqualTo(map.size());
      long objects = map.values().stream().filter(entry -> entry.kind().isObject()).count();
      assertThat(counts.diskObjects.sum()).isEqualTo(objects);
    }
    assertThat(counts.diskObjects.sum()).isZero();
  }

  @Test
  void an_object_takes_at_most_64_bytes_beside_its_hash_however_many_there_are() {
    try (DiskIndex index = new DiskIndex(counts)) {
      Random random = new Random(6);
      for (int i = 1; i <= 500_000; i++) {
        index.put(new RecordKey(random.nextLong(), random.nextLong()), entry(random));
        if (i >= 50_000 && i % 1000 == 0) {
          assertThat(index.bytes()).isLessThanOrEqualTo((16 + 64) * index.size());
        }
      }
    }
  }

  @Test
  void uses_are_of_one_place() {
    try (DiskIndex index = new DiskIndex(counts)) {
      RecordKey key = new RecordKey(1, 2);
      Entry first = entry(new Random(1));
      Entry second = entry(new Random(2));
      index.put(key, first);
      index.use(key);
      assertThat(index.isUsed(key, first.place())).isTrue();

      index.move(key, second.place(), second);
      assertThat(index.find(key)).isEqualTo(first);
      index.move(key, first.place(), second);

      assertThat(index.find(key)).isEqualTo(second);
      assertThat(index.isUsed(key, second.place())).isFalse();
    }
  }

  @Test
  void keys_of_one_object_differ() {
    List<RecordKey> keys = new ArrayList<>();
    keys.add(RecordKey.of(Edge.key("/a")));
    keys.add(RecordKey.label(Edge.key("/a")));
    for (int number = 0; number < 1000; number++) {
      keys.add(RecordKey.slice(Edge.key("/a"), 1, number));
      keys.add(RecordKey.slice(Edge.key("/a"), 2, number));
      keys.add(RecordKey.slice(Edge.key("/b"), 1, number));
    }

    assertThat(keys).doesNotHaveDuplicates();
  }

  private static Entry entry(Random random) {
    Place place = Place.of(random.nextInt(64), 1 + random.nextInt(9), random.nextInt(9));
    Entry.Kind kind = Objects.requireNonNull(Entry.Kind.of((byte) (1 + random.nextInt(4))));
    Since since = new Since(random.nextInt(3), random.nextLong());
    return new Entry(place, random.nextInt(1 << 21), kind, since, random.nextInt());
  }
}
