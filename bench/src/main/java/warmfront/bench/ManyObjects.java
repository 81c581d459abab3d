package warmfront.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
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
 * What a disk with very many small objects takes: {@code ./warmfront bench many-objects [COUNT]}.
 * One process fills the disk; another starts with it and says how soon it serves and what it
 * weighs.
 */
public final class ManyObjects {
  private static final long MEMORY = 64 << 20;
  private static final long DISK = 16L << 30;
  private static final int BYTES = 64;
  private static final int AT_ONCE = 5000;
  private static final int READS = 20_000;
  private static final double MILLI = 1e6;
  private static final double MICRO = 1e3;
  private static final int MIB_BYTES = 1 << 20;
  private static final int KIB = 1024;

  private ManyObjects() {}

  /** Arguments: {@code fill} or {@code start}, the folder, and how many objects. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[1]);
    int count = Integer.parseInt(args[2]);
    if (args[0].equals("fill")) {
      fill(folder, count);
    } else {
      start(folder, count);
    }
  }

  private static MeasuredCache open(Path folder) {
    return new MeasuredCache(folder, 1, CacheLimits.ofMemory(MEMORY), DISK);
  }

  private static void fill(Path folder, int count) throws InterruptedException {
    try (MeasuredCache disk = open(folder)) {
      for (int i = 0; i < count; i++) {
        Fetched.Answered answer =
            new Fetched.Answered(
                200, Fields.empty(), Flow.of(new byte[BYTES]), BYTES, Duration.ZERO);
        if (disk.cache().look(key(i), Rules.A_DAY, Clock.system().nanos())
                instanceof Lookup.Miss miss
            && disk.cache().settle(miss.fill(), answer, Rules.A_DAY)
                instanceof Settled.Storing storing) {
          storing.stored().release();
        }
        if (i % AT_ONCE == 0 && !disk.awaitWritten(Duration.ofMinutes(1))) {
          throw new IllegalStateException("the disk is too slow to be filled");
        }
      }
    }
  }

  private static void start(Path folder, int count) throws IOException, InterruptedException {
    Clock clock = Clock.system();
    long begun = clock.nanos();
    try (MeasuredCache disk = open(folder)) {
      long ready = clock.nanos();
      while (disk.cache().counters().diskObjects() < count) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
      long found = clock.nanos();
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long heap = runtime.totalMemory() - runtime.freeMemory();
      double index = (double) disk.cache().counters().indexBytes() / count;
      System.out.printf(
          Locale.ROOT,
          "%,d objects, %,d MiB of segments; ready after %.0f ms, all found after %.0f ms%n"
              + "index: %.1f bytes per object, %.1f beside its hash; %,d MiB in all%n"
              + "heap in use %,d MiB, resident memory %,d MiB%n",
          count,
          disk.cache().counters().diskBytes() / MIB_BYTES,
          (ready - begun) / MILLI,
          (found - begun) / MILLI,
          index,
          index - 16,
          disk.cache().counters().indexBytes() / MIB_BYTES,
          heap / MIB_BYTES,
          residentKib() / KIB);
      read(disk, count, clock);
    }
  }

  private static void read(MeasuredCache disk, int count, Clock clock) throws InterruptedException {
    Random random = new Random(1);
    long[] nanos = new long[READS];
    for (int i = 0; i < READS; i++) {
      long begun = clock.nanos();
      Lookup lookup =
          disk.cache().look(key(random.nextInt(count)), Rules.A_DAY, Clock.system().nanos());
      if (lookup instanceof Lookup.OnDisk found) {
        lookup = found.promotion().await();
      }
      if (!(lookup instanceof Lookup.Hit hit)) {
        throw new IllegalStateException("not found: " + lookup);
      }
      hit.stored().release();
      nanos[i] = clock.nanos() - begun;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%,d objects at random: p50 %.0f us, p99 %.0f us%n",
        READS,
        nanos[READS / 2] / MICRO,
        nanos[READS / 100 * 99] / MICRO);
  }

  private static long residentKib() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
    return lines.stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  private static CacheKey key(int number) {
    String path = "/o/" + number;
    long hash = (number + 1) * 0x9E3779B97F4A7C15L;
    return new CacheKey(
        hash,
        Long.rotateLeft(hash, 29) * 0xC2B2AE3D27D4EB4FL,
        path.getBytes(StandardCharsets.UTF_8),
        "E1",
        path);
  }
}
