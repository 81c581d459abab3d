package warmfront.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.time.ManualClock;

/** Objects on disk: over restarts and through damage. */
final class DiskTest {
  private static final String CC = "Cache-Control";

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  private FaultyStorage storage;
  private CacheLimits limits = Edge.limits(64 * Edge.MIB);

  @BeforeEach
  void useStorage() {
    storage = new FaultyStorage(directory);
  }

  DiskTest() {
    storage = new FaultyStorage(Path.of("."));
  }

  private Edge edge() {
    return new Edge(limits, List.of(space(256L * Edge.MIB)), _ -> storage, clock);
  }

  private DiskSpace space(long bytes) {
    return new DiskSpace(directory, bytes, 0);
  }

  @Test
  void objects_of_all_sizes_are_there_after_a_restart() {
    int[] sizes = {0, 1, 511, 70_000, Edge.MIB, Edge.MIB + 1, 20 * Edge.MIB};
    try (Edge edge = edge()) {
      for (int size : sizes) {
        edge.store("/" + size, Bodies.random(size, size), "ETag", "\"é" + size + "\"");
      }
    }

    try (Edge edge = edge()) {
      assertThat(edge.cache.counters().diskObjects()).isEqualTo(sizes.length);
      for (int size : sizes) {
        assertThat(edge.look("/" + size)).isInstanceOf(Lookup.OnDisk.class);
        assertThat(edge.hit("/" + size)).isEqualTo(Bodies.random(size, size));
        Lookup again = edge.look("/" + size);
        assertThat(((Lookup.Hit) again).stored().etag()).contains("\"é" + size + "\"");
        ((Lookup.Hit) again).stored().release();
      }
      int slices = 2 + 20;
      assertThat(edge.cache.counters().diskReads()).isEqualTo(sizes.length + slices);
    }
  }

  @Test
  void an_object_that_left_memory_is_read_again_by_all_at_once() {
    try (Edge edge = edge()) {
      edge.store("/a", Bodies.random(Edge.MIB, 1));
      for (int i = 0; i < 80; i++) {
        edge.store("/" + i, new byte[Edge.MIB]);
        edge.drain();
      }
      assertThat(edge.cache.counters().evictions()).isPositive();

      assertThat(edge.cache.peek(Edge.key("/a"))).isNull();
      Lookup one = edge.look("/a");
      assertThat(edge.look("/a")).isSameAs(one);
      assertThat(edge.hit("/a")).isEqualTo(Bodies.random(Edge.MIB, 1));
    }
  }

  @Test
  void an_invalidation_is_remembered_by_revision_over_a_restart() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[1]);
      edge.store("/b", new byte[2]);
    }

    try (Edge edge = edge()) {
      edge.invalidate("/a");
      edge.miss("/a").abandon();
      assertThat(edge.hit("/b")).hasSize(2);
    }
  }

  @Test
  void a_confirmation_is_remembered_over_a_restart() {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[7], CC, "max-age=60", "ETag", "\"1\"");
      edge.drain();
      clock.advance(Duration.ofSeconds(61));
      Fill fill = edge.stale("/a");
      Settled settled = edge.settle(fill, Edge.status(304, CC, "max-age=600", "X", "new"));
      ((Settled.Refreshed) settled).stored().release();
    }
    clock.advance(Duration.ofSeconds(500));

    try (Edge edge = edge()) {
      Lookup hit = edge.lookThrough("/a");
      assertThat(((Lookup.Hit) hit).stored().fields().value("X")).isEqualTo("new");
      assertThat(Edge.read(((Lookup.Hit) hit).stored())).hasSize(7);
    }
  }

  @Test
  void errors_are_not_written() {
    try (Edge edge = edge()) {
      Settled settled = edge.settle(edge.miss("/a"), Edge.status(404));
      ((Settled.Storing) settled).stored().release();
      edge.drain();
      assertThat(edge.cache.counters().diskWrites()).isZero();
    }
  }

  @Test
  void the_oldest_segment_makes_room() {
    limits = Edge.limits(8 * Edge.MIB, Edge.MIB, 10);
    Edge edge = new Edge(limits, List.of(space(4L * Edge.MIB)), _ -> storage, clock);
    try (edge) {
      for (int i = 0; i < 40; i++) {
        edge.keep("/" + i, Bodies.random(300_000, i));
      }
      CacheCounters counters = edge.cache.counters();
      assertThat(counters.diskBytes()).isBetween(2L * Edge.MIB, 4L * Edge.MIB);
      assertThat(counters.diskObjects()).isBetween(7L, 14L);
      assertThat(files().mapToLong(DiskTest::size).sum()).isEqualTo(counters.diskBytes());
    }
    try (Edge again = new Edge(limits, List.of(space(4L * Edge.MIB)), _ -> storage, clock)) {
      assertThat(again.hit("/39")).isEqualTo(Bodies.random(300_000, 39));
      again.miss("/0").abandon();
    }
  }

  @Test
  void a_torn_end_is_cut_off_at_every_length() throws IOException {
    try (Edge edge = edge()) {
      edge.store("/a", Bodies.random(3000, 1));
    }
    Path file = files().findFirst().orElseThrow();
    long first = size(file);
    try (Edge edge = edge()) {
      edge.store("/b", Bodies.random(200, 2));
    }
    byte[] whole = Files.readAllBytes(file);
    assertThat(first).isLessThan(whole.length - 200);
    int table = 3 * 48; // two records and a trailer
    for (int cut = whole.length - table - 1; cut >= first; cut -= 11) {
      Files.write(file, Arrays.copyOf(whole, cut));
      try (Edge edge = edge()) {
        assertThat(edge.hit("/a")).isEqualTo(Bodies.random(3000, 1));
        Lookup torn = edge.lookThrough("/b");
        assertThat(torn).isNotInstanceOf(Lookup.Hit.class);
        ((Lookup.Miss) torn).fill().abandon();
        edge.store("/c" + cut, new byte[10]);
      }
      try (Edge edge = edge()) {
        assertThat(edge.hit("/c" + cut)).hasSize(10);
        assertThat(edge.cache.counters().quarantined()).isZero();
      }
    }
  }

  @Test
  void no_flipped_bit_is_ever_served() throws IOException {
    byte[] body = Bodies.random(2000, 1);
    try (Edge edge = edge()) {
      edge.store("/a", body, "X", "y");
    }
    Path file = files().findFirst().orElseThrow();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 31) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x10;
      clearDirectory();
      Files.write(file, changed);
      try (Edge edge = edge()) {
        switch (edge.lookThrough("/a")) {
          case Lookup.Miss(Fill fill) -> fill.abandon();
          case Lookup.Hit(Stored stored) -> assertThat(Edge.read(stored)).isEqualTo(body);
          case Lookup other -> throw new AssertionError(other);
        }
      }
    }
  }

  @Test
  void foreign_damaged_and_newer_segments_are_put_aside_and_others_serve() throws IOException {
    try (Edge edge = edge()) {
      edge.store("/a", new byte[5]);
    }
    byte[] good = Files.readAllBytes(files().findFirst().orElseThrow());
    byte[] newer = good.clone();
    ByteBuffer.wrap(newer).putInt(8, RecordCodec.VERSION + 1);
    byte[] holed = good.clone();
    holed[40] ^= 1;
    Files.writeString(directory.resolve(Segment.name(0)), "this is somebody's diary");
    Files.write(directory.resolve(Segment.name(2)), newer);
    Files.write(directory.resolve(Segment.name(3)), holed);
    Path unbegun = directory.resolve(Segment.name(4));
    Files.write(unbegun, new byte[0]); // killed before the first bytes: nothing to look at
    Files.writeString(directory.resolve("notes.txt"), "not ours");

    try (Edge edge = edge()) {
      assertThat(edge.hit("/a")).hasSize(5);
      assertThat(edge.cache.counters().quarantined()).isEqualTo(3);
      assertThat(unbegun).doesNotExist();
      edge.store("/b", new byte[6]);
    }
    try (Edge edge = edge()) {
      assertThat(edge.hit("/b")).hasSize(6);
      assertThat(edge.cache.counters().quarantined()).isZero();
      assertThat(directory.resolve("notes.txt")).exists();
    }
  }

  @Test
  void what_was_read_since_it_was_written_outlives_its_segment() {
    limits = Edge.limits(2 * Edge.MIB, Edge.MIB, 10);
    try (Edge edge = new Edge(limits, List.of(space(8L * Edge.MIB)), _ -> storage, clock)) {
      edge.store("/hot", Bodies.random(100_000, 1));
      for (int i = 0; i < 60; i++) {
        edge.keep("/" + i, Bodies.random(300_000, i));
        if (i % 15 == 14) {
          assertThat(edge.hit("/hot")).isEqualTo(Bodies.random(100_000, 1));
        }
      }
      edge.miss("/1").abandon();
      assertThat(edge.hit("/hot")).isEqualTo(Bodies.random(100_000, 1));
    }
  }

  @Test
  void a_segment_without_its_table_is_read_record_by_record() throws IOException {
    try (Edge edge = edge()) {
      for (int i = 0; i < 500; i++) {
        edge.store("/" + i, Bodies.random(i * 31, i));
      }
      edge.store("/long", Bodies.random(2_500_000, 7));
    }
    Path file = files().findFirst().orElseThrow();
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));

    try (Edge edge = edge()) {
      assertThat(edge.cache.counters().diskObjects()).isEqualTo(501);
      for (int i = 0; i < 500; i += 50) {
        assertThat(edge.hit("/" + i)).isEqualTo(Bodies.random(i * 31, i));
      }
      assertThat(edge.hit("/long")).isEqualTo(Bodies.random(2_500_000, 7));
    }
  }

  @Test
  void an_object_longer_than_memory_is_read_slice_by_slice() {
    byte[] body = Bodies.random(20 * Edge.MIB, 4);
    try (Edge edge = edge()) {
      edge.store("/a", body);
    }
    limits = Edge.limits(4 * Edge.MIB);
    try (Edge edge = edge()) {
      assertThat(edge.hit("/a")).isEqualTo(body);
      assertThat(edge.cache.counters().memoryBytes()).isLessThanOrEqualTo(4L * Edge.MIB);
    }
  }

  private Stream<Path> files() {
    try (Stream<Path> all = Files.list(directory)) {
      return all
          .filter(file -> Segment.sequenceOf(file.getFileName().toString()) >= 0)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void clearDirectory() {
    files()
        .forEach(file -> {
          try {
            Files.delete(file);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static long size(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
