package warmfront.streaming.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages within a message: RTMP 1.0, section 7.1.6. */
final class AggregateTest {
  private final List<String> heard = new ArrayList<>();

  @Test
  void the_first_has_the_timestamp_of_the_whole_and_others_keep_their_distance() throws Exception {
    byte[] tags = tag(tag(new Chunks(), 8, 100, 3), 9, 0x1000064, 2).toBytes();

    split(5000, tags);

    assertThat(heard).containsExactly("8/1@5000:3", "9/1@16782216:2");
  }

  @Test
  void the_last_may_lack_its_back_pointer_and_none_may_hold_another() throws Exception {
    byte[] tags =
        tag(new Chunks(), 22, 0, 3)
            .number(8, 1)
            .number(1, 3)
            .number(9, 3)
            .number(0, 4)
            .payload(0, 1)
            .toBytes();

    split(1, tags);

    assertThat(heard).containsExactly("8/1@10:1");
  }

  @Test
  void what_ends_too_early_is_refused() {
    assertThatThrownBy(() -> split(0, new Chunks().payload(0, 10).toBytes()))
        .hasMessageContaining("within a header");
    assertThatThrownBy(() ->
            split(0, new Chunks().number(8, 1).number(2, 3).number(0, 7).payload(0, 1).toBytes()))
        .hasMessageContaining("within a message");
  }

  private void split(long millis, byte[] tags) throws ProtocolException {
    Aggregate.split(
        1,
        millis,
        tags,
        (type, streamId, at, payload) ->
            heard.add("%d/%d@%d:%d".formatted(type, streamId, at, payload.length)));
  }

  private static Chunks tag(Chunks chunks, int type, int millis, int length) {
    return chunks
        .number(type, 1)
        .number(length, 3)
        .number(millis & 0xFFFFFF, 3)
        .number(millis >>> 24, 1)
        .number(0, 3)
        .payload(0, length)
        .number(length + 11, 4);
  }
}
