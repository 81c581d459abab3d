package warmfront.streaming.media;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.streaming.media.Boxes.join;
import static warmfront.streaming.media.Boxes.numbers;
import static warmfront.streaming.media.Boxes.octets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** FLVs as live servers leave them: without an index, in the middle of a timeline, cut. */
final class FlvTest {
  private static final byte[] HEADER = join(octets('F', 'L', 'V', 1, 5), numbers(9, 0));
  private static final byte[] CONFIGURATION = octets(0x17, 0, 0, 0, 0, 1, 2, 3);

  private static byte[] tag(int type, long millis, byte... payload) {
    byte[] head =
        octets(
            type,
            payload.length >> 16,
            payload.length >> 8,
            payload.length,
            (int) (millis >> 16),
            (int) (millis >> 8),
            (int) millis,
            (int) (millis >> 24),
            0,
            0,
            0);
    return join(head, payload, numbers(head.length + payload.length));
  }

  private static byte[] frame(long millis, boolean key) {
    return tag(9, millis, octets(key ? 0x17 : 0x27, 1, 0, 0, 0, 9, 9));
  }

  private static byte[] sound(long millis) {
    return tag(8, millis, octets(0xaf, 1, 7));
  }

  private static byte[] live() {
    long begin = 0x0123_4567L;
    return join(
        HEADER,
        tag(9, begin, CONFIGURATION),
        frame(begin, true),
        sound(begin + 10),
        frame(begin + 40, false),
        frame(begin + 80, true),
        sound(begin + 90),
        frame(begin + 120, false));
  }

  @Test
  void a_recording_of_a_stream_begins_at_zero_and_lasts_until_its_last_tag() {
    Bytes bytes = Bytes.asked(live());
    Medium medium = Played.medium(bytes, "");

    assertThat(medium.durationMillis()).isEqualTo(120);
    assertThat(medium.head()).extracting(head -> head.kind()).containsExactly(Tag.Kind.VIDEO);
    assertThat(Played.frames(medium, bytes, 0))
        .extracting(frame -> frame.kind() + " " + frame.millis() + " " + frame.key())
        .containsExactly(
            "VIDEO 0 true",
            "AUDIO 10 true",
            "VIDEO 40 false",
            "VIDEO 80 true",
            "AUDIO 90 true",
            "VIDEO 120 false");
    assertThat(Played.frames(medium, bytes, 100).getFirst().millis()).isEqualTo(80);
  }

  @Test
  void a_recording_that_is_cut_plays_to_the_cut() {
    byte[] file = Arrays.copyOf(live(), live().length - 6);
    Bytes bytes = Bytes.asked(file);
    List<Reel.Frame> frames = new ArrayList<>();

    Reel.End end = Played.end(Played.medium(bytes, ""), bytes, 0, frames);

    assertThat(frames).hasSize(5);
    assertThat(end.broken()).isTrue();
  }

  @Test
  void a_configuration_on_the_way_and_cue_points_are_sent() {
    byte[] cue = octets(2, 0, 10, 'o', 'n', 'C', 'u', 'e', 'P', 'o', 'i', 'n', 't', 5);
    byte[] file =
        join(live(), tag(9, 0x0123_4567L + 160, CONFIGURATION), tag(18, 0x0123_4567L + 160, cue));
    Bytes bytes = Bytes.asked(file);

    List<Reel.Frame> frames = Played.frames(Played.medium(bytes, ""), bytes, 0);

    assertThat(frames).hasSize(8);
    assertThat(frames.getLast().kind()).isEqualTo(Tag.Kind.SCRIPT);
  }

  @Test
  void script_data_without_an_end_is_no_trouble() {
    byte[] name = octets(2, 0, 10, 'o', 'n', 'M', 'e', 't', 'a', 'D', 'a', 't', 'a');
    byte[] deep = name;
    for (int i = 0; i < 50; i++) {
      deep = join(deep, octets(3, 0, 1, 'a'));
    }
    byte[] array = join(name, octets(10, 0xff, 0xff, 0xff, 0xff));

    assertThat(ScriptReader.of(deep).duration()).isEqualTo(-1);
    assertThat(ScriptReader.of(array).keyframes()).isZero();
  }
}
