package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Delivery;

/** How long a viewer over HTTP/2 may take, and how little it may send or take in that time. */
final class Http2PaceTest {
  private static final int CANCEL = 8;
  private static final int ENOUGH = 4000; // in 16 s, of 7,200 in 30 s
  private static final int TOO_LITTLE = 1000;
  private static final Duration STEP = Duration.ofSeconds(16);
  private static final byte[] NO_ROOM = Frames.setting(4, 0);

  private final List<Frames.Frame> seen = new ArrayList<>();
  @AutoClose private final Edge edge = Edge.trusted();

  @Test
  void a_viewer_that_is_slow_to_greet_has_its_time() throws Exception {
    edge.clock.advance(Duration.ofHours(1)); // the steady clock of a machine does not stand at 0
    try (Frames frames = Frames.silent(edge.socket())) {
      frames.read(Frames.SETTINGS); // the edge's: the connection is there
      edge.viewers.sweep();

      frames.greet(new byte[0], true);

      frames.request(1, true, get("/x"));
      assertThat(frames.read().type()).isEqualTo(Frames.WINDOW_UPDATE);
      assertThat(frames.read().flags()).isEqualTo(Frames.ACK);
      assertThat(frames.read().type()).isEqualTo(Frames.HEADERS);
    }
  }

  @Test
  void an_upload_must_keep_the_least_pace_and_a_stream_of_messages_not_be_silent()
      throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      String length = Integer.toString(3 * ENOUGH);
      frames.request(1, false, post("content-length", length));
      frames.request(3, false, post("content-length", length));
      frames.request(5, false, post("x", "unknown length"));
      frames.request(7, false, post("x", "unknown length"));
      Edge.await(() -> edge.site.requests.size() == 4);
      for (int i = 0; i < 2; i++) {
        frames.send(Frames.DATA, 0, 1, new byte[TOO_LITTLE]);
        frames.send(Frames.DATA, 0, 3, new byte[ENOUGH]);
        frames.send(Frames.DATA, 0, 5, new byte[1]);
        step(frames);
      }
      frames.send(Frames.DATA, Frames.END_STREAM, 3, new byte[ENOUGH]);
      frames.send(Frames.DATA, Frames.END_STREAM, 5, new byte[1]);

      assertThat(ended(frames)).containsExactlyInAnyOrder(1, 7);
      assertThat(content(3)).isEqualTo(3 * ENOUGH);
      assertThat(content(5)).isEqualTo(3);
    }
  }

  @Test
  void a_viewer_that_leaves_a_stream_little_room_is_ended() throws Exception {
    try (Frames frames = edge.frames(NO_ROOM)) {
      frames.request(1, true, get("/open?1000000"));
      frames.request(3, true, get("/open?1000000"));
      for (int i = 0; i < 3; i++) {
        frames.send(Frames.WINDOW_UPDATE, 0, 1, Frames.number(TOO_LITTLE));
        frames.send(Frames.WINDOW_UPDATE, 0, 3, Frames.number(ENOUGH));
        step(frames);
      }

      assertThat(ended(frames)).containsExactly(1);
    }
  }

  @Test
  void a_viewer_that_leaves_the_connection_little_room_is_ended() throws Exception {
    try (Frames frames = edge.frames(Frames.setting(4, 1 << 20))) { // the connection has 65,535
      frames.request(1, true, get("/open?1000000"));
      for (int i = 0; i < 3; i++) {
        step(frames);
        frames.send(Frames.WINDOW_UPDATE, 0, 0, Frames.number(TOO_LITTLE));
      }

      assertThat(ended(frames)).containsExactly(1);
    }
  }

  @Test
  void a_stream_that_waits_for_its_turn_is_not_ended() throws Exception {
    try (Frames frames = edge.frames(Frames.setting(4, 1 << 20))) {
      frames.request(1, true, get("/open?1000000"));
      frames.request(3, true, get("/open?1000000", "priority", "u=7"));
      for (int i = 0; i < 3; i++) {
        step(frames);
        frames.send(Frames.WINDOW_UPDATE, 0, 0, Frames.number(ENOUGH));
      }

      assertThat(ended(frames)).isEmpty();
      assertThat(content(3)).isZero();
    }
  }

  @Test
  void a_viewer_that_reads_nothing_is_left() throws Exception {
    try (Frames frames = edge.frames(Frames.setting(4, Integer.MAX_VALUE))) {
      frames.send(Frames.WINDOW_UPDATE, 0, 0, Frames.number(1 << 30));
      frames.request(1, true, get("/open?1000000000"));
      Edge.await(() -> edge.site.tracked.live() > 0);

      while (edge.site.deliveries.isEmpty()) {
        edge.pass(Duration.ofSeconds(31));
      }

      assertThat(edge.site.deliveries.getFirst()).returns(false, Delivery::complete);
    }
  }

  /** Lets time pass once the edge has read what was sent, and until it has swept. */
  private void step(Frames frames) throws Exception {
    frames.send(Frames.PING, 0, 0, new byte[8]);
    Frames.Frame frame = frames.read();
    for (; frame.type() != Frames.PING; frame = frames.read()) {
      seen.add(frame);
    }
    edge.pass(STEP);
  }

  /** Returns the streams that were ended, once a last answer shows that all was read. */
  private List<Integer> ended(Frames frames) throws Exception {
    step(frames);
    return seen.stream()
        .filter(frame -> frame.type() == Frames.RST_STREAM)
        .peek(frame -> assertThat(frame.error()).isEqualTo(CANCEL))
        .map(Frames.Frame::stream)
        .toList();
  }

  /** Returns how many bytes of a body were seen. */
  private int content(int stream) {
    return seen.stream()
        .filter(frame -> frame.type() == Frames.DATA && frame.stream() == stream)
        .mapToInt(frame -> frame.payload().remaining())
        .sum();
  }

  private static List<String> get(String path, String... more) {
    return fields("GET", path, more);
  }

  private static List<String> post(String... more) {
    return fields("POST", "/echo", more);
  }

  private static List<String> fields(String method, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "https", ":path", path, ":authority", "a.example"));
    fields.addAll(List.of(more));
    return fields;
  }
}
