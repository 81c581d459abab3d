package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import warmfront.bytes.Flow;
import warmfront.distribution.Origin;
import warmfront.distribution.Reach;
import warmfront.distribution.S3Endpoint;
import warmfront.edge.Pictures;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.http.Method;

/** How long, how often and at which addresses an origin is asked. */
final class OriginPatienceTest {
  private static Origin within(Origin origin, Duration whole) {
    return origin.withReach(
        new Reach(Optional.of(whole), origin.reach().family(), Optional.empty()));
  }

  private static Origin over(Origin origin, Reach.Family family) {
    return origin.withReach(new Reach(Optional.empty(), family, Optional.empty()));
  }

  private static Bench bench(String... addresses) {
    return new Bench(
        OriginRules.ONE_PROCESS,
        Limits.DEFAULT,
        _ -> List.of(addresses).stream().map(InetAddress::ofLiteral).toList(),
        Optional.empty());
  }

  @Test
  void the_time_for_the_whole_ends_all_attempts_with_504() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(ScriptedOrigin.Talk::untilClosed);
        var bench = new Bench()) {
      Origin silent = Bench.custom("origin.localhost", origin.port(), 3, Bench.LONG);

      // when
      var failed = bench.failed(Bench.request(within(silent, Bench.SHORT), Method.GET, "/"));

      // then
      assertThat(failed.status()).isEqualTo(504);
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_TIMEOUT);
      assertThat(failed.detail()).contains("250 ms");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void the_time_for_the_whole_ends_a_body_though_parts_of_it_come() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              String part = "x".repeat(1000);
              while (true) {
                talk.say(part);
              }
            });
        var bench = new Bench()) {
      Origin endless = Bench.custom("origin.localhost", origin.port(), 1, Bench.LONG);

      // when
      var answer = bench.answered(Bench.request(within(endless, Bench.SHORT), Method.GET, "/"));

      // then
      assertThat(Reading.all(answer.body()).broken()).contains("longer than 250 ms");
    }
  }

  @Test
  void a_silent_bucket_is_not_asked_again() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(ScriptedOrigin.Talk::untilClosed);
        var bench = new Bench()) {
      bench.apply(
          Pictures.snapshot(
              new S3Endpoint(
                  "s3.test",
                  URI.create("http://127.0.0.1:" + origin.port()),
                  "us-east-1",
                  "A",
                  "S")));
      Origin bucket = Bench.origin("b.s3.test", new Origin.S3(Optional.empty(), Bench.SHORT), 3);

      // when
      var failed = bench.failed(Bench.request(bucket, Method.GET, "/"));

      // then
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_TIMEOUT);
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void an_origin_over_ipv4_is_not_asked_at_its_ipv6_address() throws Exception {
    try (var bench = bench("::1")) {
      var failed = bench.failed(Bench.request(custom(9), Method.GET, "/"));

      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_DNS);
      assertThat(failed.detail()).contains("no IPv4 address");
    }
  }

  @Test
  void an_origin_over_ipv6_is_not_asked_at_its_ipv4_address() throws Exception {
    try (var origin = new ScriptedOrigin(talk -> talk.serve("ok"));
        var bench = bench("127.0.0.1")) {
      Origin six = over(custom(origin.port()), Reach.Family.IPV6);

      var failed = bench.failed(Bench.request(six, Method.GET, "/"));

      assertThat(failed.status()).isEqualTo(502);
      assertThat(failed.detail()).contains("no IPv6 address");
      assertThat(origin.connections()).isZero();
    }
  }

  @Test
  void over_both_families_addresses_take_turns_ipv6_first() {
    List<InetAddress> all =
        List.of("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1").stream()
            .map(InetAddress::ofLiteral)
            .toList();

    assertThat(Families.asked(all, Reach.Family.DUALSTACK))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("2001:db8:0:0:0:0:0:1", "192.0.2.1", "192.0.2.2", "192.0.2.3");
  }

  @Test
  void over_both_families_an_address_that_refuses_costs_no_time() throws Exception {
    try (var origin = new ScriptedOrigin(talk -> talk.serve("ok"));
        var bench = bench("::1", "127.0.0.1")) {
      Origin both = over(custom(origin.port()), Reach.Family.DUALSTACK);

      var answer = bench.answered(Bench.request(both, Method.GET, "/"));

      assertThat(Reading.all(answer.body()).text()).isEqualTo("ok");
    }
  }

  @Test
  void over_both_families_an_address_that_is_silent_does_not_keep_the_next_one_waiting()
      throws Exception {
    List<SocketChannel> fillers = new ArrayList<>();
    try (var origin = new ScriptedOrigin(talk -> talk.serve("ok"));
        var full = new ServerSocket(origin.port(), 1, InetAddress.ofLiteral("127.0.0.2"));
        var bench = bench("127.0.0.2", "127.0.0.1")) {
      fill(full, fillers);
      Origin patient =
          new Origin(
              "site",
              "origin.test",
              "",
              warmfront.http.Fields.empty(),
              custom(origin.port()).type(),
              1,
              Duration.ofMinutes(10));

      var answer =
          bench.answered(Bench.request(over(patient, Reach.Family.DUALSTACK), Method.GET, "/"));

      assertThat(Reading.all(answer.body()).text()).isEqualTo("ok");
    } finally {
      for (SocketChannel filler : fillers) {
        filler.close();
      }
    }
  }

  @Test
  void over_both_families_the_first_refusal_is_what_is_told() throws Exception {
    int closed;
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      closed = server.getLocalPort();
    }
    try (var bench = bench("127.0.0.1", "127.0.0.2")) {
      Fetched.Failed failed =
          bench.failed(
              Bench.request(over(custom(closed), Reach.Family.DUALSTACK), Method.GET, "/"));

      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_REFUSED);
      assertThat(failed.detail()).contains("127.0.0.1");
    }
  }

  @Test
  void a_websocket_that_both_sides_leave_silent_ends() throws Exception {
    Limits brief =
        new Limits(
            Limits.Wire.DEFAULT,
            Limits.PerPeer.DEFAULT,
            Limits.Names.DEFAULT,
            Bench.SHORT,
            Limits.Calls.DEFAULT);
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say(
                  String.join(
                      "\r\n",
                      "HTTP/1.1 101 Switching Protocols",
                      "Upgrade: websocket",
                      "Connection: Upgrade",
                      "",
                      "hello"));
              talk.untilClosed();
            });
        var bench =
            new Bench(OriginRules.ONE_PROCESS, brief, NameService.system(), Optional.empty())) {
      OriginRequest get = Bench.request(Bench.custom(origin.port()), Method.GET, "/");
      var silent = new Silence();

      var answer =
          bench.answered(
              new OriginRequest(
                  get.route(), Method.GET, "/", get.fields(), "", silent, Request.TUNNEL, false));
      var read = Reading.all(answer.body());

      assertThat(answer.status()).isEqualTo(101);
      assertThat(read.text()).isEqualTo("hello");
      assertThat(read.broken()).contains("nothing came for 250 ms");
      assertThat(silent.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A viewer's side that says nothing. */
  private static final class Silence implements Flow {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    @Override
    public void next(Receiver receiver) {}

    @Override
    public void cancel() {
      cancelled.countDown();
    }
  }

  private static Origin custom(int port) {
    return Bench.custom("origin.test", port, 1, Bench.LONG);
  }

  /** Fills a listener's backlog, so that the next connection is neither taken nor refused. */
  private static void fill(ServerSocket full, List<SocketChannel> fillers) throws IOException {
    for (int i = 0; i < 8; i++) {
      SocketChannel filler = SocketChannel.open();
      filler.configureBlocking(false);
      filler.connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()));
      fillers.add(filler);
    }
  }
}
