package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.bytes.Flow;
import warmfront.distribution.Origin;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.http.Method;

/** What an origin may do wrong, and that it ends in a value. */
final class OriginFaultsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @Test
  void a_silent_origin_times_out_after_all_attempts() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(ScriptedOrigin.Talk::untilClosed);
        var bench = new Bench()) {
      Origin silent = Bench.custom("origin.localhost", origin.port(), 2, Bench.SHORT);

      // when
      var failed = bench.failed(Bench.request(silent, Method.GET, "/"));

      // then
      assertThat(failed.status()).isEqualTo(504);
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_TIMEOUT);
      assertThat(origin.connections()).isEqualTo(2);
      assertThat(bench.origins().counts().failed()).containsEntry(Reason.ORIGIN_TIMEOUT, 1L);
    }
  }

  @Test
  void a_body_that_stops_coming_breaks_off() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
              talk.untilClosed();
            });
        var bench = new Bench()) {
      Origin hanging = Bench.custom("origin.localhost", origin.port(), 1, Bench.SHORT);

      // when
      var answer = bench.answered(Bench.request(hanging, Method.GET, "/"));
      var read = Reading.all(answer.body());

      // then
      assertThat(read.text()).isEqualTo("hello");
      assertThat(read.broken()).contains("nothing came for 250 ms");
    }
  }

  @Test
  void a_refused_connection_is_502() throws Exception {
    // given
    int port;
    try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = server.getLocalPort();
    }
    try (var bench = new Bench()) {

      // when
      var failed = (Fetched.Failed) bench.get(port);

      // then
      assertThat(failed.status()).isEqualTo(502);
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_REFUSED);
    }
  }

  @Test
  void a_connection_that_does_not_come_about_is_504_after_its_time() throws Exception {
    // given
    List<SocketChannel> fillers = new ArrayList<>();
    try (var full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        var bench = new Bench()) {
      fill(full, fillers);
      var origin =
          new Origin(
              "site",
              "127.0.0.1",
              "",
              warmfront.http.Fields.empty(),
              Bench.custom(full.getLocalPort()).type(),
              2,
              Bench.SHORT);

      // when
      long start = System.nanoTime();
      var failed = bench.failed(Bench.request(origin, Method.GET, "/"));
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      // then
      assertThat(failed.status()).isEqualTo(504);
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_UNREACHED);
      assertThat(took).isBetween(Duration.ofMillis(450), Duration.ofMillis(2500));
    } finally {
      for (SocketChannel filler : fillers) {
        filler.close();
      }
    }
  }

  @Test
  void a_reset_in_the_middle_of_a_body_breaks_it_off() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhello");
              talk.reset();
            });
        var bench = new Bench()) {

      // when
      var fetched = bench.get(origin.port());

      // then
      if (fetched instanceof Fetched.Answered answer) { // a reset may overtake what was sent
        assertThat(Reading.all(answer.body()).broken()).isNotNull();
      } else {
        assertThat(((Fetched.Failed) fetched).reason()).isEqualTo(Reason.ORIGIN_BROKE_OFF);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloo\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0x5\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nFFFFFFFFFFFFFFFFF\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\r\n",
      })
  void a_body_that_does_not_keep_to_its_framing_breaks_off(String rest) throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\n" + rest);
            });
        var bench = new Bench()) {

      // when
      var read = Reading.all(((Fetched.Answered) bench.get(origin.port())).body());

      // then
      assertThat(read.broken()).isNotNull();
      assertThat(read.text()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 700 High\r\n\r\n",
        "HTTP/1.1 2000 Long\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName : value\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName: a\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName: a\u0000b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName: a\rb\r\n\r\n",
      })
  void an_answer_with_bad_framing_is_502(String answer) throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say(answer);
              talk.untilClosed();
            });
        var bench = new Bench()) {

      // when
      var failed = (Fetched.Failed) bench.get(origin.port());

      // then
      assertThat(failed.status()).isEqualTo(502);
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_INVALID);
    }
  }

  @Test
  void a_header_of_32768_bytes_passes_and_one_byte_more_does_not() throws Exception {
    // given
    String frame = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \r\n\r\n";
    String fits = "a".repeat(32_768 - frame.length());
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say(frame.replace("X: ", "X: " + fits));
              talk.head();
              talk.say(frame.replace("X: ", "X: a" + fits));
              talk.untilClosed();
            });
        var bench = new Bench()) {

      // when
      var first = (Fetched.Answered) bench.get(origin.port());
      Reading.all(first.body());
      var second = (Fetched.Failed) bench.get(origin.port());

      // then
      assertThat(first.fields().value("X")).hasSize(fits.length());
      assertThat(second.status()).isEqualTo(502);
      assertThat(second.reason()).isEqualTo(Reason.ORIGIN_HEADER_TOO_LARGE);
    }
  }

  @Test
  void a_second_answer_nobody_asked_for_never_meets_another_request() throws Exception {
    // given
    String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    try (var origin =
            new ScriptedOrigin(talk -> {
              while (talk.head() != null) {
                talk.say(OK + poison);
              }
            });
        var bench = new Bench()) {
      for (int i = 1; i <= 3; i++) {

        // when
        var answer = (Fetched.Answered) bench.get(origin.port());

        // then
        assertThat(Reading.all(answer.body()).text()).isEqualTo("ok");
        assertThat(origin.connections()).isEqualTo(i);
      }
    }
  }

  @Test
  void bytes_on_an_idle_connection_close_it() throws Exception {
    // given
    var idle = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say(OK);
              if (talk.number() == 1) {
                await(idle);
                talk.say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                talk.untilClosed();
                closed.countDown();
              }
            });
        var bench = new Bench()) {
      Reading.all(((Fetched.Answered) bench.get(origin.port())).body());

      // when
      idle.countDown();
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      var second = (Fetched.Answered) bench.get(origin.port());

      // then
      assertThat(Reading.all(second.body()).text()).isEqualTo("ok");
      assertThat(origin.connections()).isEqualTo(2);
    }
  }

  @Test
  void a_pooled_connection_that_died_costs_no_attempt() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say(OK);
              if (talk.number() == 1) {
                talk.head(); // takes the second request and dies
                talk.reset();
              }
            });
        var bench = new Bench()) {
      Reading.all(((Fetched.Answered) bench.get(origin.port())).body());

      // when
      var second = (Fetched.Answered) bench.get(origin.port());

      // then
      assertThat(Reading.all(second.body()).text()).isEqualTo("ok");
      assertThat(origin.heads()).hasSize(3);
      assertThat(bench.origins().counts().retried()).isEqualTo(1);
    }
  }

  @Test
  void a_post_is_sent_once() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.reset();
            });
        var bench = new Bench()) {
      Origin three = Bench.custom("origin.localhost", origin.port(), 3, Bench.LONG);

      // when
      var empty = bench.failed(Bench.request(three, Method.POST, "/"));
      var body = new PartsFromElsewhere("data");
      var full = bench.failed(Bench.post(three, body, 4));
      var read = bench.failed(Bench.request(three, Method.GET, "/"));

      // then
      assertThat(List.of(empty.reason(), full.reason(), read.reason()))
          .containsOnly(Reason.ORIGIN_BROKE_OFF);
      assertThat(origin.connections()).isEqualTo(1 + 1 + 3);
      assertThat(body.pins()).isZero();
    }
  }

  @Test
  void a_body_is_cancelled_if_there_is_nobody_to_send_it_to() throws Exception {
    // given
    NameService nobody =
        name -> {
          throw new UnknownHostException(name);
        };
    try (var bench = new Bench(OriginRules.ONE_PROCESS, Limits.DEFAULT, nobody, Optional.empty())) {
      var body = new PartsFromElsewhere("data");

      // when
      var failed = bench.failed(Bench.post(Bench.custom("none.test", 80, 1, Bench.LONG), body, 4));

      // then
      assertThat(failed.reason()).isEqualTo(Reason.ORIGIN_DNS);
      assertThat(body.pins()).isZero();
    }
  }

  @Test
  void a_private_address_is_refused_however_the_name_changes() throws Exception {
    // given
    var asked = new AtomicInteger();
    NameService rebinding =
        _ ->
            List.of(
                InetAddress.ofLiteral(asked.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1"));
    Limits noMemory =
        new Limits(
            Limits.Wire.DEFAULT,
            Limits.PerPeer.DEFAULT,
            new Limits.Names(Duration.ZERO, Duration.ZERO, Bench.LONG, 10, 1));
    var rules = new OriginRules(false, List.of(Cidr.parse("127.0.0.2")));
    var server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.2"));
    try (var origin =
            new ScriptedOrigin(
                server,
                talk -> {
                  talk.head();
                  talk.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                });
        var bench = new Bench(rules, noMemory, rebinding, Optional.empty())) {
      Origin named = Bench.custom("rebinding.test", origin.port(), 1, Bench.LONG);

      // when
      var allowed = bench.answered(Bench.request(named, Method.GET, "/"));
      Reading.all(allowed.body());
      var refused = bench.failed(Bench.request(named, Method.GET, "/"));

      // then
      assertThat(refused.status()).isEqualTo(502);
      assertThat(refused.reason()).isEqualTo(Reason.ORIGIN_NOT_ALLOWED);
    }
  }

  @Test
  void an_interrupted_fetch_leaves_nothing_behind() throws Exception {
    // given
    var asked = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              asked.countDown();
              talk.untilClosed();
              closed.countDown();
            });
        var bench = new Bench()) {
      CompletableFuture<Fetched> fetched = new CompletableFuture<>();
      OriginRequest request = Bench.request(Bench.custom(origin.port()), Method.GET, "/");
      bench.origins().fetch(request, fetched::complete);
      assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();

      // when
      bench.interrupt();

      // then
      assertThat(fetched.get(5, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Fetched.Failed.class,
              failed -> assertThat(failed.reason()).isEqualTo(Reason.OVERLOADED));
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closing_the_room_breaks_bodies_off_and_refuses_further_fetches() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
              talk.untilClosed();
            });
        var bench = new Bench()) {
      var answer = (Fetched.Answered) bench.get(origin.port());

      // when
      bench.origins().close();

      // then
      assertThat(Reading.all(answer.body()).broken()).isNotNull();
      var body = Flow.of(new byte[] {1});
      assertThat(bench.failed(Bench.post(Bench.custom(origin.port()), body, 1)).status())
          .isEqualTo(502);
    }
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody said go");
    }
  }

  /** Fills a listener's backlog, so that the next connection is neither taken nor refused. */
  private static void fill(ServerSocket full, List<SocketChannel> fillers) throws IOException {
    for (int i = 0; i < 8; i++) {
      SocketChannel filler = SocketChannel.open();
      filler.configureBlocking(false);
      filler.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()));
      fillers.add(filler);
    }
  }
}
