package warmfront.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import warmfront.bytes.Flow;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.cache.MeasuredCache;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.http.Fields;
import warmfront.time.Clock;

/**
 * What one slow disk costs the requests that need nothing of it: {@code ./warmfront bench
 * slow-disk}. A cache has two disks; a thread stands for an event loop and looks up what is in
 * memory, others ask for objects on the second disk, each on a virtual thread as requests do. In
 * turns nobody asks for what is on the first disk, many do and it is quick, and many do while each
 * of its reads takes half a second.
 */
public final class SlowDisk {
  private static final int OBJECTS = 100_000;
  private static final int HOT = 500;
  private static final int BYTES = 4096;
  private static final long MEMORY = 16 << 20;
  private static final long DISK = 1L << 30;
  private static final int ROUNDS = 5;
  private static final Duration TURN = Duration.ofSeconds(4);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration SLOW = Duration.ofMillis(500);

  /** Between two look-ups of a kind, in nanoseconds: 10,000, 500 and 500 a second. */
  private static final long MEMORY_PACE = 100_000;

  private static final long DISK_PACE = 2_000_000;

  private static final double MICRO = 1000;
  private static final double PERCENT = 100;

  /** Who is asked beside the good disk and the memory. */
  private enum Turn {
    IDLE("first disk idle", Duration.ZERO),
    QUICK("first disk asked", Duration.ZERO),
    SLOW("first disk asked, 500 ms a read", SlowDisk.SLOW);

    private final String words;
    private final Duration delay;

    Turn(String words, Duration delay) {
      this.words = words;
      this.delay = delay;
    }
  }

  /** Latencies of one turn, in nanoseconds. */
  private record Measured(Samples memory, Samples disk, long answeredByFirst) {}

  /** Latencies; added by any thread. */
  private static final class Samples {
    private final List<Long> nanos = new ArrayList<>();

    synchronized void add(long value) {
      nanos.add(value);
    }

    synchronized double percentile(double percent) {
      long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
      return sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * percent / PERCENT)];
    }
  }

  private final MeasuredCache disks;
  private final List<CacheKey> hot;
  private final List<CacheKey> first = new ArrayList<>();
  private final List<CacheKey> second = new ArrayList<>();
  private final Clock clock = Clock.system();

  /** Goes on from turn to turn: objects of the turn before are in memory. */
  private final Random order = new Random(2);

  private SlowDisk(MeasuredCache disks) {
    this.disks = disks;
    this.hot = keys("/hot/", HOT);
    for (CacheKey key : keys("/cold/", OBJECTS)) {
      (disks.isOnFirst(key) ? first : second).add(key);
    }
  }

  /** Measures and prints. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("warmfront-slow-disk");
    try {
      try (MeasuredCache disks = new MeasuredCache(folder, 2, CacheLimits.ofMemory(MEMORY), DISK)) {
        new SlowDisk(disks).fill();
      }
      try (MeasuredCache disks = new MeasuredCache(folder, 2, CacheLimits.ofMemory(MEMORY), DISK)) {
        new SlowDisk(disks).measure();
      }
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void fill() throws InterruptedException {
    int stored = 0;
    for (CacheKey key : Stream.of(first, second).flatMap(List::stream).toList()) {
      store(key);
      if (++stored % 500 == 0 && !disks.awaitWritten(Duration.ofMinutes(1))) {
        throw new IllegalStateException("the disks are too slow to be filled");
      }
    }
  }

  private void store(CacheKey key) {
    Fetched.Answered answer =
        new Fetched.Answered(200, Fields.empty(), Flow.of(new byte[BYTES]), BYTES, Duration.ZERO);
    if (disks.cache().look(key, Rules.A_DAY, clock.nanos()) instanceof Lookup.Miss miss
        && disks.cache().settle(miss.fill(), answer, Rules.A_DAY)
            instanceof Settled.Storing storing) {
      storing.stored().release();
    }
  }

  private void measure() throws InterruptedException {
    hot.forEach(this::store);
    System.out.printf(
        Locale.ROOT,
        "%s, %d processors; medians of %d rounds, microseconds%n%n"
            + "| turn | memory p50 | p99 | second disk p50 | p99 | served by the first |%n"
            + "|---|---|---|---|---|---|%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        ROUNDS);
    for (Turn turn : Turn.values()) {
      take(turn, WARM_UP);
    }
    Map<Turn, List<Measured>> all = new EnumMap<>(Turn.class);
    for (int round = 0; round < ROUNDS; round++) {
      for (Turn turn : Turn.values()) {
        all.computeIfAbsent(turn, _ -> new ArrayList<>()).add(take(turn, TURN));
      }
    }
    all.forEach((turn, rounds) -> {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f | %.1f | %d |%n",
          turn.words,
          memory(rounds, 50),
          memory(rounds, 99),
          disk(rounds, 50),
          disk(rounds, 99),
          rounds.stream().mapToLong(Measured::answeredByFirst).sum());
    });
    List<Measured> idle = Objects.requireNonNull(all.get(Turn.IDLE));
    List<Measured> slow = Objects.requireNonNull(all.get(Turn.SLOW));
    System.out.printf(
        Locale.ROOT,
        "%np99 with the slow disk by p99 with it idle: memory %.2f, second disk %.2f%n",
        memory(slow, 99) / memory(idle, 99),
        disk(slow, 99) / disk(idle, 99));
  }

  private static double memory(List<Measured> rounds, double percent) {
    return median(rounds.stream().mapToDouble(m -> m.memory().percentile(percent)).toArray());
  }

  private static double disk(List<Measured> rounds, double percent) {
    return median(rounds.stream().mapToDouble(m -> m.disk().percentile(percent)).toArray());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2] / MICRO;
  }

  private Measured take(Turn turn, Duration length) throws InterruptedException {
    Measured measured = new Measured(new Samples(), new Samples(), 0);
    AtomicLong served = new AtomicLong();
    disks.delay(turn.delay);
    long end = clock.nanos() + length.toNanos();
    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      Thread loop = Thread.ofPlatform().start(() -> memoryHits(end, measured.memory()));
      Thread other =
          Thread.ofPlatform()
              .start(() -> {
                if (turn != Turn.IDLE) {
                  ask(first, end, viewers, new Samples(), served);
                }
              });
      ask(second, end, viewers, measured.disk(), new AtomicLong());
      loop.join();
      other.join();
    }
    return new Measured(measured.memory(), measured.disk(), served.get());
  }

  private void memoryHits(long end, Samples samples) {
    Random random = new Random(1);
    for (long at = clock.nanos(); at < end; at += MEMORY_PACE) {
      await(at);
      CacheKey key = hot.get(random.nextInt(hot.size()));
      long begun = clock.nanos();
      Lookup lookup = disks.cache().look(key, Rules.A_DAY, begun);
      if (lookup instanceof Lookup.Hit hit) {
        hit.stored().release();
        samples.add(clock.nanos() - begun);
      } else {
        end(lookup); // it had left memory: no sample
        store(key);
      }
    }
  }

  private static void end(Lookup lookup) {
    switch (lookup) {
      case Lookup.Hit hit -> hit.stored().release();
      case Lookup.Miss miss -> miss.fill().abandon();
      case Lookup.OnDisk found -> {
        try {
          end(found.promotion().await());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      case Lookup other -> throw new IllegalStateException("not expected here: " + other);
    }
  }

  /**
   * Asks for objects at a steady pace, whatever becomes of those before; a few may be under way.
   */
  private void ask(
      List<CacheKey> keys, long end, ExecutorService viewers, Samples samples, AtomicLong served) {
    Semaphore underWay = new Semaphore(10_000);
    for (long at = clock.nanos(); at < end; at += DISK_PACE) {
      await(at);
      CacheKey key = keys.get(order.nextInt(keys.size()));
      if (underWay.tryAcquire()) {
        viewers.execute(() -> {
          diskHit(key, samples, served);
          underWay.release();
        });
      }
    }
  }

  private void diskHit(CacheKey key, Samples samples, AtomicLong served) {
    long begun = clock.nanos();
    Lookup lookup = disks.cache().look(key, Rules.A_DAY, begun);
    if (!(lookup instanceof Lookup.OnDisk found)) {
      end(lookup); // still in memory
      return;
    }
    try {
      Lookup read = found.promotion().await();
      if (read instanceof Lookup.Hit) {
        samples.add(clock.nanos() - begun);
        served.incrementAndGet();
      }
      end(read);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void await(long at) {
    for (long left = at - clock.nanos(); left > 0; left = at - clock.nanos()) {
      LockSupport.parkNanos(left);
    }
  }

  private static List<CacheKey> keys(String folder, int count) {
    List<CacheKey> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String path = folder + i;
      long hash = (folder.hashCode() * (long) OBJECTS + i + 1) * 0x9E3779B97F4A7C15L;
      keys.add(
          new CacheKey(
              hash,
              Long.rotateLeft(hash, 29) * 0xC2B2AE3D27D4EB4FL,
              path.getBytes(StandardCharsets.UTF_8),
              "E1",
              path));
    }
    return List.copyOf(keys);
  }
}
