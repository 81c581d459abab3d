package warmfront.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import warmfront.bytes.Flow;
import warmfront.distribution.Invalidation;
import warmfront.edge.cache.Cache;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.http.Fields;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/**
 * What invalidations cost a look-up that hits: {@code ./warmfront bench invalidations}. Two caches
 * hold the same objects and take turns, one without invalidations, one with a million; then each
 * hit is the first on its object after a further invalidation, which is the dearest there is.
 */
public final class Invalidating {
  private static final String DISTRIBUTION = "E1";
  private static final int OBJECTS = 4096;
  private static final int INVALIDATIONS = 1_000_000;
  private static final int PATHS_EACH = 1000;
  private static final int ROUNDS = 9;
  private static final int HITS = 4_000_000;
  private static final int TURNS = 500;
  private static final double NANOS_PER_MICRO = 1000;

  private final Cache cache = Cache.open(CacheLimits.ofMemory(64 << 20), List.of(), Clock.system());
  private final List<CacheKey> keys =
      IntStream.range(0, OBJECTS).mapToObj(Invalidating::key).toList();
  private Snapshot picture = Snapshot.empty();

  private Invalidating() {}

  /** Measures and prints. */
  public static void main(String[] args) {
    Invalidating without = new Invalidating();
    Invalidating with = new Invalidating();
    long begun = System.nanoTime();
    for (int i = 0; i < INVALIDATIONS; i += PATHS_EACH) {
      with.invalidate(i, PATHS_EACH);
    }
    double each = (System.nanoTime() - begun) / NANOS_PER_MICRO / INVALIDATIONS;
    without.fill();
    with.fill();
    double[] bare = new double[ROUNDS];
    double[] million = new double[ROUNDS];
    double[] first = new double[ROUNDS];
    for (int round = -2; round < ROUNDS; round++) { // two to warm up
      int at = Math.max(round, 0);
      bare[at] = without.hits(HITS);
      million[at] = with.hits(HITS);
      double sum = 0;
      for (int i = 0; i < TURNS; i++) {
        with.invalidate(INVALIDATIONS + (round + 2) * HITS + i, 1);
        sum += with.hits(OBJECTS);
      }
      first[at] = sum / TURNS;
    }
    say("apply, per path", each * NANOS_PER_MICRO);
    say("hit, no invalidations", median(bare));
    say("hit, a million invalidations", median(million));
    say("first hit after a further one", median(first));
  }

  private void fill() {
    for (CacheKey key : keys) {
      Fetched.Answered answer =
          new Fetched.Answered(200, Fields.empty(), Flow.of(new byte[1024]), 1024, Duration.ZERO);
      if (cache.look(key, Rules.A_DAY, Clock.system().nanos()) instanceof Lookup.Miss miss
          && cache.settle(miss.fill(), answer, Rules.A_DAY) instanceof Settled.Storing storing) {
        storing.stored().release();
      } else {
        throw new IllegalStateException("not stored: " + key.invalidationPath());
      }
    }
  }

  /** Returns the nanoseconds of one look-up with its release. */
  private double hits(int count) {
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      if (!(cache.look(keys.get(i & (OBJECTS - 1)), Rules.A_DAY, Clock.system().nanos())
          instanceof Lookup.Hit hit)) {
        throw new IllegalStateException("no hit");
      }
      hit.stored().release();
    }
    return (double) (System.nanoTime() - begun) / count;
  }

  /** Invalidates so many paths that no object has. */
  private void invalidate(int from, int count) {
    List<String> paths = new ArrayList<>(count);
    for (int i = from; i < from + count; i++) {
      paths.add("/old/images/catalogue/" + i + (i % 10 == 0 ? "/*" : ".jpg"));
    }
    long revision = picture.revision() + 1;
    Invalidation made = new Invalidation("I" + revision, DISTRIBUTION, paths);
    Entry entry =
        new Entry(
            picture.epoch(),
            revision,
            made.kind(),
            made.id(),
            Set.of(),
            Optional.of(made),
            Chain.EMPTY,
            true);
    // The log's own weight is not what is measured: the picture stays empty.
    picture = picture.past(revision, Chain.EMPTY);
    cache.apply(picture, List.of(entry));
  }

  private static CacheKey key(int number) {
    String path = "/images/catalogue/spring/" + number + ".jpg";
    long hash = (number + 1) * 0x9E3779B97F4A7C15L;
    return new CacheKey(
        hash, Long.rotateLeft(hash, 29), path.getBytes(StandardCharsets.UTF_8), DISTRIBUTION, path);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void say(String what, double nanos) {
    System.out.printf(Locale.ROOT, "%-30s %7.1f ns%n", what, nanos);
  }
}
