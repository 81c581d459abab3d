package warmfront.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import warmfront.bytes.Flow;
import warmfront.bytes.Memory;
import warmfront.bytes.Slice;
import warmfront.edge.cache.Cache;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.step.Body;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.http.ByteRange;
import warmfront.http.Fields;
import warmfront.time.Clock;

/** Step 5, and what a hit does with its bytes: look-up, pins, and cuts of slices. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CacheBenchmark {
  private static final int OBJECTS = 65_536;
  private static final int LONG_BYTES = 8 << 20;
  private static final ByteRange RANGE = new ByteRange(3_000_000, 3_099_999);
  private final Cache cache =
      Cache.open(CacheLimits.ofMemory(256 << 20), List.of(), Clock.system());
  private final List<CacheKey> keys =
      IntStream.range(0, OBJECTS).mapToObj(CacheBenchmark::key).toList();
  private final CacheKey unknown = key(OBJECTS);
  private final CacheKey longKey = key(OBJECTS + 1);
  private final Memory memory = new Memory(64 << 20);
  private final Slice slice = allocated();
  private int next;

  /** Fills the cache. */
  @Setup
  public void fill() {
    for (CacheKey key : keys) {
      store(key, 1024);
    }
    store(longKey, LONG_BYTES);
  }

  /** Lets go. */
  @TearDown
  public void end() {
    slice.release();
    cache.close();
  }

  /** A look-up that hits, with its release; each object in its turn. */
  @Benchmark
  public boolean hit() {
    next = (next + 7919) & (OBJECTS - 1);
    Lookup.Hit hit = found(keys.get(next));
    hit.stored().release();
    return true;
  }

  /** A hit with its body pinned. */
  @Benchmark
  public int pinned() {
    next = (next + 7919) & (OBJECTS - 1);
    Lookup.Hit hit = found(keys.get(next));
    Body body = hit.stored().body();
    hit.stored().release();
    return let(body);
  }

  /** A look-up that misses, and whose fill is let go. */
  @Benchmark
  public boolean miss() {
    if (!(cache.look(unknown, Rules.A_DAY, Clock.system().nanos()) instanceof Lookup.Miss miss)) {
      throw new IllegalStateException("no miss");
    }
    miss.fill().abandon();
    return true;
  }

  /** The first part of a range of 100,000 bytes in a long object. */
  @Benchmark
  public int range() {
    Lookup.Hit hit = found(longKey);
    Body body = hit.stored().body(RANGE);
    hit.stored().release();
    return let(body);
  }

  /** A part of a slice. */
  @Benchmark
  public int cut() {
    Slice part = slice.part(1000, 2000);
    int length = part.length();
    part.release();
    return length;
  }

  /** Memory for 4 KiB, taken and given back. */
  @Benchmark
  public int allocate() {
    Slice taken = allocated();
    int length = taken.length();
    taken.release();
    return length;
  }

  private static int let(Body body) {
    return switch (body) {
      case Body.None() -> 0;
      case Body.Pinned pinned -> {
        pinned.slice().release();
        yield pinned.length();
      }
      case Body.Flowing flowing -> {
        First first = new First();
        flowing.flow().next(first);
        flowing.flow().cancel();
        yield first.bytes;
      }
    };
  }

  private Lookup.Hit found(CacheKey key) {
    if (cache.look(key, Rules.A_DAY, Clock.system().nanos()) instanceof Lookup.Hit hit) {
      return hit;
    }
    throw new IllegalStateException("no hit: " + key.invalidationPath());
  }

  private void store(CacheKey key, int bytes) {
    Fields fields = Fields.of("ETag", "\"1\"");
    Fetched.Answered answer =
        new Fetched.Answered(200, fields, Flow.of(new byte[bytes]), bytes, Duration.ZERO);
    if (cache.look(key, Rules.A_DAY, Clock.system().nanos()) instanceof Lookup.Miss miss
        && cache.settle(miss.fill(), answer, Rules.A_DAY) instanceof Settled.Storing storing) {
      storing.stored().release();
    } else {
      throw new IllegalStateException("not stored: " + key.invalidationPath());
    }
  }

  private Slice allocated() {
    @Nullable Slice taken = memory.allocate(4096);
    if (taken == null) {
      throw new IllegalStateException("no memory");
    }
    return taken;
  }

  private static CacheKey key(int number) {
    String path = "/images/catalogue/spring/" + number + ".jpg";
    long hash = (number + 1) * 0x9E3779B97F4A7C15L;
    return new CacheKey(
        hash, Long.rotateLeft(hash, 29), path.getBytes(StandardCharsets.UTF_8), "E1", path);
  }

  /** Takes one part. */
  private static final class First implements Flow.Receiver {
    private int bytes;

    @Override
    public void part(Slice part) {
      bytes = part.length();
      part.release();
    }

    @Override
    public void end() {}

    @Override
    public void broken(String reason) {
      throw new IllegalStateException(reason);
    }
  }
}
