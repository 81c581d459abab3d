package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Request;
import warmfront.time.Clock;

/** Connections over QUIC: where they come from, how they begin, and how they end. */
final class Http3ConnectionTest {
  private static final int RETRY = 0xF0; // RFC 9000, 17.2.5

  @Test
  void a_viewer_may_change_its_port() throws Exception {
    try (Edge edge = Edge.http3(Limits.standard());
        UdpRelay relay = new UdpRelay(edge.secure);
        Http3Viewer viewer =
            new Http3Viewer(relay.address(), "a.example", QuicViewer.context(edge.authority))) {
      viewer.get("/x"); // not before the handshake is confirmed (RFC 9000, 9)
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < 8; i++) { // the kernel hands about half of them to the other loop
        ports.add(relay.move());
        assertThat(viewer.get("/large").body()).hasSize(1 << 20);
        assertThat(viewer.get("/port-" + i).status()).isEqualTo(200);
      }

      Request last = edge.site.requests.getLast();
      assertThat(last.viewer().getPort()).isEqualTo(ports.getLast());
      assertThat(edge.viewers.counters().accepted()).isEqualTo(1);
    }
  }

  @Test
  void a_viewer_that_takes_up_its_word_is_not_asked_to_prove_its_address() throws Exception {
    try (Edge edge = Edge.http3(Limits.standard());
        UdpRelay relay = new UdpRelay(edge.secure);
        Http3Viewer viewer =
            new Http3Viewer(relay.address(), "a.example", QuicViewer.context(edge.authority))) {
      assertThat(viewer.get("/x").status()).isEqualTo(200);

      assertThat(relay.kinds).noneMatch(kind -> (kind & RETRY) == RETRY);
    }
  }

  @Test
  void in_a_crowd_addresses_are_proved_first() throws Exception {
    try (Edge edge = Edge.http3(crowded());
        UdpRelay relay = new UdpRelay(edge.secure);
        Http3Viewer viewer =
            new Http3Viewer(relay.address(), "a.example", QuicViewer.context(edge.authority))) {
      assertThat(viewer.get("/x").status()).isEqualTo(200);

      assertThat((relay.kinds.element() & RETRY)).isEqualTo(RETRY);
      assertThat(edge.viewers.counters().accepted()).isEqualTo(1);
    }
  }

  private static Limits crowded() {
    Limits usual = Limits.standard();
    return new Limits(
        usual.message(),
        usual.connection(),
        usual.http2(),
        new Limits.Http3(0, 1000, Duration.ofMinutes(3)),
        usual.times(),
        usual.address());
  }

  @Test
  void an_address_that_is_not_proved_gets_three_times_what_it_sent() throws Exception {
    try (Edge edge = Edge.http3(Limits.standard());
        UdpRelay relay = new UdpRelay(edge.secure);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      relay.passOn(1);
      Future<?> connecting =
          threads.submit(() -> {
            new Http3Viewer(relay.address(), "a.example", QuicViewer.context(edge.authority))
                .close();
            return true;
          });
      Edge.await(() -> relay.fromEdge.get() > 0);
      Edge.await(() -> edge.viewers.counters().open() == 1);
      edge.clock.advance(Duration.ofSeconds(11));
      edge.viewers.sweep();
      Edge.await(() -> edge.viewers.counters().handshakesFailed() == 1);

      assertThat(relay.fromViewer.get()).isPositive();
      assertThat(relay.fromEdge.get()).isLessThanOrEqualTo(3 * relay.fromViewer.get());
      connecting.cancel(true);
    }
  }

  @Test
  void draining_ends_what_is_idle_and_finishes_what_is_not() throws Exception {
    try (Edge edge = Edge.http3(Limits.standard());
        QuicViewer idle = QuicViewer.greeting(edge);
        Http3Viewer busy = new Http3Viewer(edge, "a.example")) {
      idle.request().send(QuicViewer.head(Http3PaceTest.fields("GET", "/x")), true).end();
      CompletableFuture<Http3Viewer.Answer> answer =
          busy.send("GET", "/keep", new byte[0], List.of());
      Edge.await(() -> !edge.site.kept.isEmpty());
      CompletableFuture<Boolean> drained =
          CompletableFuture.supplyAsync(() -> {
            try {
              return edge.viewers.drain(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              return false;
            }
          });
      Edge.await(() -> idle.said.contains(Http3Frames.GOAWAY));
      edge.clock.advance(Duration.ofSeconds(3)); // the loops look by themselves
      assertThat(idle.error()).isEqualTo(Http3Error.NO_ERROR.code());
      assertThatThrownBy(() -> asking(edge)).isNotNull();

      edge.site.kept.remove().reply().send(edge.site.pinned("/x", 20), edge.site.deliveries::add);
      assertThat(answer.get().status()).isEqualTo(200);
      Edge.await(() -> edge.site.deliveries.size() == 2);
      edge.clock.advance(Duration.ofSeconds(3));
      assertThat(busy.quic.error()).isEqualTo(Http3Error.NO_ERROR.code());
      assertThat(drained.get()).isTrue();
    }
  }

  @Test
  void an_address_has_its_share_of_connections_and_requests() throws Exception {
    Limits few = Limits.standard().withAddress(new Limits.Address(1, 2, true));
    try (Edge edge = Edge.http3(few);
        Http3Viewer first = new Http3Viewer(edge, "a.example")) {
      assertThatThrownBy(() -> asking(edge)).isNotNull();

      for (int i = 0; i < 3; i++) {
        assertThat(first.get("/x").status()).isEqualTo(200);
      }
      edge.viewers.sweep();
      assertThat(first.get("/x").status()).isEqualTo(503);
    }
  }

  private static Http3Viewer.Answer asking(Edge edge) throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      return viewer.get("/x");
    }
  }

  @Test
  void a_viewer_that_leaves_too_much_unfinished_is_asked_to_connect_anew() throws Exception {
    Limits usual = Limits.standard();
    Limits few =
        new Limits(
            usual.message(),
            usual.connection(),
            usual.http2(),
            new Limits.Http3(256, 3, Duration.ofMinutes(3)),
            usual.times(),
            usual.address());
    try (Edge edge = Edge.http3(few);
        QuicViewer viewer = QuicViewer.greeting(edge)) {
      for (int i = 0; i < 3; i++) {
        assertThat(viewer.said).doesNotContain(Http3Frames.GOAWAY);
        List<String> post = Http3PaceTest.fields("POST", "/x");
        assertThat(viewer.request().send(QuicViewer.head(post), false).end().reset())
            .isEqualTo(QuicViewer.WHOLE);
      }

      Edge.await(() -> viewer.said.contains(Http3Frames.GOAWAY));
    }
  }

  @Test
  void a_taken_port_is_named() throws Exception {
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Viewers viewers =
            new Viewers(Limits.standard(), Clock.system(), new SplittableRandom(1), 1)) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      Listener listener = new Listener(address, Edge.listener(true).place(), true);

      assertThatThrownBy(() ->
              viewers.start(
                  List.of(listener),
                  new Site(),
                  new Certificates(Clock.system(), new SplittableRandom(1))))
          .isInstanceOf(PortTakenException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void one_connection_too_many_is_turned_away() throws Exception {
    Limits usual = Limits.standard();
    Limits few =
        new Limits(
            usual.message(),
            new Limits.Connection(1, 65_536, 65_536, 1),
            usual.http2(),
            usual.http3(),
            usual.times(),
            usual.address());
    try (Edge edge = Edge.http3(few);
        Http3Viewer first = new Http3Viewer(edge, "a.example")) {
      assertThatThrownBy(() -> asking(edge)).isNotNull();

      assertThat(first.get("/x").status()).isEqualTo(200);
      assertThat(edge.viewers.counters().turnedAway()).isPositive();
    }
  }
}
