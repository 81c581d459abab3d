package warmfront.streaming.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/** What was published is what is read back from the file, by our own reader and by others. */
final class FilmTest {
  @TempDir private static Path folder;

  @Test
  void every_frame_comes_back_at_its_time() {
    List<Tag> tags = broadcast(0, 10_000);

    List<Tag> read = FileTags.of(Reels.of(tags).complete());

    assertThat(frames(read, Tag.Kind.VIDEO)).isEqualTo(frames(tags, Tag.Kind.VIDEO)).hasSize(250);
    assertThat(frames(read, Tag.Kind.AUDIO)).isEqualTo(frames(tags, Tag.Kind.AUDIO)).hasSize(431);
    assertThat(millis(read, Tag.Kind.VIDEO)).isEqualTo(millis(tags, Tag.Kind.VIDEO));
  }

  @Test
  void a_fragment_ends_at_the_first_keyframe_after_two_seconds() {
    Reels reels = Reels.of(broadcast(0, 10_000));

    assertThat(reels.marks())
        .extracting(Film.Mark::ticks)
        .containsExactly(0L, 2000L, 4000L, 6000L, 8000L);
    assertThat(reels.marks()).allMatch(Film.Mark::key);
    assertThat(reels.marks().getLast().endMillis()).isBetween(10_000L, 10_040L);
  }

  @Test
  void pictures_without_keyframes_are_cut_all_the_same() {
    List<Tag> tags = new ArrayList<>(head());
    tags.addAll(Tags.stream(0, 20_000, 60_000));

    Reels reels = Reels.of(tags);

    assertThat(reels.marks()).hasSizeGreaterThan(2);
    assertThat(reels.marks().stream().filter(Film.Mark::key)).hasSize(1);
    assertThat(frames(FileTags.of(reels.complete()), Tag.Kind.VIDEO)).hasSize(500);
  }

  @Test
  void a_file_that_breaks_off_plays_to_its_last_fragment() {
    List<Tag> read = FileTags.of(Reels.of(broadcast(0, 10_000)).open());

    assertThat(frames(read, Tag.Kind.VIDEO)).hasSize(250);
  }

  @Test
  void it_begins_with_the_first_keyframe_at_zero() {
    List<Tag> tags = new ArrayList<>(head());
    tags.add(Tags.sound(70_000));
    tags.add(Tags.picture(70_010, false));
    tags.addAll(Tags.stream(70_040, 73_040));

    List<Tag> read = FileTags.of(Reels.of(tags).complete());

    assertThat(millis(read, Tag.Kind.VIDEO)).hasSize(75).startsWith(0L, 40L);
    assertThat(frames(read, Tag.Kind.AUDIO)).hasSize(frames(tags, Tag.Kind.AUDIO).size() - 1);
  }

  @Test
  void a_publisher_that_comes_back_goes_on_where_the_clock_is() {
    List<Tag> tags = broadcast(0, 3000);
    tags.addAll(broadcast(12_000, 15_000));

    List<Tag> read = FileTags.of(Reels.of(tags).complete());

    assertThat(millis(read, Tag.Kind.VIDEO)).hasSize(150).contains(2960L, 12_000L).isSorted();
    assertThat(millis(read, Tag.Kind.AUDIO).getLast()).isBetween(14_900L, 15_040L);
  }

  @Test
  void times_that_leap_leave_no_gap() {
    List<Tag> tags = broadcast(0, 3000);
    tags.addAll(broadcast(4_000_000, 4_003_000));
    tags.addAll(broadcast(10, 3010));

    List<Tag> read = FileTags.of(Reels.of(tags).complete());

    assertThat(millis(read, Tag.Kind.VIDEO)).hasSize(225).isSorted();
    assertThat(read.getLast().millis()).isBetween(8900L, 9300L);
  }

  @Test
  void sound_alone_is_a_film_too() {
    List<Tag> tags = new ArrayList<>(List.of(Tags.aac(Tags.AAC)));
    Tags.stream(0, 9000).stream().filter(tag -> tag.kind() == Tag.Kind.AUDIO).forEach(tags::add);

    Reels reels = Reels.of(tags);

    assertThat(frames(FileTags.of(reels.complete()), Tag.Kind.AUDIO)).hasSize(388);
    assertThat(reels.marks()).hasSizeBetween(4, 5).allMatch(Film.Mark::key);
  }

  @Test
  void other_codecs_and_too_much_belong_to_another_film() {
    Film film = new Film(4000, Long.MAX_VALUE);
    broadcast(0, 3000).forEach(tag -> assertThat(film.tag(tag)).isNotEqualTo(another()));

    assertThat(film.tag(Tags.avc(Tags.AVC))).as("the same").isEqualTo(Film.Taken.Other.NOTHING);
    assertThat(film.tag(Tags.avc(Tags.AVC_444))).isEqualTo(another());
    assertThat(film.tag(Tags.picture(4040, true))).isNotEqualTo(another());
    assertThat(film.tag(Tags.picture(6000, false))).isNotEqualTo(another());
    assertThat(film.tag(Tags.picture(6040, true))).isEqualTo(another());

    Film endless = new Film(4000, Long.MAX_VALUE);
    broadcast(0, 3000).forEach(endless::tag);
    long last = 3000;
    while (!endless.tag(Tags.picture(last, false)).equals(another())) {
      last += 1000;
    }
    assertThat(last).as("no keyframe came").isBetween(64_000L, 66_000L);

    Film small = new Film(Long.MAX_VALUE, 1);
    broadcast(0, 4000).forEach(small::tag);
    assertThat(small.tag(Tags.picture(4000, true))).isEqualTo(another());
  }

  /** A failure names its seed. */
  @Test
  void whatever_is_published_becomes_files_that_play() {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Film film = new Film(20_000, Long.MAX_VALUE);
      Reels reels = new Reels();
      long at = 0;
      for (int i = 0; i < 500; i++) {
        at += random.nextInt(60);
        Film.Taken taken = film.tag(wayward(random, at));
        reels.add(taken);
        if (taken.equals(another())) {
          plays(seed, reels.add(film.end()));
          film = new Film(20_000, Long.MAX_VALUE);
          reels = new Reels();
          head().forEach(film::tag);
        }
      }
      plays(seed, reels.add(film.end()));
    }
  }

  private static Tag wayward(SplittableRandom random, long millis) {
    return switch (random.nextInt(60)) {
      case 0 -> Tags.avc(random.nextBoolean() ? Tags.AVC : Tags.AVC_444);
      case 1 -> Tags.aac(Tags.AAC);
      case 2 -> Tags.picture(random.nextInt(100_000), true);
      case 3 -> Tags.sound(random.nextInt(100_000));
      case 4 -> {
        byte[] noise = new byte[random.nextInt(30)];
        random.nextBytes(noise);
        yield new Tag(
            random.nextBoolean() ? Tag.Kind.VIDEO : Tag.Kind.AUDIO,
            random.nextLong(1L << 32),
            Slice.of(noise));
      }
      default ->
          random.nextBoolean() ? Tags.picture(millis, random.nextInt(20) == 0) : Tags.sound(millis);
    };
  }

  private static void plays(int seed, Reels reels) {
    if (!reels.marks().isEmpty()) {
      List<Tag> read = FileTags.of(reels.complete());
      assertThat(read).as("seed %d", seed).hasSizeGreaterThan(1);
      for (Tag.Kind kind : List.of(Tag.Kind.AUDIO, Tag.Kind.VIDEO)) {
        assertThat(read.stream().filter(tag -> tag.kind() == kind).map(Tag::millis))
            .as("seed %d", seed)
            .isSorted();
      }
    }
  }

  private static Film.Taken another() {
    return Film.Taken.Other.ANOTHER;
  }

  @Test
  void what_it_cannot_have_it_knows_of() {
    Film film = new Film(Long.MAX_VALUE, Long.MAX_VALUE);
    Tags.stream(0, 3000).forEach(film::tag);
    assertThat(film.hasForeign()).as("frames without a configuration").isFalse();
    assertThat(film.end()).isEqualTo(Film.Taken.Other.NOTHING);

    byte[] mp3 = new byte[200];
    mp3[0] = 0x2f;
    film.tag(new Tag(Tag.Kind.AUDIO, 0, Slice.of(mp3)));
    assertThat(film.hasForeign()).isTrue();
  }

  @Test
  void ffprobe_knows_how_long_it_plays_and_finds_its_frames() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ffprobe")), "ffprobe is not installed");
    Path file = folder.resolve("film.mp4");
    Files.write(file, Reels.of(broadcast(0, 10_000)).complete());

    String probed =
        run(
            "ffprobe -v quiet -of csv=p=0 -show_entries format=duration:stream=codec_name,duration "
                + file);

    assertThat(probed).contains("h264,10.00", "aac,10.00").endsWith("10.047000\n");
    String sought =
        run(
            "ffprobe -v quiet -of csv=p=0 -show_entries packet=dts -select_streams v"
                + " -read_intervals 7%+#1 "
                + file);
    assertThat(sought.strip()).as("where playing from 7 s begins").isEqualTo("6000");
  }

  private static String run(String command) throws Exception {
    Process process = new ProcessBuilder(command.split(" +", -1)).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Tag> head() {
    return List.of(Tags.avc(Tags.AVC), Tags.aac(Tags.AAC));
  }

  private static List<Tag> broadcast(long fromMillis, long toMillis) {
    List<Tag> tags = new ArrayList<>(head());
    tags.addAll(Tags.stream(fromMillis, toMillis));
    return tags;
  }

  /** Returns the bytes of frames as their publisher sent them, without configurations. */
  private static List<String> frames(List<Tag> tags, Tag.Kind kind) {
    return tags.stream()
        .filter(tag -> tag.kind() == kind && tag.payload().buffer().get(1) == 1)
        .map(tag -> HexFormat.of().formatHex(Aac.copy(tag.payload().buffer())))
        .toList();
  }

  private static List<Long> millis(List<Tag> tags, Tag.Kind kind) {
    return tags.stream()
        .filter(tag -> tag.kind() == kind && tag.payload().buffer().get(1) == 1)
        .map(Tag::millis)
        .sorted(Comparator.naturalOrder())
        .toList();
  }
}
