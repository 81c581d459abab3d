package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Head;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;

final class Http1Test {
  private static final String HOST = " HTTP/1.1\r\nHost: a.example\r\n";

  @AutoClose private final Edge edge = Edge.started();

  @Test
  void a_hit_says_what_cloudfront_says() throws Exception {
    try (Wire wire = edge.wire()) {
      Wire.Answer answer = wire.send("GET /a?b" + HOST + "User-Agent: x\r\n\r\n").answer();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.field("Date")).isEqualTo("Mon, 04 May 2026 03:02:01 GMT");
      assertThat(answer.field("Age")).isEqualTo("7");
      assertThat(answer.field("X-Cache")).isEqualTo("Hit from cloudfront");
      assertThat(answer.field("X-Amz-Cf-Pop")).isEqualTo("FRA1-P1");
      assertThat(answer.field("X-Amz-Cf-Id")).isEqualTo("id-of-the-request");
      assertThat(answer.field("Via"))
          .matches("1\\.1 [0-9a-f]{6}\\.cloudfront\\.net \\(CloudFront\\)");
      assertThat(answer.field("Cache-Status")).isEqualTo("Warmfront; hit");
      assertThat(answer.field("Content-Length")).isEqualTo("20");
      assertThat(answer.fields()).doesNotContainKeys("connection", "transfer-encoding");
    }
    Request request = edge.site.requests.getFirst();
    assertThat(request.target()).isEqualTo("/a?b");
    assertThat(request.id()).matches("[A-Za-z0-9_-]{22}==");
    assertThat(request.protocol()).isEqualTo(Protocol.HTTP_1_1);
    assertThat(request.headBytes())
        .isEqualTo(("GET /a?b" + HOST + "User-Agent: x\r\n\r\n").length());
    Edge.await(() -> edge.site.deliveries.size() == 1);
    assertThat(edge.site.deliveries.getFirst())
        .returns(true, Delivery::complete)
        .returns(20L, Delivery::bodyBytes);
  }

  @Test
  void a_hundred_requests_in_one_piece_are_answered_in_order() throws Exception {
    StringBuilder batch = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String path = i % 10 == 3 ? "/later?" : i % 10 == 7 ? "/open?" : "/hit?";
      batch.append("GET ").append(path).append(i).append(HOST).append("\r\n");
    }
    try (Wire wire = edge.wire()) {
      wire.send(batch.toString());

      for (int i = 0; i < 100; i++) {
        Wire.Answer answer = wire.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).hasSize(i % 10 == 7 ? i : 20);
      }
    }
    assertThat(edge.site.requests)
        .extracting(Request::query)
        .isEqualTo(java.util.stream.IntStream.range(0, 100).mapToObj(String::valueOf).toList());
  }

  @Test
  void a_header_that_comes_byte_by_byte_is_understood() throws Exception {
    try (Wire wire = edge.wire()) {
      for (char c : ("\r\nPOST /echo" + HOST + "Content-Length: 3\r\n\r\nabc").toCharArray()) {
        wire.send(String.valueOf(c));
      }

      assertThat(wire.answer().text()).isEqualTo("abc");
    }
  }

  @Test
  void a_body_is_framed_as_the_viewer_understands_it() throws Exception {
    try (Wire wire = edge.wire()) {
      assertThat(wire.send("GET /open?120000" + HOST + "\r\n").answer())
          .returns("chunked", answer -> answer.field("Transfer-Encoding"))
          .satisfies(answer -> assertThat(answer.text()).hasSize(120_000));
      assertThat(wire.send("GET /flow?120000" + HOST + "\r\n").answer())
          .returns("120000", answer -> answer.field("Content-Length"))
          .satisfies(answer -> assertThat(answer.text()).hasSize(120_000));
      assertThat(wire.send("GET /large" + HOST + "\r\n").answer().text()).hasSize(1 << 20);
      assertThat(wire.send("HEAD /large" + HOST + "\r\n").answer(false).field("Content-Length"))
          .isEqualTo("1048576");
      assertThat(wire.send("HEAD /open?9" + HOST + "\r\n").answer(false).fields())
          .doesNotContainKeys("content-length", "transfer-encoding");
      assertThat(wire.send("GET /empty" + HOST + "\r\n").answer())
          .returns(204, Wire.Answer::status)
          .returns(false, answer -> answer.fields().containsKey("content-length"));
    }
    try (Wire wire = edge.wire()) {
      wire.send("GET /open?120000 HTTP/1.0\r\nConnection: keep-alive\r\nHost: a.example\r\n\r\n");
      Wire.Answer answer = wire.answer(); // to the end of the connection
      assertThat(answer.field("Connection")).isEqualTo("close");
      assertThat(answer.text()).hasSize(120_000);
    }
    assertThat(edge.site.tracked.cancelled()).isEqualTo(1); // the body of HEAD
  }

  @Test
  void http_1_0_is_kept_alive_only_if_it_asks() throws Exception {
    try (Wire wire = edge.wire()) {
      wire.send("GET /a HTTP/1.0\r\nHost: a.example\r\nConnection: keep-alive\r\n\r\n");
      assertThat(wire.answer().field("Connection")).isEqualTo("keep-alive");
      wire.send("GET /a HTTP/1.0\r\nHost: a.example\r\n\r\n");
      assertThat(wire.answer().field("Connection")).isEqualTo("close");
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void a_flow_that_is_not_as_long_as_promised_ends_the_connection() throws Exception {
    for (String path : new String[] {"/short?100000", "/long?100000"}) {
      try (Wire wire = edge.wire()) {
        wire.send("GET " + path + HOST + "\r\n");
        int bytes = 0;
        while (wire.read() >= 0) {
          bytes++;
        }
        assertThat(bytes).isGreaterThanOrEqualTo(50_000).isLessThan(101_000);
      }
    }
    Edge.await(() -> edge.site.deliveries.size() == 2);
    assertThat(edge.site.deliveries).noneMatch(Delivery::complete);
  }

  @Test
  void a_hundred_is_sent_when_the_body_is_asked_for() throws Exception {
    String head = " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    try (Wire wire = edge.wire()) {
      assertThat(wire.send("POST /echo" + head).answer().status()).isEqualTo(100);
      assertThat(wire.send("abc").answer().text()).isEqualTo("abc");

      Wire.Answer answer = wire.send("POST /ignore" + head).answer();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.field("Connection"))
          .isEqualTo("close"); // is there a body, or is there not?
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void a_body_nobody_wanted_is_drained_or_the_connection_closed() throws Exception {
    try (Wire wire = edge.wire()) {
      wire.send("POST /ignore" + HOST + "Content-Length: 60000\r\n\r\n" + "x".repeat(30_000));
      assertThat(wire.answer().field("Connection")).isEmpty();
      wire.send("x".repeat(30_000) + "GET /next" + HOST + "\r\n");
      assertThat(wire.answer().status()).isEqualTo(200);

      wire.send("POST /ignore" + HOST + "Content-Length: 70000\r\n\r\n" + "x".repeat(30_000));
      assertThat(wire.answer().field("Connection")).isEqualTo("close");
      assertThat(wire.closed()).isTrue();
    }
    try (Wire wire = edge.wire()) {
      wire.send("POST /ignore" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
      wire.answer();
      wire.send("ffff\r\n" + "x".repeat(0xffff) + "\r\n");
      wire.send("2\r\nxx\r\n0\r\n\r\nGET /next" + HOST + "\r\n"); // one byte over the limit
      assertThat(wire.closed()).isTrue();
    }
    assertThat(edge.site.requests).hasSize(4);
  }

  @Test
  void a_slow_reader_of_a_body_slows_the_viewer() throws Exception {
    long size = 32L << 20;
    try (Wire wire = edge.wire()) {
      wire.send("POST /keep" + HOST + "Content-Length: " + size + "\r\n\r\n");
      AtomicLong written = new AtomicLong();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                byte[] piece = new byte[65_536];
                try {
                  for (long left = size; left > 0; left -= piece.length) {
                    wire.send(piece);
                    written.addAndGet(piece.length);
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      Edge.await(() -> !edge.site.kept.isEmpty());
      Site.Kept kept = edge.site.kept.remove();
      RequestBody body = (RequestBody) kept.request().body();

      Edge.await(() -> body.heldBytes() >= 131_072);
      assertThat(body.heldBytes()).isLessThanOrEqualTo(131_072 + 65_536);
      assertThat(written.get()).isLessThan(size);
      CompletableFuture<Integer> whole = new CompletableFuture<>();
      try (var executor = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
        Site.readOn(executor, body, bytes -> whole.complete(bytes.length));
        assertThat(whole.get()).isEqualTo((int) size);
      }
      writer.join();
      kept.reply().send(Site.bytes(200, new byte[0]), edge.site.deliveries::add);

      assertThat(wire.answer().field("Content-Length")).isEqualTo("0");
      Edge.await(() -> !edge.site.deliveries.isEmpty());
      assertThat(edge.site.deliveries.getFirst().requestBodyBytes()).isEqualTo(size);
    }
  }

  @Test
  void a_large_flow_to_a_slow_viewer_holds_little() throws Exception {
    try (Wire wire = edge.wire()) {
      wire.socket().setReceiveBufferSize(16_384);
      Wire.Answer answer = wire.send("GET /open?67108864" + HOST + "\r\n").answer();

      assertThat(answer.text()).hasSize(64 << 20);
    }
    assertThat(edge.site.tracked.liveMax()).isLessThanOrEqualTo(8); // of 1,343 parts
  }

  @Test
  void a_viewer_who_leaves_ends_what_is_read_for_it() throws Exception {
    try (Wire wire = edge.wire()) {
      wire.send("GET /open?67108864" + HOST + "\r\n");
      wire.read();
    }
    Edge.await(() -> edge.site.deliveries.size() == 1);
    assertThat(edge.site.tracked.cancelled()).isEqualTo(1);
    assertThat(edge.site.deliveries.getFirst().complete()).isFalse();

    try (Wire wire = edge.wire()) {
      wire.send("GET /keep" + HOST + "\r\n");
      Edge.await(() -> !edge.site.kept.isEmpty());
    }
    Site.Kept kept = edge.site.kept.remove();
    Edge.await(() -> kept.reply().gone());
    kept.reply().send(edge.site.pinned("/x", 20), edge.site.deliveries::add);
    Edge.await(() -> edge.site.deliveries.size() == 2);
    assertThat(edge.site.deliveries.getLast())
        .returns(false, Delivery::complete)
        .returns(0L, Delivery::bytes);
  }

  @Test
  void a_viewer_who_leaves_with_all_that_was_announced_has_got_it() throws Exception {
    Flow withoutEnd =
        new Flow() {
          private boolean said;

          @Override
          public void next(Receiver receiver) {
            if (!said) {
              said = true;
              receiver.part(Slice.of("hello".getBytes(StandardCharsets.US_ASCII)));
            }
          }

          @Override
          public void cancel() {}
        };
    Response response =
        new Response(
            new Head(200, Fields.empty(), 5),
            new Stamp("id", ResultType.MISS, -1, null),
            new Body.Flowing(withoutEnd),
            false);

    try (Wire wire = edge.wire()) {
      wire.send("GET /keep" + HOST + "\r\n");
      Edge.await(() -> !edge.site.kept.isEmpty());
      edge.site.kept.remove().reply().send(response, edge.site.deliveries::add);
      assertThat(wire.answer().text()).isEqualTo("hello");
    }

    Edge.await(() -> edge.site.deliveries.size() == 1);
    assertThat(edge.site.deliveries.getFirst().complete()).isTrue();
  }

  @Test
  void oversize_is_refused_and_recorded() throws Exception {
    try (Wire wire = edge.wire()) {
      wire.send("GET /" + "a".repeat(8192) + HOST + "\r\n");
      assertThat(wire.answer().status()).isEqualTo(414);
      assertThat(wire.closed()).isTrue();
    }
    Edge.await(() -> edge.site.refused.size() == 1);
    try (Wire wire = edge.wire()) {
      wire.send("GET /" + "a".repeat(1 << 20)); // never ends
      assertThat(wire.answer().status()).isEqualTo(414);
    }
    Edge.await(() -> edge.site.refused.size() == 2);
    try (Wire wire = edge.wire()) {
      wire.send("GET /" + HOST + ("X: " + "a".repeat(1000) + "\r\n").repeat(1000));
      assertThat(wire.answer().status()).isEqualTo(494);
      assertThat(wire.closed()).isTrue();
    }
    assertThat(edge.site.requests).isEmpty();
    Edge.await(() -> edge.site.refused.size() == 3);
    assertThat(edge.site.refused)
        .extracting(Site.Refused::reason)
        .containsExactly(Reason.TARGET_TOO_LONG, Reason.TARGET_TOO_LONG, Reason.HEADER_TOO_LARGE);
    assertThat(edge.site.refused.getFirst().delivery().complete()).isTrue();
    assertThat(edge.viewers.counters().refused())
        .containsEntry(Reason.TARGET_TOO_LONG, 2L)
        .containsEntry(Reason.HEADER_TOO_LARGE, 1L);
  }

  @Test
  void a_handler_that_fails_costs_one_request() throws Exception {
    try (Wire wire = edge.wire()) {
      assertThat(wire.send("GET /fail" + HOST + "\r\n").answer().status()).isEqualTo(500);
    }
    try (Wire wire = edge.wire()) {
      assertThat(wire.send("GET /" + HOST + "\r\n").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void a_head_without_its_body_does_not_leave_the_viewer_waiting() throws Exception {
    try (Wire wire = edge.wire()) {
      wire.send("GET /keep" + HOST + "\r\n");
      Edge.await(() -> !edge.site.kept.isEmpty());
      Head head = new Head(200, Fields.empty(), 5);
      edge.site
          .kept
          .remove()
          .reply()
          .send(Site.response(head, new Body.None()), edge.site.deliveries::add);

      Wire.Answer answer = wire.answer(false);
      assertThat(answer.field("Connection")).isEqualTo("close");
      assertThat(wire.closed()).isTrue();
    }
  }
}
