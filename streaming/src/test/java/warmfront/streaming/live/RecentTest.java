package warmfront.streaming.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/** What is kept for those who join later. */
final class RecentTest {
  private final Recent recent = new Recent(100);
  private long number;

  @Test
  void is_everything_from_the_last_keyframe_on() {
    add("1701aa", "2701bb", "af01cc", "1701dd", "af01ee");

    assertThat(kept()).isEqualTo("34");
  }

  @Test
  void is_nothing_before_a_keyframe_and_nothing_of_sound_alone() {
    add("af00", "af01aa");
    assertThat(recent.hasVideo()).isFalse();
    add("2701bb", "af01cc");

    assertThat(kept()).isEmpty();
    assertThat(recent.hasVideo()).isTrue();
    assertThat(recent.head()).hasSize(1);
  }

  @Test
  void is_nothing_any_more_if_that_is_too_much_or_cannot_be_decoded() {
    add("1701" + "00".repeat(50), "2701" + "00".repeat(47), "2701bb");
    assertThat(kept()).isEmpty();
    add("1700aa", "1701bb", "1700aa", "2701cc");
    assertThat(kept()).isEqualTo("46");

    add("1700ff");

    assertThat(kept()).isEmpty();
    assertThat(recent.head().getFirst().payload().buffer().get(2)).isEqualTo((byte) 0xFF);
  }

  private void add(String... payloads) {
    for (String payload : payloads) {
      Tag.Kind kind = payload.startsWith("a") ? Tag.Kind.AUDIO : Tag.Kind.VIDEO;
      Tag tag = new Tag(kind, 0, Slice.of(HexFormat.of().parseHex(payload)));
      recent.add(new Frame(number++, tag, Role.of(tag)));
    }
  }

  private String kept() {
    StringBuilder numbers = new StringBuilder();
    recent.sinceKey().forEach(frame -> numbers.append(frame.number()));
    return numbers.toString();
  }
}
