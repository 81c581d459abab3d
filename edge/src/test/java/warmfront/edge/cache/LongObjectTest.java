package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/** Objects of many slices: longer than memory, in parts, on a disk that loses some of them. */
final class LongObjectTest {
  private static final int MIB = Edge.MIB;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final byte[] body = Bodies.random(20 * MIB + 12_345, 3);

  /** An origin that gives parts of the body, and remembers which. */
  private final class Parts implements Gaps {
    final List<ByteRange> asked = new ArrayList<>();
    String etag = "\"1\"";

    @Override
    public void fill(Gap gap) {
      asked.add(gap.range());
      assertThat(gap.ifRange()).isEqualTo("\"1\"");
      gap.settle(part(gap.range(), etag));
    }
  }

  private Fetched.Answered part(ByteRange range, String etag) {
    byte[] bytes = Arrays.copyOfRange(body, (int) range.first(), (int) range.last() + 1);
    return part(range, etag, Flow.of(bytes));
  }

  private Fetched.Answered part(ByteRange range, String etag, Flow bytes) {
    String is = "bytes %d-%d/%d".formatted(range.first(), range.last(), body.length);
    Fields fields = Fields.of("ETag", etag, "Content-Range", is);
    return Edge.answer(206, fields, bytes, range.length());
  }

  private Edge edge(int memory, boolean disk) {
    List<DiskSpace> disks = disk ? List.of(new DiskSpace(directory, 256L * MIB, 0)) : List.of();
    return new Edge(Edge.limits(memory), disks, clock);
  }

  @Test
  void an_object_longer_than_memory_streams_through_to_disk_and_back() {
    Tap origin = new Tap();
    try (Edge edge = edge(4 * MIB, true)) {
      Stored stored = storing(edge, origin, "ETag", "\"1\"");
      CompletableFuture<byte[]> read = Bodies.begin(flow(stored.body()));
      give(origin, 0, body.length);
      origin.end();

      assertThat(read.join()).isEqualTo(body);
      stored.release();
      assertThat(edge.cache.counters().memoryBytes()).isLessThanOrEqualTo(4L * MIB);
      Parts parts = new Parts();
      assertThat(all(edge, parts)).isEqualTo(body);
    }
    assertThat(origin.out()).isZero(); // while memory is scarce the origin's own bytes may be kept
  }

  @Test
  void without_a_disk_what_left_memory_is_asked_for_again() {
    try (Edge edge = edge(8 * MIB, false)) {
      Tap origin = new Tap();
      Stored stored = storing(edge, origin, "ETag", "\"1\"");
      CompletableFuture<byte[]> read = Bodies.begin(flow(stored.body()));
      give(origin, 0, body.length);
      origin.end();
      assertThat(read.join()).isEqualTo(body);
      stored.release();

      Parts parts = new Parts();
      assertThat(all(edge, parts)).isEqualTo(body);

      assertThat(parts.asked).isNotEmpty();
      assertThat(parts.asked.getFirst().first()).isZero();
    }
  }

  @Test
  void without_a_validator_or_a_disk_a_long_object_that_does_not_fit_is_not_kept() {
    try (Edge edge = edge(8 * MIB, false)) {
      Tap origin = new Tap();
      Fetched.Answered answer = Edge.answer(200, Fields.empty(), origin, body.length);

      assertThat(edge.settle(edge.miss("/a"), answer))
          .isEqualTo(new Settled.NotStored(Settled.Unstorable.TOO_LARGE));
    }
  }

  @Test
  void a_fetch_that_breaks_off_leaves_whole_slices_and_what_is_not_sent_yet_is_asked_for() {
    try (Edge edge = edge(64 * MIB, false)) {
      Tap origin = new Tap();
      Stored stored = storing(edge, origin, "ETag", "\"1\"");
      Parts parts = new Parts();
      CompletableFuture<byte[]> read = Bodies.begin(flow(stored.body(parts)));
      give(origin, 0, 2 * MIB + 700_000);

      origin.breakOff("reset");

      assertThat(read.join()).isEqualTo(body);
      long begun = 2 * MIB + 700_000 / Gaps.GRAIN * Gaps.GRAIN;
      assertThat(parts.asked).containsExactly(new ByteRange(begun, body.length - 1));
      stored.release();
      assertThat(all(edge, parts)).isEqualTo(body);
      assertThat(parts.asked.getLast()).isEqualTo(new ByteRange(2 * MIB, begun - 1));
      assertThat(all(edge, parts)).isEqualTo(body);
      assertThat(parts.asked).hasSize(2);
    }
  }

  @Test
  void a_changed_object_ends_the_reading_and_is_fetched_anew() {
    try (Edge edge = edge(64 * MIB, true)) {
      Tap origin = new Tap();
      Stored stored = storing(edge, origin, "ETag", "\"1\"");
      Parts parts = new Parts();
      parts.etag = "\"2\"";
      CompletableFuture<byte[]> read = Bodies.begin(flow(stored.body(parts)));
      give(origin, 0, MIB);

      origin.breakOff("reset");

      assertThatThrownBy(read::join).hasMessageContaining("changed at the origin");
      stored.release();
      edge.miss("/a").abandon();
    }
  }

  @Test
  void a_part_is_read_without_the_slices_before_it() throws IOException {
    try (Edge edge = edge(64 * MIB, true)) {
      edge.store("/a", body, "ETag", "\"1\"");
    }
    try (Edge edge = edge(64 * MIB, true)) {
      Stored stored = ((Lookup.Hit) edge.lookThrough("/a")).stored();
      byte[] end = Bodies.bytes(stored.body(new ByteRange(15 * MIB + 5, 15 * MIB + 9)));
      stored.release();

      assertThat(end).isEqualTo(Arrays.copyOfRange(body, 15 * MIB + 5, 15 * MIB + 10));
      assertThat(edge.cache.counters().diskReads()).isEqualTo(2); // the head and one slice
    }
  }

  @Test
  void the_first_bytes_go_out_when_the_first_slice_is_read() {
    try (Edge edge = edge(64 * MIB, true)) {
      edge.store("/a", body, "ETag", "\"1\"");
    }
    try (Edge edge = edge(64 * MIB, true)) {
      Stored stored = ((Lookup.Hit) edge.lookThrough("/a")).stored();
      Flow flow = flow(stored.body());
      CompletableFuture<Integer> first = new CompletableFuture<>();
      flow.next(first(first));

      assertThat(first.join()).isEqualTo(MIB);
      assertThat(edge.cache.counters().diskReads()).isLessThanOrEqualTo(3);
      flow.cancel();
      stored.release();
    }
  }

  @Test
  void a_damaged_slice_comes_from_the_origin() throws IOException {
    try (Edge edge = edge(64 * MIB, true)) {
      edge.store("/a", body, "ETag", "\"1\"");
    }
    damage(7 * MIB);
    try (Edge edge = edge(64 * MIB, true)) {
      Parts parts = new Parts();

      assertThat(all(edge, parts)).isEqualTo(body);

      assertThat(parts.asked).hasSize(1);
      assertThat(parts.asked.getFirst().length()).isEqualTo(MIB);
      assertThat(edge.cache.counters().diskErrors()).isEqualTo(1);
    }
  }

  @Test
  void a_damaged_slice_of_what_cannot_be_asked_for_again_ends_the_object() throws IOException {
    try (Edge edge = edge(64 * MIB, true)) {
      edge.store("/a", body);
    }
    damage(7 * MIB);
    try (Edge edge = edge(64 * MIB, true)) {
      Stored stored = ((Lookup.Hit) edge.lookThrough("/a")).stored();
      CompletableFuture<byte[]> read = Bodies.begin(flow(stored.body()));

      assertThatThrownBy(read::join).hasMessageContaining("not there any more");
      stored.release();
      edge.miss("/a").abandon();
    }
  }

  @Test
  void slices_that_a_disk_does_not_give_in_time_come_from_the_origin() {
    FaultyStorage storage = new FaultyStorage(directory);
    List<DiskSpace> disks = List.of(new DiskSpace(directory, 256L * MIB, 0));
    CacheLimits limits = Limits.of(Edge.limits(64 * MIB)).readMax(Duration.ofMillis(20)).make();
    try (Edge edge = new Edge(limits, disks, _ -> storage, clock)) {
      edge.store("/a", body, "ETag", "\"1\"");
    }
    try (Edge edge = new Edge(limits, disks, _ -> storage, clock)) {
      Stored stored = patiently(edge);
      storage.readsMayGo = new CountDownLatch(1);
      Parts parts = new Parts();

      assertThat(Bodies.bytes(stored.body(parts))).isEqualTo(body);

      assertThat(parts.asked).isNotEmpty();
      storage.readsMayGo.countDown();
      stored.release();
    }
  }

  @Test
  void viewers_who_leave_leave_the_slices_that_came() {
    try (Edge edge = edge(64 * MIB, false)) {
      Tap origin = new Tap();
      Stored stored = storing(edge, origin, "ETag", "\"1\"");
      give(origin, 0, 3 * MIB + 1);

      stored.release();
      origin.give(new byte[10]);

      assertThat(origin.isCancelled()).isTrue();
      assertThat(origin.out()).isZero();
      Parts parts = new Parts();
      assertThat(all(edge, parts)).isEqualTo(body);
      assertThat(parts.asked).containsExactly(new ByteRange(3 * MIB, body.length - 1));
    }
  }

  @Test
  void a_slice_that_is_full_only_when_its_object_has_left_is_let_go() {
    try (Edge edge = edge(64 * MIB, false)) {
      Tap origin = new Tap();
      Stored stored = storing(edge, origin, "ETag", "\"1\"");
      give(origin, 0, MIB - 10);
      stored.release();
      edge.invalidate("/a");
      edge.miss("/a").abandon();

      origin.give(Arrays.copyOfRange(body, MIB - 10, MIB));

      assertThat(edge.cache.counters().memoryBytes()).isZero();
      assertThat(origin.isCancelled()).isTrue();
    }
  }

  @Test
  void a_fetch_that_nobody_follows_goes_on_for_who_waits_further_on() {
    try (Edge edge = edge(8 * MIB, false)) {
      Tap origin = new Tap();
      Stored stored = storing(edge, origin, "ETag", "\"1\"");
      give(origin, 0, 3 * MIB);
      assertThat(Bodies.bytes(stored.body(new ByteRange(0, 99)))).isEqualTo(of(0, 100));

      byte[] later = Bodies.bytes(stored.body(new ByteRange(2 * MIB, 2 * MIB + 9)));

      assertThat(later).isEqualTo(of(2 * MIB, 2 * MIB + 10));
      stored.release();
      origin.breakOff("reset");
    }
  }

  @Test
  void of_a_slice_that_is_lacking_what_is_before_the_reading_is_left_to_others() {
    try (Edge edge = edge(64 * MIB, true)) {
      edge.storePart("/a", part(new ByteRange(0, MIB - 1), "\"1\""));
      Parts parts = new Parts();

      assertThat(read(edge, 2 * MIB - 100, 2 * MIB, parts)).isEqualTo(of(2 * MIB - 100, 2 * MIB));
      assertThat(read(edge, 3 * MIB / 2, 3 * MIB / 2 + 1, parts)).hasSize(1);
      edge.drain();
      assertThat(edge.cache.counters().diskWrites()).isEqualTo(1); // the first slice

      assertThat(read(edge, 0, body.length, parts)).isEqualTo(body);
      assertThat(read(edge, 0, body.length, parts)).isEqualTo(body);

      long tail = 2 * MIB - Gaps.GRAIN;
      assertThat(parts.asked)
          .containsExactly(
              new ByteRange(tail, 2 * MIB - 1),
              new ByteRange(3 * MIB / 2, tail - 1),
              new ByteRange(MIB, 3 * MIB / 2 - 1),
              new ByteRange(2 * MIB, body.length - 1));
      edge.drain();
      assertThat(edge.cache.counters().diskWrites()).isEqualTo(21);
    }
    try (Edge edge = edge(64 * MIB, true)) {
      Parts none = new Parts();
      assertThat(all(edge, none)).isEqualTo(body);
      assertThat(none.asked).isEmpty();
    }
  }

  @Test
  void an_origin_that_sends_less_than_it_was_asked_for_is_asked_for_the_rest() {
    try (Edge edge = edge(64 * MIB, false)) {
      edge.storePart("/a", part(new ByteRange(0, MIB - 1), "\"1\""));
      List<ByteRange> asked = new ArrayList<>();
      Gaps little =
          gap -> {
            asked.add(gap.range());
            long last = Math.min(gap.range().last(), gap.range().first() + 100_000);
            gap.settle(part(new ByteRange(gap.range().first(), last), "\"1\""));
          };

      assertThat(read(edge, MIB, MIB + 200_000, little)).isEqualTo(of(MIB, MIB + 200_000));

      assertThat(asked).hasSize(4).allMatch(range -> range.first() % Gaps.GRAIN == 0);
    }
  }

  @Test
  void a_part_is_read_to_its_end_and_no_further_so_that_its_connection_is_of_use_again() {
    try (Edge edge = edge(64 * MIB, false)) {
      Tap first = new Tap();
      Tap second = new Tap();
      ByteRange slice = new ByteRange(0, MIB - 1);
      edge.storePart("/a", part(slice, "\"1\"", first));
      first.give(of(0, MIB));
      Gaps gaps = gap -> gap.settle(part(gap.range(), "\"1\"", second));
      CompletableFuture<byte[]> read = begin(edge, MIB, MIB + 9, gaps);
      second.give(of(MIB, 2 * MIB));
      assertThat(read.join()).isEqualTo(of(MIB, MIB + 9));

      assertThat(first.isCancelled()).isFalse();
      assertThat(second.isCancelled()).isFalse();
      first.end();
      second.give(of(0, 10)); // an origin that sends more than it said
      assertThat(second.isCancelled()).isTrue();

      assertThat(read(edge, 0, 2 * MIB, Gaps.UNFILLED)).isEqualTo(of(0, 2 * MIB));
    }
  }

  @Test
  void slices_leave_memory_one_by_one() {
    try (Edge edge = edge(32 * MIB, false)) {
      edge.store("/a", Arrays.copyOf(body, 15 * MIB), "ETag", "\"1\"");
      for (int i = 0; i < 20; i++) {
        edge.store("/" + i, Bodies.random(MIB, i));
      }

      assertThat(edge.cache.counters().evictions()).isPositive();
      Stored stored = ((Lookup.Hit) edge.look("/a")).stored();
      assertThat(stored.mayLack()).isTrue();
      stored.release();
    }
  }

  private static Flow.Receiver first(CompletableFuture<Integer> length) {
    return new Flow.Receiver() {
      @Override
      public void part(Slice part) {
        length.complete(part.length());
        part.release();
      }

      @Override
      public void end() {
        length.complete(0);
      }

      @Override
      public void broken(String reason) {
        length.complete(-1);
      }
    };
  }

  /** Looks up until the head was read in time. */
  private static Stored patiently(Edge edge) {
    while (true) {
      switch (edge.lookThrough("/a")) {
        case Lookup.Hit(Stored stored) -> {
          return stored;
        }
        case Lookup.Miss(Fill fill) -> fill.abandon();
        case Lookup other -> throw new AssertionError(other);
      }
    }
  }

  private byte[] all(Edge edge, Parts parts) {
    return read(edge, 0, body.length, parts);
  }

  private static byte[] read(Edge edge, long from, long to, Gaps gaps) {
    return begin(edge, from, to, gaps).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static CompletableFuture<byte[]> begin(Edge edge, long from, long to, Gaps gaps) {
    Stored stored = ((Lookup.Hit) edge.lookThrough("/a")).stored();
    try {
      return Bodies.begin(flow(stored.body(new ByteRange(from, to - 1), gaps)));
    } finally {
      stored.release();
    }
  }

  private byte[] of(int from, int to) {
    return Arrays.copyOfRange(body, from, to);
  }

  private Stored storing(Edge edge, Tap origin, String... fields) {
    Fetched.Answered answer = Edge.answer(200, Fields.of(fields), origin, body.length);
    return ((Settled.Storing) edge.settle(edge.miss("/a"), answer)).stored();
  }

  private void give(Tap origin, int from, int to) {
    for (int at = from; at < to; at += 64 << 10) {
      origin.give(Arrays.copyOfRange(body, at, Math.min(to, at + (64 << 10))));
    }
  }

  private void damage(long at) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Path file = files.sorted().findFirst().orElseThrow();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[100]), at);
      }
    }
  }

  private static Flow flow(Body body) {
    assertThat(body).isInstanceOf(Body.Flowing.class);
    return ((Body.Flowing) body).flow();
  }
}
