package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9218, as it shows on the wire. */
final class Http2PriorityTest {
  @Test
  void a_field_says_how_soon() {
    assertThat(Http2Priority.of("u=0")).isEqualTo(new Http2Priority(0, false));
    assertThat(Http2Priority.of("u=7, i")).isEqualTo(new Http2Priority(7, true));
    assertThat(Http2Priority.of("i;x=1,u=2;y")).isEqualTo(new Http2Priority(2, true));
    assertThat(Http2Priority.of("i=?0")).isEqualTo(new Http2Priority(3, false));
    assertThat(Http2Priority.of("i=?1")).isEqualTo(new Http2Priority(3, true));
    for (String nonsense : List.of("", "u=8", "u=-1", "u", ",,", "u==1", ";", "u=11", "I")) {
      assertThat(Http2Priority.of(nonsense)).as(nonsense).isEqualTo(new Http2Priority(3, false));
    }
  }

  @Test
  void the_urgent_come_first_and_those_that_share_take_turns() throws Exception {
    try (Edge edge = Edge.trusted();
        Frames frames = edge.frames(Frames.setting(4, 0))) { // no windows yet
      ask(frames, 1, "u=5, i");
      ask(frames, 3, "u=5, i");
      ask(frames, 5, "u=1");
      ask(frames, 7, "u=1");
      ask(frames, 9, "u=7");
      frames.send(Frames.PRIORITY_UPDATE, 0, 0, update(9, "u=0"));
      for (int i = 0; i < 5; i++) {
        frames.read(Frames.HEADERS);
      }
      frames.write(
          Frames.frame(Frames.WINDOW_UPDATE, 0, 0, Frames.number(1 << 20)),
          Frames.frame(Frames.SETTINGS, 0, 0, Frames.setting(4, 32_768)));

      List<Integer> order = new ArrayList<>();
      while (order.size() < 10) {
        Frames.Frame data = frames.read(Frames.DATA);
        assertThat(data.payload().remaining()).isEqualTo(16_384);
        order.add(data.stream());
      }

      assertThat(order).containsExactly(9, 9, 5, 5, 7, 7, 1, 3, 1, 3);
    }
  }

  private static void ask(Frames frames, int stream, String priority) throws Exception {
    frames.request(
        stream,
        true,
        List.of(
            ":method",
            "GET",
            ":scheme",
            "https",
            ":path",
            "/flow?32768",
            ":authority",
            "a.example",
            "priority",
            priority));
  }

  private static byte[] update(int stream, String field) {
    byte[] text = Ascii.bytes(field);
    return java.nio.ByteBuffer.allocate(4 + text.length).putInt(stream).put(text).array();
  }
}
