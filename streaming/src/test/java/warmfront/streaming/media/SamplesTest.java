package warmfront.streaming.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real files, against what ffprobe says is in them. */
final class SamplesTest {
  static List<String> names() {
    return Samples.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_file_has_the_frames_that_ffprobe_finds_in_it(String name) throws IOException {
    byte[] file = Samples.read(name);
    String probed = new String(Samples.read(name + ".packets"), UTF_8);

    Bytes bytes = Bytes.asked(file);
    Medium medium = Played.medium(bytes, name);
    List<Reel.Frame> frames = new ArrayList<>();
    Reel.End end = Played.end(medium, bytes, 0, frames);

    assertThat(end.broken()).isFalse();
    same(file, frames, Packet.printed(probed), !name.equals("segments.mp4"));
    assertThat(frames.getFirst().millis()).isZero();
    assertThat(frames).extracting(Reel.Frame::millis).isSorted();
  }

  /**
   * Checks frames against packets, kind by kind: what is sent between the two is our choice.
   *
   * @param together whether ffprobe is right about when kinds begin: where frames are shown before
   *     their time of decoding, it shows them later instead of decoding them earlier
   */
  static void same(byte[] file, List<Reel.Frame> frames, List<Packet> packets, boolean together) {
    List<Packet> ours = frames.stream().map(frame -> Packet.of(file, frame)).toList();
    Map<Tag.Kind, List<Packet>> found = Packet.byKind(ours, !together);
    Map<Tag.Kind, List<Packet>> expected = Packet.byKind(packets, !together);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((kind, all) -> {
      List<Packet> ofKind = found.getOrDefault(kind, List.of());
      assertThat(ofKind).hasSameSizeAs(all);
      for (int i = 0; i < all.size(); i++) {
        Packet theirs = all.get(i);
        assertThat(ofKind.get(i)).as("%s %d", kind, i).matches(theirs::isLike, theirs.toString());
      }
    });
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_seek_begins_with_the_last_keyframe_before_it(String name) throws IOException {
    byte[] file = Samples.read(name);
    Bytes bytes = Bytes.asked(file);
    Medium medium = Played.medium(bytes, name);
    List<Reel.Frame> all = Played.frames(medium, bytes, 0);
    boolean video = all.stream().anyMatch(frame -> frame.kind() == Tag.Kind.VIDEO);
    Tag.Kind leading = video ? Tag.Kind.VIDEO : Tag.Kind.AUDIO;

    for (long millis = 0; millis < all.getLast().millis() - 30; millis += 37) {
      Reel.Frame first = all.getFirst();
      for (Reel.Frame frame : all) {
        boolean begins = frame.kind() == leading && frame.key();
        first = begins && frame.millis() <= millis ? frame : first;
      }
      List<Reel.Frame> rest = Played.frames(medium, bytes, millis);
      Reel.Frame begun =
          rest.stream().filter(frame -> frame.kind() == leading).findFirst().orElseThrow();
      long exact = name.equals("variable.mp3") ? 60 : 0;
      assertThat(Math.abs(begun.millis() - first.millis()))
          .as("at %d", millis)
          .isBetween(0L, exact);
      if (exact == 0) {
        assertThat(begun).isEqualTo(first);
        assertThat(rest).allMatch(frame -> frame.millis() >= begun.millis());
        assertThat(rest.getLast()).isEqualTo(all.getLast());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void beyond_its_end_a_file_is_at_its_end(String name) throws IOException {
    Bytes bytes = Bytes.asked(Samples.read(name));
    Medium medium = Played.medium(bytes, name);

    List<Reel.Frame> frames = new ArrayList<>();
    Reel.End end = Played.end(medium, bytes, 100_000, frames);

    assertThat(frames).isEmpty();
    assertThat(end.broken()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_file_says_how_long_it_plays(String name) throws IOException {
    Bytes bytes = Bytes.asked(Samples.read(name));
    Medium medium = Played.medium(bytes, name);
    List<Reel.Frame> frames = Played.frames(medium, bytes, 0);

    assertThat(medium.durationMillis() - frames.getLast().millis()).isBetween(-90L, 130L);
    assertThat(medium.head().getFirst().kind()).isEqualTo(Tag.Kind.SCRIPT);
    assertThat(medium.weight()).isBetween(64L, 64L * 1024);
  }

  @Test
  void of_a_film_only_its_head_is_read_before_the_first_frame() throws IOException {
    Bytes front = Bytes.asked(Samples.read("front.mp4"));
    Played.medium(front, "front.mp4");
    Bytes end = Bytes.asked(Samples.read("end.mp4"));
    Played.medium(end, "end.mp4");

    assertThat(front.given()).isLessThan(4096 + 16 + 3600);
    assertThat(front.timesAsked()).isLessThan(5);
    assertThat(end.given()).isLessThan(4096 + 64 + 3600);
    assertThat(end.timesAsked()).isLessThan(6);
  }

  @Test
  void codecs_that_flv_never_had_are_named() throws IOException {
    assertThat(Played.medium(Bytes.asked(Samples.read("hevc.mp4")), "").fourCcs())
        .containsExactly("hvc1");
    assertThat(Played.medium(Bytes.asked(Samples.read("av1.mp4")), "").fourCcs())
        .containsExactly("av01");
    assertThat(Played.medium(Bytes.asked(Samples.read("end.mp4")), "").fourCcs()).isEmpty();
  }
}
