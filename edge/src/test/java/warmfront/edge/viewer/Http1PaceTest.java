package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Delivery;

/** How little a viewer over HTTP/1 may send or take in a time. */
final class Http1PaceTest {
  private static final int ENOUGH = 4000; // in 16 s, of 7,200 in 30 s
  private static final int TOO_LITTLE = 1000;
  private static final int ALL = 1 << 20;
  private static final Duration STEP = Duration.ofSeconds(16);
  private static final String HOST = " HTTP/1.1\r\nHost: a.example\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";

  @AutoClose private final SlowViewer viewer = new SlowViewer();

  @Test
  void an_upload_of_announced_length_that_dribbles_is_ended() {
    viewer.take(ALL);
    viewer.send("POST /echo" + HOST + length(3 * ENOUGH));
    for (int i = 0; i < 2; i++) {
      viewer.send("x".repeat(TOO_LITTLE));
      viewer.pass(STEP);
    }

    assertThat(viewer.taken()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
    viewer.pass(Duration.ofSeconds(3));
    assertThat(viewer.connected()).isFalse();
  }

  @Test
  void an_upload_that_keeps_the_pace_may_take_long() {
    viewer.take(ALL);
    viewer.send("POST /echo" + HOST + length(10 * ENOUGH));
    for (int i = 0; i < 10; i++) {
      viewer.send("x".repeat(ENOUGH));
      viewer.pass(STEP);
    }

    assertThat(viewer.taken()).startsWith("HTTP/1.1 200 ").endsWith("x".repeat(10 * ENOUGH));
  }

  @Test
  void an_upload_of_unknown_length_must_not_be_silent_alone() {
    viewer.take(ALL);
    viewer.send("POST /echo" + HOST + CHUNKED);
    for (int i = 0; i < 10; i++) {
      viewer.send("1\r\nx\r\n");
      viewer.pass(STEP);
    }
    assertThat(viewer.taken()).isEmpty();

    viewer.pass(STEP);
    viewer.send("8;no=byte\r\n"); // framing is no body
    viewer.pass(STEP);
    assertThat(viewer.taken()).startsWith("HTTP/1.1 408 ");
  }

  @Test
  void nobody_is_late_with_a_body_that_is_not_waited_for() {
    viewer.take(ALL);
    viewer.send("POST /keep" + HOST + length(ENOUGH));
    for (int i = 0; i < 10; i++) {
      viewer.pass(STEP);
    }

    assertThat(viewer.taken()).isEmpty();
    assertThat(viewer.connected()).isTrue();
  }

  @Test
  void the_rest_of_a_body_nobody_wants_keeps_the_pace_or_ends_the_connection() {
    viewer.take(ALL);
    viewer.send("POST /x" + HOST + length(10 * ENOUGH));
    for (int i = 0; i < 10; i++) {
      viewer.send("x".repeat(ENOUGH));
      viewer.pass(STEP);
    }
    viewer.send("POST /next" + HOST + CHUNKED);
    assertThat(viewer.taken().split("HTTP/1.1 200 ", -1)).hasSize(3);
    for (int i = 0; i < 2; i++) {
      viewer.send("1\r\nx\r\n");
      viewer.pass(STEP);
    }

    assertThat(viewer.connected()).isFalse();
    assertThat(viewer.site.requests).hasSize(2);
  }

  @Test
  void a_viewer_that_still_takes_the_response_need_not_send_the_rest() {
    viewer.send("POST /large" + HOST + length(ENOUGH));
    for (int i = 0; i < 10; i++) {
      viewer.take(ENOUGH);
      viewer.pass(STEP);
    }
    viewer.take(ALL);
    viewer.pass(STEP);

    assertThat(viewer.connected()).isTrue();
  }

  @Test
  void a_viewer_that_takes_a_little_now_and_then_is_left() {
    viewer.send("GET /open?1000000" + HOST + "\r\n");
    for (int i = 0; i < 2; i++) {
      viewer.take(TOO_LITTLE);
      viewer.pass(STEP);
    }

    assertThat(viewer.connected()).isFalse();
    assertThat(viewer.site.deliveries.getFirst()).returns(false, Delivery::complete);
    assertThat(viewer.site.tracked.live()).isZero();
  }

  @Test
  void a_viewer_that_keeps_the_pace_gets_its_response() {
    viewer.send("GET /open?100000" + HOST + "\r\n");
    for (int i = 0; i < 26; i++) {
      viewer.take(ENOUGH);
      viewer.pass(STEP);
    }

    assertThat(viewer.taken()).endsWith("0\r\n\r\n");
    assertThat(viewer.site.deliveries.getFirst()).returns(true, Delivery::complete);
  }

  @Test
  void a_viewer_that_asks_for_more_than_it_takes_keeps_the_pace_as_well() {
    for (int i = 0; i < 4; i++) {
      viewer.send(("GET /x" + HOST + "\r\n").repeat(20)); // each answer is about 300 bytes
      viewer.take(ENOUGH);
      viewer.pass(STEP);
    }
    viewer.take(ALL);

    assertThat(viewer.site.deliveries).hasSize(80).allMatch(Delivery::complete);
  }

  @Test
  void a_viewer_that_waits_for_the_response_is_waited_for() {
    viewer.send("GET /keep" + HOST + "\r\n");
    for (int i = 0; i < 10; i++) {
      viewer.pass(STEP);
    }
    viewer.take(ALL);
    viewer
        .site
        .kept
        .remove()
        .reply()
        .send(viewer.site.pinned("/x", 20), viewer.site.deliveries::add);

    assertThat(viewer.taken()).startsWith("HTTP/1.1 200 ");
  }

  /** The same with a kernel between, which takes a megabyte at a time, and pages that are lent. */
  @Test
  void a_viewer_at_a_socket_may_be_slow_but_must_not_stop_taking() throws Exception {
    try (Edge edge = new Edge();
        Wire wire = new Wire(narrow(edge))) {
      wire.send("GET /open?1000000000" + HOST + "\r\n");
      wire.socket().getInputStream().skipNBytes(16 << 20); // more than sockets hold
      for (int i = 0; i < 10; i++) {
        wire.socket().getInputStream().skipNBytes(200_000); // most of it the kernel has yet to send
        edge.pass(STEP);
        assertThat(edge.site.deliveries).isEmpty();
      }

      while (edge.site.deliveries.isEmpty()) {
        edge.pass(STEP);
      }
      assertThat(edge.site.deliveries.getFirst()).returns(false, Delivery::complete);
    }
  }

  /** Connects a viewer whose own kernel holds little. */
  private static Socket narrow(Edge edge) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(32_768);
    socket.connect(edge.plain);
    return socket;
  }

  private static String length(int bytes) {
    return "Content-Length: " + bytes + "\r\n\r\n";
  }
}
