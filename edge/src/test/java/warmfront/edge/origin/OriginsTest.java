package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.bytes.Flow;
import warmfront.distribution.Origin;
import warmfront.edge.step.Approach;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.OriginRequest;
import warmfront.http.Fields;
import warmfront.http.Method;

/** What goes to an origin and what comes back when it behaves. */
final class OriginsTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_answer_comes_with_its_end_to_end_fields_and_body(boolean epoll) throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say(
                  "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nX-Hop: 1\r\nConnection: close, x-hop\r\n"
                      + "Keep-Alive: timeout=5\r\nContent-Length: 5\r\n\r\nhello");
            });
        var bench =
            new Bench(
                epoll,
                OriginRules.ONE_PROCESS,
                Limits.DEFAULT,
                NameService.system(),
                Optional.empty())) {

      // when
      var answer = (Fetched.Answered) bench.get(origin.port());

      // then
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.fields()).isEqualTo(Fields.of("ETag", "\"a\""));
      assertThat(answer.bodyLength()).isEqualTo(5);
      assertThat(Reading.all(answer.body()).text()).isEqualTo("hello");
    }
  }

  @Test
  void a_request_names_the_origin_and_carries_its_headers_in_place_of_the_viewers()
      throws Exception {
    // given
    try (var origin = new ScriptedOrigin(talk -> talk.serve("x"));
        var bench = new Bench()) {
      Origin prefixed =
          new Origin(
              "site",
              "origin.localhost",
              "/site",
              Fields.of("X-Key", "secret", "X-More", "1"),
              Bench.custom(origin.port()).type(),
              1,
              Bench.LONG);
      Fields viewers =
          Fields.of(
              "Accept",
              "*/*",
              "x-key",
              "guess",
              "Connection",
              "x-hop",
              "X-Hop",
              "1",
              "TE",
              "trailers",
              "Expect",
              "100-continue",
              "Transfer-Encoding",
              "chunked");

      // when
      var answer = bench.answered(Bench.request(prefixed, Method.GET, "/a%20b?c=d", viewers));
      Reading.all(answer.body());

      // then
      assertThat(origin.heads())
          .containsExactly(
              "GET /site/a%20b?c=d HTTP/1.1\r\nHost: origin.localhost:"
                  + origin.port()
                  + "\r\nAccept: */*\r\nX-Key: secret\r\nX-More: 1\r\n"
                  + "Connection: Keep-Alive\r\n\r\n");
    }
  }

  @Test
  void the_viewers_host_is_sent_on_if_the_request_says_so() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(talk -> talk.serve("x"));
        var bench = new Bench()) {
      OriginRequest plain = Bench.request(Bench.custom(origin.port()), Method.GET, "/");
      var request =
          new OriginRequest(
              plain.route(),
              Method.GET,
              "/",
              Fields.empty(),
              "www.example",
              Flow.empty(),
              0,
              false);

      // when
      Reading.all(bench.answered(request).body());

      // then
      assertThat(origin.heads().getFirst()).contains("\r\nHost: www.example\r\n");
    }
  }

  @Test
  void a_connection_is_used_again() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(talk -> talk.serve("again"));
        var bench = new Bench()) {

      // when
      for (int i = 0; i < 20; i++) {
        boolean isFirst = i == 0;
        var answer = (Fetched.Answered) bench.get(origin.port());
        assertThat(Reading.all(answer.body()).text()).isEqualTo("again");
        Approach approach = answer.approach();
        assertThat(approach.connectNanos()).matches(nanos -> isFirst ? nanos > 0 : nanos == 0);
        assertThat(approach.connectNanos()).isLessThanOrEqualTo(answer.took().toNanos());
      }

      // then
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(bench.origins().counts().reused()).isEqualTo(19);
      assertThat(bench.origins().counts().answered()).isEqualTo(20);
    }
  }

  @Test
  void over_an_idle_connection_of_the_calling_loop_all_happens_on_that_loop() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(talk -> talk.serve("near"));
        var bench = new Bench()) {
      EventLoop loop = bench.loop();
      OriginRequest request = Bench.request(Bench.custom(origin.port()), Method.GET, "/");
      CompletableFuture<Fetched> opened = new CompletableFuture<>();
      loop.execute(() -> bench.origins().fetch(request, opened::complete));
      Reading.all(((Fetched.Answered) opened.get()).body());

      // when
      CompletableFuture<String> heard = new CompletableFuture<>();
      loop.execute(() ->
          bench
              .origins()
              .fetch(
                  request,
                  fetched -> {
                    try {
                      String text = Reading.all(((Fetched.Answered) fetched).body()).text();
                      heard.complete(text + (loop.inEventLoop() ? " on its loop" : " elsewhere"));
                    } catch (Exception e) {
                      heard.completeExceptionally(e);
                    }
                  }));

      // then
      assertThat(heard.get()).as("the body is there with the head").isEqualTo("near on its loop");
      assertThat(bench.threads()).as("for the first, which had to connect").isEqualTo(1);
    }
  }

  @Test
  void an_idle_connection_is_closed_when_its_time_is_over() throws Exception {
    // given
    var closed = new CountDownLatch(1);
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n");
              talk.untilClosed();
              closed.countDown();
            });
        var bench = new Bench()) {

      // when
      Reading.all(((Fetched.Answered) bench.get(origin.port())).body());

      // then
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void chunks_are_taken_out_of_their_framing() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              while (talk.head() != null) {
                talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhel");
                talk.say("lo\r\n1\r\n \r\n00005\r\nworld\r\n0\r\nX-Sum: 1\r\n\r\n");
              }
            });
        var bench = new Bench()) {
      for (int i = 0; i < 2; i++) {

        // when
        var answer = (Fetched.Answered) bench.get(origin.port());

        // then
        assertThat(answer.bodyLength()).isEqualTo(-1);
        assertThat(Reading.all(answer.body()))
            .matches(read -> read.text().equals("hello world") && read.broken() == null);
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void a_body_may_end_with_the_connection() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.0 200\r\nServer: old\r\n\r\nall there is");
            });
        var bench = new Bench()) {

      // when
      var read = Reading.all(((Fetched.Answered) bench.get(origin.port())).body());

      // then
      assertThat(read.text()).isEqualTo("all there is");
      assertThat(read.broken()).isNull();
    }
  }

  @Test
  void head_and_304_have_no_body_but_may_state_a_length() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
              talk.head();
              talk.say("HTTP/1.1 304 Not Modified\r\nContent-Length: 8\r\n\r\n");
              talk.head();
              talk.say("HTTP/1.1 204 No Content\r\n\r\n");
              talk.untilClosed();
            });
        var bench = new Bench()) {
      Origin custom = Bench.custom(origin.port());

      // when
      var head = bench.answered(Bench.request(custom, Method.HEAD, "/"));
      var headBody = Reading.all(head.body());
      var unchanged = bench.answered(Bench.request(custom, Method.GET, "/"));
      var unchangedBody = Reading.all(unchanged.body());
      var nothing = bench.answered(Bench.request(custom, Method.GET, "/"));
      var nothingBody = Reading.all(nothing.body());

      // then
      assertThat(List.of(head.bodyLength(), unchanged.bodyLength(), nothing.bodyLength()))
          .containsExactly(7L, 8L, 0L);
      assertThat(List.of(headBody.text(), unchangedBody.text(), nothingBody.text()))
          .containsOnly("");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void informational_answers_are_skipped_but_only_one_100() throws Exception {
    // given
    String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    String go = "HTTP/1.1 100 Continue\r\n\r\n";
    String fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say(talk.number() == 1 ? hints + go + fine : go + go + fine);
              talk.untilClosed();
            });
        var bench = new Bench()) {
      Origin custom = Bench.custom(origin.port());

      // when
      var first = bench.answered(Bench.request(custom, Method.GET, "/"));
      String text = Reading.all(first.body()).text();
      bench.origins().close();
      try (var other = new Bench()) {
        var second = other.failed(Bench.request(custom, Method.GET, "/"));

        // then
        assertThat(text).isEqualTo("ok");
        assertThat(second.reason().name()).isEqualTo("ORIGIN_INVALID");
      }
    }
  }

  @Test
  void a_reader_that_stops_stops_the_origin() throws Exception {
    // given
    try (var server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var bench = new Bench()) {
      var stalled = new CompletableFuture<Long>();
      Thread.ofVirtual().start(() -> pour(server, stalled));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();

      // when
      var answer = (Fetched.Answered) bench.get(port);
      int first = Reading.one(answer.body());
      long written = stalled.get(10, TimeUnit.SECONDS);
      answer.body().cancel();

      // then
      assertThat(first).isPositive();
      assertThat(written).isLessThan(32L << 20); // what the kernel's two buffers hold
    }
  }

  @Test
  void a_large_body_comes_whole() throws Exception {
    // given
    int length = 8 << 20;
    String body = "0123456789abcdef".repeat(length / 16);
    try (var origin = new ScriptedOrigin(talk -> talk.serve(body));
        var bench = new Bench()) {

      // when
      var read = Reading.all(((Fetched.Answered) bench.get(origin.port())).body());

      // then
      assertThat(read.text().equals(body)).isTrue();
      assertThat(read.parts()).isLessThan(2000);
    }
  }

  @Test
  void many_fetches_at_once_each_get_their_own_answer() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              int served = 0;
              for (String head = talk.head(); head != null; head = talk.head()) {
                String target = head.split(" ", 3)[1];
                talk.say(
                    "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(target.length(), target));
                if (++served % 7 == 0) {
                  return; // closes without a word, as servers do
                }
              }
            });
        var bench = new Bench();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Origin patient = Bench.custom("origin.localhost", origin.port(), 3, Bench.LONG);

      // when
      List<Future<String>> texts = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        OriginRequest request = Bench.request(patient, Method.GET, "/" + i);
        texts.add(threads.submit(() -> Reading.all(bench.answered(request).body()).text()));
      }

      // then
      for (int i = 0; i < texts.size(); i++) {
        assertThat(texts.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void a_cancelled_body_gives_its_place_back() throws Exception {
    // given
    Limits one =
        new Limits(
            Limits.Wire.DEFAULT,
            new Limits.PerPeer(1, 1, Bench.SHORT, 1, Bench.SHORT, Bench.SHORT),
            Limits.Names.DEFAULT);
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
              talk.untilClosed();
            });
        var bench =
            new Bench(OriginRules.ONE_PROCESS, one, NameService.system(), Optional.empty())) {
      var first = (Fetched.Answered) bench.get(origin.port());

      // when
      var second = (Fetched.Failed) bench.get(origin.port());
      first.body().cancel();
      var third = bench.get(origin.port());

      // then
      assertThat(second.reason().name()).isEqualTo("OVERLOADED");
      assertThat(third).isInstanceOf(Fetched.Answered.class);
      ((Fetched.Answered) third).body().cancel();
    }
  }

  /** Writes without end and tells how much it wrote when nothing was taken for 300 ms. */
  private static void pour(ServerSocketChannel server, CompletableFuture<Long> stalled) {
    try (SocketChannel channel = server.accept();
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_WRITE);
      String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      long written = 0;
      while (selector.select(300) > 0) {
        selector.selectedKeys().clear();
        written += channel.write(zeros.clear());
      }
      stalled.complete(written);
    } catch (IOException e) {
      stalled.completeExceptionally(e);
    }
  }
}
