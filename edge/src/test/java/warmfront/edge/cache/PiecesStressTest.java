package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.http.ByteRange;
import warmfront.http.Fields;
import warmfront.time.ManualClock;

/** Parts of one long object that many want at once, in any order. */
final class PiecesStressTest {
  private static final int READERS = 4;
  private static final int READS = 12;

  @TempDir Path directory;
  private final byte[] body = Bodies.random(3 * Edge.MIB + 123_456, 5);

  @Test
  void with_room_for_all_no_byte_is_asked_for_twice() throws Exception {
    for (int seed = 0; seed < 40; seed++) {
      Sender sender = new Sender(0);
      try (Edge edge = new Edge(Edge.limits(64L * Edge.MIB), List.of())) {
        run(edge, sender, seed);
        assertThat(sender.twice).as("bytes asked for twice, seed %d", seed).isZero();
      }
    }
  }

  @Test
  void with_little_room_and_answers_that_break_off_all_get_what_is_there() throws Exception {
    ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    for (int seed = 0; seed < 40; seed++) {
      List<DiskSpace> disks =
          List.of(new DiskSpace(directory.resolve("" + seed), 16L * Edge.MIB, 0));
      try (Edge edge =
          new Edge(Edge.limits(2L * Edge.MIB), seed % 2 == 0 ? List.of() : disks, clock)) {
        run(edge, new Sender(8), seed);
      }
    }
  }

  /** Gives parts on threads of its own; one of {@code breaks} breaks off after a while. */
  private final class Sender implements Gaps {
    private final int breaks;
    private final BitSet given = new BitSet();
    private int gaps;
    private int twice;
    private final List<Thread> threads = new ArrayList<>();

    Sender(int breaks) {
      this.breaks = breaks;
    }

    @Override
    public void fill(Gap gap) {
      boolean breaksOff;
      ByteRange range = gap.range();
      synchronized (this) {
        breaksOff = breaks > 0 && ++gaps % breaks == 0;
        BitSet again = given.get((int) range.first(), (int) range.last() + 1);
        twice += again.cardinality();
        given.set((int) range.first(), (int) range.last() + 1);
      }
      Tap tap = new Tap();
      gap.settle(part(range, tap));
      start(range, tap, breaksOff);
    }

    /** Returns the first slice, which is on its way. */
    Fetched.Answered beginning() {
      Tap tap = new Tap();
      ByteRange range = new ByteRange(0, Edge.MIB - 1);
      synchronized (this) {
        given.set(0, Edge.MIB);
      }
      start(range, tap, false);
      return part(range, tap);
    }

    private synchronized void start(ByteRange range, Tap tap, boolean breaksOff) {
      threads.add(Thread.ofVirtual().start(() -> send(range, tap, breaksOff)));
    }

    synchronized List<Thread> threads() {
      return List.copyOf(threads);
    }

    private void send(ByteRange range, Tap tap, boolean breaksOff) {
      long end = breaksOff ? (range.first() + range.last()) / 2 : range.last() + 1;
      for (long at = range.first(); at < end; at += 50_000) {
        tap.give(Arrays.copyOfRange(body, (int) at, (int) Math.min(end, at + 50_000)));
      }
      if (breaksOff) {
        tap.breakOff("reset");
      } else {
        tap.end();
      }
    }
  }

  private Fetched.Answered part(ByteRange range, Flow flow) {
    String is = "bytes %d-%d/%d".formatted(range.first(), range.last(), body.length);
    Fields fields = Fields.of("ETag", "\"1\"", "Content-Range", is);
    return Edge.answer(206, fields, flow, range.length());
  }

  private void run(Edge edge, Sender sender, int seed) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Random random = new Random(seed * 100L + i);
        all.add(
            threads.submit(() -> {
              reader(edge, sender, random);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      for (int i = 0; i < sender.threads().size(); i++) {
        sender.threads().get(i).join(); // one that ends may have another begun
      }
    }
  }

  private void reader(Edge edge, Sender sender, Random random) throws InterruptedException {
    for (int i = 0; i < READS; i++) {
      int from = random.nextInt(body.length);
      int to = from + 1 + random.nextInt(Math.min(body.length - from, 1 << random.nextInt(4, 21)));
      Stored stored = held(edge, sender);
      Body part = stored.body(new ByteRange(from, to - 1L), sender);
      stored.release();
      if (random.nextInt(4) == 0 && part instanceof Body.Flowing(Flow flow)) {
        flow.next(new Leaving(flow));
      } else {
        assertThat(Bodies.bytes(part)).isEqualTo(Arrays.copyOfRange(body, from, to));
      }
    }
  }

  /** Returns the object; it is fetched anew if nothing of it is left. */
  private static Stored held(Edge edge, Sender sender) throws InterruptedException {
    return switch (edge.lookThrough("/a")) {
      case Lookup.Hit(Stored stored) -> stored;
      case Lookup.Miss(Fill fill) -> stored(edge.settle(fill, sender.beginning()));
      case Lookup.Joined(Fill fill) -> stored(fill.await(Duration.ofSeconds(20)).orElseThrow());
      case Lookup other -> throw new AssertionError(other);
    };
  }

  private static Stored stored(Settled settled) {
    return ((Settled.Storing) settled).stored();
  }

  /** Leaves after the first part. */
  private record Leaving(Flow flow) implements Flow.Receiver {
    @Override
    public void part(Slice part) {
      part.release();
      flow.cancel();
    }

    @Override
    public void end() {}

    @Override
    public void broken(String reason) {}
  }
}
