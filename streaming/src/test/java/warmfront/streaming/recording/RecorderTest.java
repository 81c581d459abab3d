package warmfront.streaming.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.Slice;
import warmfront.distribution.Channel;
import warmfront.streaming.live.Tap;
import warmfront.streaming.media.Tag;
import warmfront.streaming.recording.BucketException.Trouble;
import warmfront.streaming.recording.RecordingCounters.Failure;
import warmfront.streaming.segment.FileTags;
import warmfront.streaming.segment.Tags;
import warmfront.time.ManualClock;

/** What is published is in the bucket in the end, whatever happens on the way. */
@Timeout(60)
final class RecorderTest {
  private static final Instant BEGAN = Instant.parse("2026-11-30T05:56:08.5Z");
  private static final Channel.Recording TO = new Channel.Recording("b.s3.test", "live");
  private static final String OBJECT = "b.s3.test/live/cam-20261130T055608Z.mp4";
  private static final int PART = 4096;

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(BEGAN);
  private final FakeBuckets buckets = new FakeBuckets();
  private final List<Recorder> recorders = new ArrayList<>();
  private @Nullable Tap tap;
  private Recorder recorder;

  @BeforeEach
  void start() throws IOException {
    recorder = recorder("spool", limits(1 << 20, 1 << 20));
  }

  @AfterEach
  void stop() {
    recorders.forEach(Recorder::close);
  }

  private static RecordingLimits limits(long queueBytes, long spoolBytes) {
    return new RecordingLimits(
        PART,
        queueBytes,
        spoolBytes,
        0,
        Duration.ofHours(1),
        10 << 20,
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofDays(7));
  }

  private Recorder recorder(String name, RecordingLimits limits) throws IOException {
    Recorder made =
        Recorder.start(
            (_, _, heard) -> {
              tap = heard;
              return Optional.of(() -> {});
            },
            folder.resolve(name),
            buckets,
            limits,
            clock);
    recorders.add(made);
    made.take(Map.of("cam", TO));
    return made;
  }

  private Tap tap() {
    Tap known = tap;
    if (known == null) {
      throw new AssertionError("nobody hears the channel");
    }
    return known;
  }

  /** Publishes a whole number of seconds: 25 pictures each, a keyframe every other second. */
  private void send(long fromSecond, long toSecond) {
    if (fromSecond == 0) {
      tap().started();
      tap().tag(Tags.avc(Tags.AVC));
      tap().tag(Tags.aac(Tags.AAC));
    }
    Tags.stream(fromSecond * 1000, toSecond * 1000).forEach(tap()::tag);
  }

  private static void awaiting(String what, Callable<Boolean> question) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!question.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never: " + what);
      }
      Thread.sleep(2);
    }
  }

  private void awaitObject(String name) throws Exception {
    awaiting(name, () -> buckets.names().contains(name));
  }

  private long pictures(String name) {
    return FileTags.of(buckets.object(name)).stream()
        .filter(tag -> tag.kind() == Tag.Kind.VIDEO && tag.payload().buffer().get(1) == 1)
        .count();
  }

  private long failures(Failure failure) {
    return recorder.counters().failures().getOrDefault(failure, 0L);
  }

  private List<Path> files(String spool) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve(spool))) {
      return all.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      return files(spool); // something was deleted meanwhile
    }
  }

  /** Waits until so many fragments of two seconds are on the disk, or sent. */
  private void awaitFragments(int count) throws Exception {
    Path index = folder.resolve("spool").resolve("cam-20261130T055608Z").resolve("index");
    awaiting(
        count + " fragments",
        () -> Files.exists(index) && Files.readAllLines(index).size() == count);
  }

  @Test
  void a_broadcast_becomes_an_object_with_all_its_frames() throws Exception {
    send(0, 30);
    awaiting("it runs", () -> recorder.counters().running() == 1);
    tap().stopped();
    awaitObject(OBJECT);

    byte[] object = buckets.object(OBJECT);
    assertThat(object.length).as("several parts").isGreaterThan(3 * PART);
    assertThat(pictures(OBJECT)).isEqualTo(750);
    awaiting("nothing is left", () -> files("spool").isEmpty());
    RecordingCounters counters = recorder.counters();
    assertThat(counters.running()).isZero();
    assertThat(counters.objects()).isEqualTo(1);
    assertThat(counters.sent()).isEqualTo(object.length);
    assertThat(counters.heldBytes()).isZero();
    assertThat(counters.failures().values()).containsOnly(0L);
  }

  @Test
  void parts_go_while_the_broadcast_goes_on() throws Exception {
    send(0, 30);
    awaiting("parts", () -> buckets.parts() >= 3);

    assertThat(buckets.names()).isEmpty();
    assertThat(recorder.counters().heldBytes()).isLessThan(recorder.counters().written());
    assertThat(files("spool")).noneMatch(file -> file.endsWith("00002.part"));
    assertThat(files("spool"))
        .as("it waits for the end")
        .anyMatch(file -> file.endsWith("00001.part"));
  }

  @Test
  void each_broadcast_has_an_object_of_its_own() throws Exception {
    send(0, 3);
    tap().stopped();
    send(0, 5);
    tap().stopped();
    clock.advance(Duration.ofMinutes(10));
    send(0, 7);
    tap().stopped();

    awaiting("three", () -> buckets.names().size() == 3);
    assertThat(buckets.names())
        .containsExactly(
            OBJECT,
            "b.s3.test/live/cam-20261130T055609Z.mp4",
            "b.s3.test/live/cam-20261130T060608Z.mp4");
    assertThat(buckets.names().stream().map(this::pictures)).containsExactly(75L, 125L, 175L);
  }

  @Test
  void other_codecs_begin_another_object() throws Exception {
    send(0, 3);
    tap().tag(Tags.avc(Tags.AVC_444));
    Tags.stream(4000, 7000).forEach(tap()::tag);
    tap().stopped();

    awaiting("two", () -> buckets.names().size() == 2);
    assertThat(buckets.names().stream().map(this::pictures)).containsExactly(75L, 75L);
  }

  @Test
  void codecs_that_cannot_be_recorded_are_a_failure() throws Exception {
    tap().started();
    for (int i = 0; i < 100; i++) {
      tap().tag(new Tag(Tag.Kind.AUDIO, 40L * i, Slice.of(new byte[100])));
    }
    tap().stopped();

    awaiting("a failure", () -> failures(Failure.CODECS) == 1);
    assertThat(files("spool")).isEmpty();
    assertThat(recorder.counters().running()).isZero();
  }

  @Test
  void a_channel_that_is_recorded_elsewhere_begins_anew_there() throws Exception {
    send(0, 5);
    clock.advance(Duration.ofSeconds(5));
    recorder.take(Map.of("cam", new Channel.Recording("c.s3.test", "")));
    send(0, 3);
    recorder.take(Map.of());

    awaiting("two", () -> buckets.names().size() == 2);
    assertThat(buckets.names()).containsExactly(OBJECT, "c.s3.test/cam-20261130T055613Z.mp4");
  }

  @Test
  void a_bucket_that_is_away_gets_all_of_it_later() throws Exception {
    buckets.trouble(Optional.of(Trouble.AWAY));
    send(0, 30);
    tap().stopped();
    awaiting("it was asked again", () -> buckets.asked() > 3);
    assertThat(failures(Failure.BUCKET)).as("once, however often it is asked").isEqualTo(1);

    buckets.trouble(Optional.empty());

    awaitObject(OBJECT);
    assertThat(pictures(OBJECT)).isEqualTo(750);
  }

  @Test
  void a_bucket_that_refuses_ends_the_recording_and_gets_it_when_it_wants_to() throws Exception {
    buckets.trouble(Optional.of(Trouble.REFUSED));
    send(0, 20);
    awaiting("refused", () -> failures(Failure.BUCKET) == 1);
    Tags.stream(20_000, 26_000).forEach(tap()::tag);
    awaiting("the recording ends", () -> recorder.counters().running() == 0);
    assertThat(failures(Failure.BUCKET)).as("said once").isEqualTo(1);
    Tags.stream(26_000, 30_000).forEach(tap()::tag);
    tap().stopped();

    buckets.trouble(Optional.empty());

    awaitObject(OBJECT);
    assertThat(pictures(OBJECT)).isBetween(50L, 650L);
    send(0, 3);
    tap().stopped();
    awaiting("the next one is recorded", () -> buckets.names().size() == 2);
  }

  @Test
  void without_room_the_recording_ends_with_what_there_is() throws Exception {
    recorder = recorder("small", limits(1 << 20, 6000));
    buckets.trouble(Optional.of(Trouble.AWAY));
    send(0, 30);
    tap().stopped();
    awaiting("full", () -> failures(Failure.FULL) == 1);
    assertThat(recorder.counters().heldBytes()).isLessThanOrEqualTo(6000);

    buckets.trouble(Optional.empty());

    awaitObject(OBJECT);
    assertThat(pictures(OBJECT)).isBetween(50L, 200L);
  }

  @Test
  void a_disk_that_fails_ends_the_recording() throws Exception {
    Files.delete(folder.resolve("spool"));
    send(0, 5);

    awaiting("a failure", () -> failures(Failure.DISK) == 1);
    assertThat(recorder.counters().running()).isZero();
    Files.createDirectory(folder.resolve("spool"));
    tap().stopped();
    send(0, 3);
    tap().stopped();
    awaiting("the next one is recorded", () -> buckets.names().size() == 1);
  }

  @Test
  void a_disk_that_does_not_keep_up_ends_the_recording() throws Exception {
    recorder = recorder("slow", limits(10, 1 << 20));
    send(0, 5);

    awaiting("a failure", () -> failures(Failure.SLOW) == 1);
    assertThat(recorder.counters().running()).isZero();
  }

  /** Copies the spool as it is now, as if the process ended here, and goes on with the copy. */
  private Path crashed(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> all = Files.walk(folder.resolve("spool"))) {
      for (Path one : all.toList()) {
        Files.copy(one, copy.resolve(folder.resolve("spool").relativize(one).toString()));
      }
    }
    return copy;
  }

  @Test
  void what_a_crash_left_behind_is_sent_after_the_next_start() throws Exception {
    buckets.trouble(Optional.of(Trouble.AWAY));
    send(0, 30);
    awaitFragments(14);
    Path copy = crashed("copy");
    Path torn = crashed("torn");
    cutSomething(torn);
    recorder.close();
    buckets.trouble(Optional.empty());

    recorder = recorder(copy.getFileName().toString(), limits(1 << 20, 1 << 20));
    awaitObject(OBJECT);
    assertThat(pictures(OBJECT)).as("all but the last fragment").isEqualTo(700);

    recorder = recorder(torn.getFileName().toString(), limits(1 << 20, 1 << 20));
    awaiting("it, too", () -> recorder.counters().objects() == 1);
    assertThat(pictures(OBJECT)).as("up to what was written wholly").isEqualTo(650);
  }

  /** Loses the last bytes of the last part, and tears the last line of the index. */
  private static void cutSomething(Path spools) throws IOException {
    try (Stream<Path> all = Files.walk(spools)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      Path last =
          files.stream().filter(file -> file.toString().endsWith(".part")).toList().getLast();
      Path index = files.stream().filter(file -> file.endsWith("index")).findAny().orElseThrow();
      try (FileChannel file = FileChannel.open(last, StandardOpenOption.WRITE)) {
        var _ = file.truncate(file.size() - 1);
      }
      try (FileChannel file = FileChannel.open(index, StandardOpenOption.APPEND)) {
        int _ = file.write(ByteBuffer.wrap("fragment 12".getBytes(US_ASCII)));
      }
    }
  }

  @Test
  void a_crash_after_parts_were_sent_loses_nothing_of_them() throws Exception {
    send(0, 30);
    awaitFragments(14);
    awaiting(
        "all but the first and the last are sent",
        () -> buckets.parts() == recorder.counters().written() / PART - 1);
    awaiting(
        "and gone",
        () -> files("spool").stream().filter(one -> one.toString().endsWith(".part")).count() == 2);
    buckets.trouble(Optional.of(Trouble.AWAY));
    Path copy = crashed("copy");
    recorder.close();
    buckets.trouble(Optional.empty());

    recorder = recorder(copy.getFileName().toString(), limits(1 << 20, 1 << 20));

    awaitObject(OBJECT);
    assertThat(pictures(OBJECT)).isEqualTo(700);
  }

  @Test
  void an_end_in_order_is_an_end_of_the_film() throws Exception {
    buckets.trouble(Optional.of(Trouble.AWAY));
    send(0, 7);
    recorder.close();
    buckets.trouble(Optional.empty());

    recorder = recorder("spool", limits(1 << 20, 1 << 20));

    awaitObject(OBJECT);
    assertThat(pictures(OBJECT)).isEqualTo(175);
  }

  @Test
  void an_object_that_was_completed_without_an_answer_is_done() throws Exception {
    buckets.loseAnswers();
    send(0, 5);
    tap().stopped();

    awaiting("it is done", () -> recorder.counters().objects() == 1);
    assertThat(recorder.counters().failures().values()).containsOnly(0L);
    awaiting("nothing is left", () -> recorder.counters().waiting() == 0);
  }

  @Test
  void what_the_bucket_forgot_is_lost_and_said_to_be() throws Exception {
    send(0, 30);
    awaiting("parts", () -> buckets.parts() >= 3);
    buckets.forgetUploads();
    tap().stopped();

    awaiting("a failure", () -> failures(Failure.LOST) == 1);
    awaiting("it is gone", () -> recorder.counters().waiting() == 0);
    assertThat(buckets.names()).isEmpty();
  }

  @Test
  void after_a_week_nobody_asks_any_more() throws Exception {
    buckets.trouble(Optional.of(Trouble.REFUSED));
    send(0, 5);
    tap().stopped();
    awaiting("refused", () -> failures(Failure.BUCKET) == 1);

    clock.advance(Duration.ofDays(8));

    awaiting("lost", () -> failures(Failure.LOST) == 1);
    awaiting("it is gone", () -> recorder.counters().waiting() == 0);
  }
}
