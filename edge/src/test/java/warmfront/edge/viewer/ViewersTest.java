package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Reason;
import warmfront.time.Clock;

final class ViewersTest {
  private static final String HOST = " HTTP/1.1\r\nHost: a.example\r\n";

  @Test
  void a_taken_port_is_named() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Viewers viewers =
            new Viewers(Limits.standard(), Clock.system(), new SplittableRandom(1), 1)) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      Listener listener = new Listener(address, Edge.listener(false).place());

      assertThatThrownBy(() ->
              viewers.start(
                  List.of(Edge.listener(false), listener),
                  new Site(),
                  new Certificates(Clock.system(), new SplittableRandom(1))))
          .isInstanceOf(PortTakenException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void two_processes_do_not_share_a_port_by_accident() throws Exception {
    try (Edge first = new Edge();
        Viewers second =
            new Viewers(Limits.standard(), Clock.system(), new SplittableRandom(1), 1)) {
      Listener same = new Listener(first.plain, Edge.listener(false).place());

      assertThatThrownBy(() -> second.start(List.of(same), new Site(), first.certificates))
          .isInstanceOf(PortTakenException.class);
    }
  }

  @Test
  void without_epoll_it_serves_as_well() throws Exception {
    try (Edge edge = new Edge(Limits.standard(), false);
        Wire wire = edge.wire()) {
      assertThat(wire.send("GET /large" + HOST + "\r\n").answer().text()).hasSize(1 << 20);
      assertThat(wire.send("GET /open?300000" + HOST + "\r\n").answer().text()).hasSize(300_000);
      assertThat(wire.send("POST /echo" + HOST + "Content-Length: 1\r\n\r\nx").answer().text())
          .isEqualTo("x");
    }
  }

  @Test
  void draining_ends_what_is_idle_and_finishes_what_is_not() throws Exception {
    try (Edge edge = new Edge();
        Wire idle = edge.wire();
        Wire busy = edge.wire()) {
      idle.send("GET /" + HOST + "\r\n").answer();
      busy.send("GET /keep" + HOST + "\r\n");
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
      assertThat(idle.closed()).isTrue();
      assertThatThrownBy(edge::wire).isInstanceOf(IOException.class);
      edge.site.kept.remove().reply().send(edge.site.pinned("/x", 20), edge.site.deliveries::add);

      Wire.Answer answer = busy.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.field("Connection")).isEqualTo("close");
      assertThat(busy.closed()).isTrue();
      assertThat(drained.get()).isTrue();
    }
  }

  @Test
  void draining_gives_up_at_its_limit() throws Exception {
    try (Edge edge = new Edge();
        Wire busy = edge.wire()) {
      busy.send("GET /keep" + HOST + "\r\n");
      Edge.await(() -> !edge.site.kept.isEmpty());

      assertThat(edge.viewers.drain(Duration.ofMillis(50))).isFalse();
    }
  }

  @Test
  void a_header_that_does_not_come_to_an_end_times_out() throws Exception {
    try (Edge edge = new Edge();
        Wire slow = edge.wire();
        Wire idle = edge.wire();
        Wire kept = edge.wire()) {
      slow.send("GET /" + HOST + "\r\nGET / HTTP/1.1\r\nHost: a").answer();
      kept.send("GET /" + HOST + "\r\n").answer();
      Edge.await(() -> edge.viewers.counters().open() == 3);

      edge.pass(Duration.ofSeconds(31));

      assertThat(slow.answer().status()).isEqualTo(408);
      assertThat(slow.closed()).isTrue();
      kept.send("GET /" + HOST + "\r\n");
      assertThat(kept.answer().status()).isEqualTo(200);
      edge.viewers.sweep(); // the loop has noted when the answer left
      edge.pass(Duration.ofSeconds(61));
      assertThat(idle.closed()).isTrue();
      assertThat(kept.closed()).isTrue();
      assertThat(edge.site.refused)
          .extracting(Site.Refused::reason)
          .contains(Reason.REQUEST_TIMEOUT);
    }
  }

  @Test
  void a_body_that_stops_coming_times_out() throws Exception {
    try (Edge edge = new Edge();
        Wire slow = edge.wire()) {
      slow.send("POST /echo" + HOST + "Content-Length: 9\r\n\r\nabc");
      Edge.await(() -> !edge.site.requests.isEmpty());
      edge.viewers.sweep();

      edge.pass(Duration.ofSeconds(31));

      assertThat(slow.answer().status()).isEqualTo(408);
      assertThat(slow.closed()).isTrue();
    }
  }

  @Test
  void one_connection_too_many_is_turned_away() throws Exception {
    Limits standard = Limits.standard();
    Limits few =
        new Limits(
            standard.message(),
            new Limits.Connection(2, 65_536, 65_536, 1),
            standard.http2(),
            standard.http3(),
            standard.times(),
            standard.address());
    try (Edge edge = new Edge(few, true);
        Wire first = edge.wire();
        Wire second = edge.wire()) {
      first.send("GET /" + HOST + "\r\n").answer();
      second.send("GET /" + HOST + "\r\n").answer();
      try (Wire third = edge.wire()) {
        assertThat(third.closed()).isTrue();
      }
      assertThat(edge.viewers.counters())
          .returns(3L, Counters::accepted)
          .returns(1L, Counters::turnedAway)
          .returns(2L, Counters::requests);
      Edge.await(() -> edge.viewers.counters().open() == 2);
    }
  }
}
