package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Each way to make the edge toil for nothing ends in ENHANCE_YOUR_CALM, and is counted. */
final class Http2FloodTest {
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int SETTINGS_TIMEOUT = 4;
  private static final List<String> GET =
      List.of(":method", "GET", ":scheme", "https", ":path", "/x", ":authority", "a.example");
  private static final List<String> OPEN =
      List.of(
          ":method",
          "GET",
          ":scheme",
          "https",
          ":path",
          "/open?1000000",
          ":authority",
          "a.example");

  /** Sends one round of a flood. */
  private interface Round {
    void send(Frames frames, int round) throws IOException;
  }

  @AutoClose private final Edge edge = Edge.trusted();

  @Test
  void rapid_reset() throws Exception {
    flood(
        Toil.RESET,
        new byte[0],
        (frames, round) -> {
          frames.request(2 * round + 1, true, OPEN);
          frames.send(Frames.RST_STREAM, 0, 2 * round + 1, Frames.number(8));
        });
    assertThat(edge.site.requests.size()).isLessThan(130);
    Edge.await(() -> edge.site.deliveries.size() == edge.site.requests.size());
  }

  @Test
  void streams_that_the_edge_is_made_to_reset() throws Exception {
    flood(
        Toil.FAULT,
        new byte[0],
        (frames, round) -> {
          frames.request(2 * round + 1, true, OPEN);
          frames.send(Frames.WINDOW_UPDATE, 0, 2 * round + 1, Frames.number(0));
        });
    assertThat(edge.site.requests.size()).isLessThan(130);
  }

  @Test
  void data_after_the_end_of_a_request() throws Exception {
    flood(
        Toil.FAULT,
        new byte[0],
        (frames, round) -> {
          frames.request(2 * round + 1, true, OPEN);
          frames.send(Frames.DATA, 0, 2 * round + 1, new byte[1]);
        });
    assertThat(edge.site.requests.size()).isLessThan(130);
  }

  @Test
  void windows_wider_than_there_can_be() throws Exception {
    flood(
        Toil.FAULT,
        new byte[0],
        (frames, round) -> {
          frames.request(2 * round + 1, true, OPEN);
          frames.send(Frames.WINDOW_UPDATE, 0, 2 * round + 1, Frames.number(Integer.MAX_VALUE));
        });
    assertThat(edge.site.requests.size()).isLessThan(130);
  }

  @Test
  void streams_that_depend_on_themselves() throws Exception {
    flood(
        Toil.FAULT,
        new byte[0],
        (frames, round) -> {
          frames.request(2 * round + 1, true, OPEN);
          byte[] itself = ByteBuffer.allocate(5).putInt(2 * round + 1).array();
          frames.send(Frames.PRIORITY, 0, 2 * round + 1, itself);
        });
    assertThat(edge.site.requests.size()).isLessThan(130);
  }

  @Test
  void streams_beyond_the_limit() throws Exception {
    flood(
        Toil.FAULT,
        new byte[0],
        (frames, round) ->
            frames.request(
                2 * round + 1,
                true,
                List.of(
                    ":method", "GET", ":scheme", "https", ":path", "/keep", ":authority", "a")));
    assertThat(edge.site.requests).hasSize(Limits.standard().http2().streamsMax());
    edge.site.kept.forEach(kept -> kept.reply().send(edge.site.pinned("/x", 20), _ -> {}));
  }

  @Test
  void a_mix_stays_below_no_budget_of_its_own() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      int round = 0;
      try {
        for (; round < 1000 && edge.viewers.counters().open() > 0; round++) {
          frames.request(2 * round + 1, true, OPEN);
          frames.send(Frames.PING, 0, 0, new byte[8]);
          frames.send(Frames.SETTINGS, 0, 0, Frames.setting(4, 0));
          frames.send(Frames.PRIORITY, 0, 2 * round + 1, new byte[5]);
          frames.send(0x20, 0, 0, GIBBERISH);
          frames.send(Frames.WINDOW_UPDATE, 0, 0, Frames.number(1));
          frames.send(Frames.RST_STREAM, 0, 2 * round + 1, Frames.number(8));
        }
        assertThat(frames.read(Frames.GOAWAY).error()).isEqualTo(ENHANCE_YOUR_CALM);
      } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
        assertThat(e).isNotNull(); // closed while it still sends
      }
    }
    assertThat(edge.site.requests.size()).isLessThan(60); // 25 points a round, of 1,000
    assertThat(edge.viewers.counters().calmed().values().stream().mapToLong(n -> n).sum()).isOne();
  }

  @Test
  void a_header_in_endless_pieces() throws Exception {
    flood(
        Toil.CONTINUATION,
        new byte[0],
        (frames, round) -> {
          if (round == 0) {
            frames.send(Frames.HEADERS, 0, 1, new byte[0]);
          }
          frames.send(Frames.CONTINUATION, 0, 1, new byte[0]);
        });
  }

  @Test
  void settings() throws Exception {
    flood(
        Toil.SETTINGS,
        new byte[0],
        (frames, round) ->
            frames.send(Frames.SETTINGS, 0, 0, Frames.setting(4, round % 2 == 0 ? 1 : 65_535)));
  }

  @Test
  void pings() throws Exception {
    flood(Toil.PING, new byte[0], (frames, _) -> frames.send(Frames.PING, 0, 0, new byte[8]));
  }

  @Test
  void frames_about_priorities() throws Exception {
    flood(
        Toil.PRIORITY,
        new byte[0],
        (frames, round) -> frames.send(Frames.PRIORITY, 0, 2 * round + 1, new byte[5]));
  }

  @Test
  void frames_without_data() throws Exception {
    flood(
        Toil.EMPTY,
        new byte[0],
        (frames, round) -> {
          if (round == 0) {
            frames.request(
                1,
                false,
                List.of(
                    ":method", "POST", ":scheme", "https", ":path", "/keep", ":authority", "a"));
          }
          frames.send(Frames.DATA, 0, 1, new byte[0]);
        });
  }

  @Test
  void a_window_of_one_byte() throws Exception {
    try (Frames frames = edge.frames(Frames.setting(4, 1))) {
      frames.request(1, true, OPEN);
      Frames.Frame frame = frames.read(Frames.DATA);
      int tiny = 0;
      for (; frame.type() != Frames.GOAWAY && tiny < 3000; tiny++) {
        frames.send(Frames.WINDOW_UPDATE, 0, 1, Frames.number(1));
        frame = frames.read();
      }
      assertThat(frame.error()).isEqualTo(ENHANCE_YOUR_CALM);
      assertThat(tiny).isBetween(300, 1000); // a window costs 1, a tiny part 2, and time gives 100
    }
    assertThat(calmed(Toil.TINY) + calmed(Toil.WINDOW)).isEqualTo(1); // whichever was the last
  }

  @Test
  void frames_of_no_known_type() throws Exception {
    flood(
        Toil.IDLE, new byte[0], (frames, round) -> frames.send(0x20 + round % 9, 0, 0, GIBBERISH));
  }

  private static final byte[] GIBBERISH = {1, 2, 3};

  @Test
  void a_header_larger_than_any_may_be() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.send(Frames.HEADERS, 0, 1, new byte[16_384]);
      for (int i = 0; i < 4; i++) {
        frames.send(Frames.CONTINUATION, 0, 1, new byte[16_384]);
      }
      assertThat(frames.read(Frames.GOAWAY).error()).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void what_is_served_earns_patience() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      for (int stream = 1; stream < 4000; stream += 2) { // 4,000 points, which is four times all
        frames.request(stream, true, GET);
        frames.send(Frames.PING, 0, 0, new byte[8]);
        assertThat(frames.read(Frames.PING).flags()).isEqualTo(Frames.ACK);
      }
    }
    assertThat(edge.site.requests).hasSize(2000);
  }

  @Test
  void settings_that_are_not_acknowledged_end_the_connection() throws Exception {
    try (Frames frames = new Frames(edge.socket(), new byte[0], false)) {
      frames.read(Frames.SETTINGS);
      edge.pass(Duration.ofSeconds(11));

      assertThat(frames.read(Frames.GOAWAY).error()).isEqualTo(SETTINGS_TIMEOUT);
    }
  }

  @Test
  void a_header_that_does_not_end_ends_the_connection() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.write(
          Frames.frame(Frames.PING, 0, 0, new byte[8]),
          Frames.frame(Frames.HEADERS, 0, 1, new byte[1]));
      frames.read(Frames.PING); // so the beginning of the header was read as well
      edge.viewers.sweep();
      edge.pass(Duration.ofSeconds(31));

      assertThat(frames.read(Frames.GOAWAY).error()).isNotZero();
    }
  }

  private void flood(Toil expected, byte[] settings, Round round) throws Exception {
    try (Frames frames = edge.frames(settings)) {
      try {
        for (int i = 0; i < 3000 && calmed(expected) == 0; i++) {
          round.send(frames, i);
        }
        assertThat(frames.read(Frames.GOAWAY).error()).isEqualTo(ENHANCE_YOUR_CALM);
      } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
        assertThat(e).isNotNull(); // closed while it still sends
      }
      Edge.await(() -> calmed(expected) == 1);
    }
    Edge.await(() -> edge.viewers.counters().open() == 0);
  }

  private long calmed(Toil toil) {
    return edge.viewers.counters().calmed().getOrDefault(toil.name(), 0L);
  }
}
