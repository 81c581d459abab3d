package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Reason;

/** How long a viewer over HTTP/3 may take, and how little it may send or take in that time. */
final class Http3PaceTest {
  private static final Duration STEP = Duration.ofSeconds(16);

  @AutoClose private final Edge edge = Edge.http3(Limits.standard());

  @Test
  void a_head_that_does_not_end_has_its_time() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      QuicViewer.Stream begun = viewer.request().send(QuicViewer.bytes(1, 50, 0, 0), false);
      viewer.request().send(QuicViewer.head(fields("GET", "/x")), true).end();
      edge.pass(Duration.ofSeconds(29));
      assertThat(viewer.request().send(QuicViewer.head(fields("GET", "/x")), true).end().reset())
          .isEqualTo(QuicViewer.WHOLE);

      edge.pass(Duration.ofSeconds(2));

      assertThat(begun.end().reset()).isEqualTo(Http3Error.REQUEST_INCOMPLETE.code());
      assertThat(edge.viewers.counters().refused()).containsEntry(Reason.REQUEST_TIMEOUT, 1L);
    }
  }

  @Test
  void an_upload_must_keep_the_least_pace() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      List<String> head = fields("POST", "/echo", "content-length", "20000");
      byte[] enough = QuicViewer.frame(Http3Frames.DATA, new byte[4000]);
      QuicViewer.Stream slow = viewer.request().send(QuicViewer.head(head), false);
      QuicViewer.Stream steady = viewer.request().send(QuicViewer.head(head), false);
      Edge.await(() -> edge.site.requests.size() == 2);
      for (int i = 0; i < 3; i++) {
        slow.send(QuicViewer.frame(Http3Frames.DATA, new byte[10]), false);
        steady.send(enough, false);
        viewer.request().send(QuicViewer.head(fields("GET", "/x")), true).end();
        edge.pass(STEP);
      }

      assertThat(slow.end().reset()).isEqualTo(Http3Error.REQUEST_INCOMPLETE.code());
      steady.send(enough, false).send(enough, true);
      assertThat(steady.end().bytes()).hasSizeGreaterThan(20_000);
    }
  }

  @Test
  void a_response_that_is_not_taken_is_given_up() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      QuicViewer.Stream stream = viewer.request();
      stream.channel.config().setAutoRead(false);
      stream.send(QuicViewer.head(fields("GET", "/open?67108864")), true);
      Edge.await(() -> edge.site.tracked.live() > 0);
      Edge.await(() -> {
        edge.pass(STEP); // as often as it takes: what QUIC takes at first counts
        return edge.site.deliveries.size() == 1;
      });

      assertThat(edge.site.deliveries.getFirst()).returns(false, Delivery::complete);
      assertThat(edge.site.deliveries.getFirst().bodyBytes()).isBetween(1L, 4L << 20);
      Edge.await(() -> edge.site.tracked.live() == 0);
    }
  }

  @Test
  void a_large_flow_to_a_slow_viewer_holds_little() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      QuicViewer.Stream stream = viewer.request();
      stream.channel.config().setAutoRead(false);
      stream.send(QuicViewer.head(fields("GET", "/open?16777216")), true);
      Edge.await(() -> edge.site.tracked.live() > 0);
      viewer.request().send(QuicViewer.head(fields("GET", "/x")), true).end();

      assertThat(edge.site.tracked.live()).isLessThan(10);
      stream.channel.config().setAutoRead(true);
      assertThat(stream.end().bytes()).hasSizeGreaterThan(16 << 20);
    }
  }

  @Test
  void an_idle_connection_is_told_goodbye() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      viewer.request().send(QuicViewer.head(fields("GET", "/x")), true).end();
      edge.pass(Duration.ofSeconds(59));
      assertThat(viewer.closed).isNotDone();

      edge.pass(Duration.ofSeconds(2));

      assertThat(viewer.error()).isEqualTo(Http3Error.NO_ERROR.code());
      assertThat(viewer.said).contains(Http3Frames.GOAWAY);
    }
  }

  static List<String> fields(String method, String path, String... more) {
    List<String> fields =
        new java.util.ArrayList<>(
            List.of(
                ":method", method, ":scheme", "https", ":path", path, ":authority", "a.example"));
    fields.addAll(List.of(more));
    return fields;
  }
}
