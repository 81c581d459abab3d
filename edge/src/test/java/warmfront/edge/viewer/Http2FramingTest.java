package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Padding, trailers and GOAWAY of viewers over HTTP/2 (RFC 9113, sections 6.1, 6.2, 6.8, 8.1). */
final class Http2FramingTest {
  private static final int PROTOCOL_ERROR = 1;
  private static final int PADDED = 8;
  private static final int WHOLE = Frames.END_HEADERS | Frames.END_STREAM;
  private static final List<String> POST =
      List.of(":method", "POST", ":scheme", "https", ":path", "/echo", ":authority", "a.example");

  @AutoClose private final Edge edge = Edge.trusted();

  @Test
  void padding_is_dropped_wherever_it_may_be() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.send(Frames.HEADERS, PADDED, 1, padded(255, Frames.block(POST)));
      frames.send(Frames.CONTINUATION, Frames.END_HEADERS, 1, new byte[0]);
      frames.send(Frames.DATA, PADDED, 1, padded(7, "one ".getBytes(ISO_8859_1)));
      frames.send(Frames.DATA, PADDED, 1, padded(0, "two".getBytes(ISO_8859_1)));
      frames.send(Frames.DATA, PADDED | Frames.END_STREAM, 1, padded(200, new byte[0]));

      assertThat(text(frames.read(Frames.DATA))).isEqualTo("one two");
    }
  }

  @Test
  void padding_uses_up_the_windows_and_is_given_back() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, false, POST);
      byte[] mostlyPadding = padded(255, new byte[1]);
      int sent = 0; // the connection has 524,288 at a time
      for (; sent < 1_000_000; sent += mostlyPadding.length) {
        frames.send(Frames.DATA, PADDED, 1, mostlyPadding);
      }
      frames.send(Frames.DATA, Frames.END_STREAM, 1, new byte[1]);

      Frames.Frame frame = frames.read();
      int room = 0;
      for (; frame.type() != Frames.DATA; frame = frames.read()) {
        boolean widened = frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1;
        room += widened ? frame.payload().getInt() : 0;
      }
      assertThat(room).isBetween(sent - 131_072, sent);
      assertThat(frame.payload().remaining()).isEqualTo(sent / mostlyPadding.length + 1);
    }
  }

  @Test
  void more_padding_than_there_is_room_for_ends_the_connection() throws Exception {
    for (int type : new int[] {Frames.HEADERS, Frames.DATA}) {
      try (Frames frames = edge.frames(new byte[0])) {
        frames.request(1, false, POST);
        byte[] wrong = {5, 1, 2, 3, 4};
        frames.send(type, PADDED | WHOLE, type == Frames.DATA ? 1 : 3, wrong);
        assertThat(frames.read(Frames.GOAWAY).error()).isEqualTo(PROTOCOL_ERROR);
      }
    }
  }

  @Test
  void trailers_that_are_none_end_the_stream_alone() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      trailers(frames, 1, WHOLE, List.of(":path", "/smuggled"));
      trailers(frames, 3, WHOLE, List.of("X-Upper", "a"));
      trailers(frames, 5, WHOLE, List.of("connection", "close"));
      trailers(frames, 7, Frames.END_HEADERS, List.of("x", "and the stream goes on"));
      for (int stream = 1; stream <= 7; stream += 2) {
        Frames.Frame reset = frames.read(Frames.RST_STREAM);
        assertThat(reset.stream()).isEqualTo(stream);
        assertThat(reset.error()).isEqualTo(PROTOCOL_ERROR);
      }
      trailers(frames, 9, WHOLE, List.of("x-check", "a"));
      assertThat(text(frames.read(Frames.DATA))).isEqualTo("body");
    }
  }

  @Test
  void an_interim_response_goes_before_the_final_one_and_never_after_it() throws Exception {
    List<String> hinted = new ArrayList<>(POST);
    hinted.set(1, "GET");
    hinted.set(5, "/hinted");
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, true, hinted);
      List<Integer> types = new ArrayList<>();
      for (Frames.Frame frame = frames.read(); ; frame = frames.read()) {
        if (frame.stream() == 1) {
          types.add(frame.type());
        }
        if (frame.type() == Frames.DATA) {
          break;
        }
      }

      assertThat(types).containsExactly(Frames.HEADERS, Frames.HEADERS, Frames.DATA);
    }
  }

  @Test
  void a_viewer_that_says_goodbye_gets_what_it_has_asked_for() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, false, POST);
      frames.send(Frames.GOAWAY, 0, 0, new byte[8]);
      frames.request(3, true, POST); // begun after its own last word: nobody answers
      frames.send(Frames.DATA, Frames.END_STREAM, 1, "last".getBytes(ISO_8859_1));

      assertThat(text(frames.read(Frames.DATA))).isEqualTo("last");
      assertThat(frames.endsWithout(Frames.DATA)).isTrue();
      assertThat(edge.site.requests).hasSize(1);
    }
  }

  private static void trailers(Frames frames, int stream, int flags, List<String> lines)
      throws IOException {
    frames.request(stream, false, POST);
    frames.send(Frames.DATA, 0, stream, "body".getBytes(ISO_8859_1));
    frames.send(Frames.HEADERS, flags, stream, Frames.block(lines));
  }

  private static byte[] padded(int padding, byte[] content) {
    return ByteBuffer.allocate(1 + content.length + padding)
        .put((byte) padding)
        .put(content)
        .array();
  }

  private static String text(Frames.Frame frame) {
    return ISO_8859_1.decode(frame.payload()).toString();
  }
}
