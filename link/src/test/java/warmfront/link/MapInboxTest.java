package warmfront.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import warmfront.link.wire.MapChunk;
import warmfront.link.wire.MapHeld;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker;

final class MapInboxTest {
  /** Takes whole maps only. */
  private static final class Taker implements MapTaker {
    private final List<MapEdition> taken = new ArrayList<>();

    @Override
    public long version() {
      return taken.isEmpty() ? 0 : taken.getLast().version();
    }

    @Override
    public Taken take(MapEdition edition) {
      if (!edition.isWhole()) {
        return new Taken.Refused("of another map", true);
      }
      taken.add(edition);
      return new Taken.Answered();
    }
  }

  private final Taker taker = new Taker();
  private final MapInbox inbox = new MapInbox(Optional.of(taker));

  @Test
  void parts_make_an_edition_and_control_hears_what_became_of_it() throws Exception {
    assertThat(inbox.chunk(part(4, 0, 5, "ab"))).isEmpty();
    assertThat(inbox.chunk(part(4, 0, 5, "cd"))).isEmpty();
    MapHeld held = inbox.chunk(part(4, 0, 5, "e")).orElseThrow();

    assertThat(taker.taken).hasSize(1);
    assertThat(taker.taken.getFirst().content())
        .isEqualTo(StandardCharsets.US_ASCII.encode("abcde"));
    assertThat(held).isEqualTo(MapHeld.newBuilder().setOffered(4).setVersion(4).build());

    MapHeld refused = inbox.chunk(part(6, 5, 1, "x")).orElseThrow();
    assertThat(refused)
        .isEqualTo(
            MapHeld.newBuilder()
                .setOffered(6)
                .setVersion(4)
                .setRefusal("of another map")
                .setWantsWhole(true)
                .build());
  }

  @Test
  void what_was_begun_over_a_lost_stream_is_forgotten() throws Exception {
    assertThat(inbox.chunk(part(4, 0, 5, "ab"))).isEmpty();

    inbox.reset();

    assertThat(inbox.chunk(part(5, 0, 2, "xy"))).isPresent();
    assertThat(taker.version()).isEqualTo(5);
  }

  @Test
  void parts_that_do_not_belong_together_end_the_stream() throws Exception {
    assertThat(inbox.chunk(part(4, 0, 5, "ab"))).isEmpty();

    for (MapChunk other :
        List.of(
            part(5, 0, 5, "c"), part(4, 3, 5, "c"), part(4, 0, 6, "c"), part(4, 0, 5, "cdef"))) {
      assertThatThrownBy(() -> inbox.chunk(other)).isInstanceOf(Inbox.NotOurLog.class);
    }
  }

  @Test
  void a_size_beyond_the_limit_is_refused_before_there_is_room_for_it() {
    assertThatThrownBy(() -> inbox.chunk(part(4, 0, MapEdition.BYTES_MAX + 1L, "a")))
        .isInstanceOf(Inbox.NotOurLog.class)
        .hasMessageContaining("are taken");
    assertThatThrownBy(() -> inbox.chunk(part(4, 0, 0, ""))).isInstanceOf(Inbox.NotOurLog.class);
    assertThatThrownBy(() -> inbox.chunk(part(4, 4, 1, "a")))
        .isInstanceOf(Inbox.NotOurLog.class)
        .hasMessageContaining("not versions");
  }

  @Test
  void a_map_that_nobody_asked_for_ends_the_stream() {
    MapInbox none = new MapInbox(Optional.empty());

    assertThatThrownBy(() -> none.chunk(part(4, 0, 1, "a")))
        .isInstanceOf(Inbox.NotOurLog.class)
        .hasMessageContaining("without being asked for");
  }

  private static MapChunk part(long version, long base, long size, String content) {
    return MapChunk.newBuilder()
        .setVersion(version)
        .setBase(base)
        .setSize(size)
        .setContent(ByteString.copyFromUtf8(content))
        .build();
  }
}
