package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The eviction beside the one everybody knows, least recently used first, on the same requests. */
final class RehearsalTest {
  private static final int OBJECTS = 5000;
  private static final int REQUESTS = 60_000;
  private static final double EXPONENT = 0.9;

  private final SplittableRandom random = new SplittableRandom(3);
  private final long[] sizes =
      random
          .longs(OBJECTS)
          .map(bits -> 200L << Math.min(Long.numberOfTrailingZeros(bits), 12))
          .toArray();
  private final double[] upTo = new double[OBJECTS];

  RehearsalTest() {
    double sum = 0;
    for (int i = 0; i < OBJECTS; i++) {
      sum += 1 / Math.pow(i + 1, EXPONENT);
      upTo[i] = sum;
    }
  }

  private record Request(long id, long size) {}

  private record Ratios(double objects, double bytes) {}

  private interface Cached {
    boolean request(long id, long size);
  }

  /** Least recently used first. */
  private static final class Recency implements Cached {
    private final LinkedHashMap<Long, Long> inside = new LinkedHashMap<>(16, 0.75f, true);
    private final long capacity;
    private long bytes;

    Recency(long capacity) {
      this.capacity = capacity;
    }

    @Override
    public boolean request(long id, long size) {
      if (inside.get(id) != null) {
        return true;
      }
      inside.put(id, size);
      bytes += size;
      while (bytes > capacity) {
        bytes -= inside.pollFirstEntry().getValue();
      }
      return false;
    }
  }

  @Test
  void popular_objects_are_kept_better_than_by_recency() {
    Request[] requests = new Request[REQUESTS];
    Arrays.setAll(requests, _ -> popular());
    long capacity = Arrays.stream(sizes).sum() / 20;

    Ratios ours = ratios(new Rehearsal(capacity)::request, requests);
    Ratios recency = ratios(new Recency(capacity), requests);

    assertThat(ours.objects()).isGreaterThan(recency.objects() + 0.1);
    assertThat(ours.bytes()).isGreaterThan(recency.bytes());
  }

  @Test
  void a_scan_of_the_whole_store_takes_little_from_the_popular() {
    Request[] requests = new Request[REQUESTS];
    Arrays.setAll(
        requests, i -> i / 2000 % 3 == 2 ? new Request(1_000_000L + i, 200L << i % 6) : popular());
    long capacity = Arrays.stream(sizes).sum() / 20;

    Ratios ours = ratios(new Rehearsal(capacity)::request, requests);
    Ratios recency = ratios(new Recency(capacity), requests);

    assertThat(ours.objects()).isGreaterThan(recency.objects() + 0.1);
    assertThat(ours.bytes()).isGreaterThan(recency.bytes());
  }

  @Test
  void what_is_longer_than_the_cache_is_not_stored() {
    Rehearsal cache = new Rehearsal(1000);

    assertThat(cache.request(1, 500)).isFalse();
    assertThat(cache.request(2, 1001)).isFalse();
    assertThat(cache.request(2, 1001)).isFalse();
    assertThat(cache.request(1, 500)).isTrue();
  }

  private Request popular() {
    double point = random.nextDouble() * upTo[OBJECTS - 1];
    int found = Arrays.binarySearch(upTo, point);
    int id = found < 0 ? -found - 1 : found;
    return new Request(id, sizes[id]);
  }

  private static Ratios ratios(Cached cache, Request[] requests) {
    long hits = 0;
    long hitBytes = 0;
    long bytes = 0;
    for (Request request : requests) {
      bytes += request.size();
      if (cache.request(request.id(), request.size())) {
        hits++;
        hitBytes += request.size();
      }
    }
    return new Ratios((double) hits / requests.length, (double) hitBytes / bytes);
  }
}
