package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Reason;

/** What a viewer over HTTP/3 can make the edge do without asking for anything. */
final class Http3FloodTest {
  private static final List<String> KEEP =
      List.of(":method", "GET", ":scheme", "https", ":path", "/keep", ":authority", "a.example");
  private static final List<String> POST =
      List.of(":method", "POST", ":scheme", "https", ":path", "/keep", ":authority", "a.example");

  @AutoClose private final Edge edge = Edge.http3(Limits.standard());

  @Test
  void streams_that_are_reset_end_the_connection() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      for (int i = 0; i < 400 && !viewer.closed.isDone(); i++) {
        QuicViewer.Stream stream = viewer.request().send(QuicViewer.head(POST), false);
        int asked = i;
        Edge.await(() -> edge.site.requests.size() > asked || viewer.closed.isDone());
        var _ = stream.channel.shutdown(Http3Error.REQUEST_CANCELLED.code());
      }

      assertThat(viewer.error()).isEqualTo(Http3Error.EXCESSIVE_LOAD.code());
    }
    assertThat(edge.viewers.counters().calmed()).containsEntry("RESET", 1L);
    assertThat(edge.viewers.counters().refused()).containsEntry(Reason.OVERLOADED, 1L);
    letGo();
  }

  @Test
  void frames_that_say_nothing_end_the_connection() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      byte[] empty = QuicViewer.frame(Http3Frames.DATA, new byte[0]);
      QuicViewer.Stream stream = viewer.request().send(QuicViewer.head(POST), false);
      byte[][] many = new byte[300][];
      java.util.Arrays.fill(many, empty);
      stream.send(QuicViewer.joined(many), false);

      assertThat(viewer.error()).isEqualTo(Http3Error.EXCESSIVE_LOAD.code());
    }
    assertThat(edge.viewers.counters().calmed()).containsEntry("EMPTY", 1L);
    letGo();
  }

  @Test
  void priorities_without_end_end_the_connection() throws Exception {
    try (QuicViewer viewer = QuicViewer.silent(edge, "a.example")) {
      byte[] update = QuicViewer.frame(Http3Frames.PRIORITY_UPDATE, QuicViewer.bytes(0, 'u'));
      byte[][] many = new byte[1200][];
      java.util.Arrays.fill(many, update);

      viewer
          .side()
          .send(QuicViewer.joined(QuicViewer.bytes(0, 4, 0), QuicViewer.joined(many)), false);

      assertThat(viewer.error()).isEqualTo(Http3Error.EXCESSIVE_LOAD.code());
    }
    assertThat(edge.viewers.counters().calmed()).containsEntry("PRIORITY", 1L);
  }

  @Test
  void no_more_requests_are_open_than_are_allowed() throws Exception {
    try (QuicViewer viewer = QuicViewer.greeting(edge)) {
      int max = Limits.standard().http2().streamsMax();
      for (int i = 0; i < max; i++) {
        viewer.request().send(QuicViewer.head(KEEP), true);
      }
      Edge.await(() -> edge.site.kept.size() == max);

      assertThat(
              viewer.channel.peerAllowedStreams(
                  io.netty.handler.codec.quic.QuicStreamType.BIDIRECTIONAL))
          .isZero();
      edge.site.kept.remove().reply().send(edge.site.pinned("/x", 20), _ -> {});
      Edge.await(() ->
          viewer.channel.peerAllowedStreams(
                  io.netty.handler.codec.quic.QuicStreamType.BIDIRECTIONAL)
              > 0);
    }
    letGo();
  }

  /** Answers nobody: the viewers are gone. */
  private void letGo() {
    edge.site.kept.forEach(kept -> kept.reply().send(edge.site.pinned("/x", 20), _ -> {}));
  }
}
