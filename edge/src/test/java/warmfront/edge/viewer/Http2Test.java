package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;

final class Http2Test {
  private static final int PROTOCOL_ERROR = 1;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final List<String> GET =
      List.of(":method", "GET", ":scheme", "https", ":path", "/x", ":authority", "a.example");

  @AutoClose private final Edge edge = Edge.trusted();

  private final HttpClient client;

  Http2Test() throws Exception {
    client =
        HttpClient.newBuilder()
            .sslContext(edge.authority.trusting())
            .version(HttpClient.Version.HTTP_2)
            .build();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
  }

  @Test
  void a_hit_says_what_cloudfront_says() throws Exception {
    HttpResponse<String> answer = client.send(get("/a?b").build(), BodyHandlers.ofString());

    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).hasSize(20);
    assertThat(answer.headers().firstValue("date")).contains("Mon, 04 May 2026 03:02:01 GMT");
    assertThat(answer.headers().firstValue("age")).contains("7");
    assertThat(answer.headers().firstValue("x-cache")).contains("Hit from cloudfront");
    assertThat(answer.headers().firstValue("x-amz-cf-pop")).contains("FRA1-P1");
    assertThat(answer.headers().firstValue("content-length")).contains("20");
    assertThat(answer.headers().firstValue("cache-status")).contains("Warmfront; hit");
    assertThat(answer.headers().firstValue("connection")).isEmpty();
    Request request = edge.site.requests.getFirst();
    assertThat(request.protocol()).isEqualTo(Protocol.HTTP_2);
    assertThat(request.host()).isEqualTo("localhost");
    assertThat(request.target()).isEqualTo("/a?b");
    assertThat(request.fields().value("Host")).isEqualTo("localhost:" + edge.secure.getPort());
    assertThat(request.tls().orElseThrow().serverName()).isEqualTo("localhost");
    Edge.await(() -> edge.site.deliveries.size() == 1);
    assertThat(edge.site.deliveries.getFirst())
        .returns(true, Delivery::complete)
        .returns(20L, Delivery::bodyBytes);
  }

  @Test
  void many_streams_at_a_time_are_answered() throws Exception {
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String path = i % 3 == 0 ? "/later" : i % 3 == 1 ? "/open?200000" : "/hit";
      answers.add(client.sendAsync(get(path).build(), BodyHandlers.ofByteArray()));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(answers.get(i).get().body()).hasSize(i % 3 == 1 ? 200_000 : 20);
    }
  }

  @Test
  void bodies_flow_both_ways() throws Exception {
    byte[] body = new byte[3 << 20];
    java.util.Arrays.fill(body, (byte) 7);
    HttpRequest post = get("/echo").POST(BodyPublishers.ofByteArray(body)).build();
    assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
    HttpRequest unknown =
        get("/echo")
            .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
            .build();
    assertThat(client.send(unknown, BodyHandlers.ofByteArray()).body()).isEqualTo(body);

    HttpRequest head = get("/large").method("HEAD", BodyPublishers.noBody()).build();
    assertThat(client.send(head, BodyHandlers.ofString()).headers().firstValue("content-length"))
        .contains("1048576");
    assertThat(client.send(get("/large").build(), BodyHandlers.ofByteArray()).body())
        .hasSize(1 << 20);
    assertThat(client.send(get("/empty").build(), BodyHandlers.ofByteArray()).statusCode())
        .isEqualTo(204);
    Edge.await(() -> edge.site.deliveries.size() == 5);
    assertThat(edge.site.deliveries).allMatch(Delivery::complete);
    assertThat(edge.site.deliveries.getFirst().requestBodyBytes()).isEqualTo(body.length);
  }

  @Test
  void a_large_flow_to_a_slow_viewer_holds_little() throws Exception {
    HttpResponse<InputStream> answer =
        client.send(get("/open?67108864").build(), BodyHandlers.ofInputStream());
    long bytes = 0;
    try (InputStream in = answer.body()) {
      byte[] piece = new byte[10_000];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        bytes += n;
      }
    }

    assertThat(bytes).isEqualTo(67_108_864);
    assertThat(edge.site.tracked.liveMax()).isLessThanOrEqualTo(8); // of 1,343 parts
  }

  @Test
  void a_viewer_who_leaves_ends_what_is_read_for_it() throws Exception {
    HttpResponse<InputStream> answer =
        client.send(get("/open?1000000000").build(), BodyHandlers.ofInputStream());
    answer.body().close();

    Edge.await(() -> edge.site.deliveries.size() == 1);
    assertThat(edge.site.tracked.cancelled()).isEqualTo(1);
    assertThat(edge.site.deliveries.getFirst().complete()).isFalse();
  }

  @Test
  void a_flow_that_breaks_its_promise_resets_the_stream() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, true, with(GET, ":path", "/short?9"));
      assertThat(frames.read(Frames.RST_STREAM).stream()).isEqualTo(1);
      frames.request(3, true, with(GET, ":path", "/long?9"));
      assertThat(frames.read(Frames.RST_STREAM).stream()).isEqualTo(3);
      frames.request(5, true, GET);
      assertThat(frames.read(Frames.HEADERS).stream()).isEqualTo(5);
    }
  }

  @Test
  void what_could_smuggle_is_a_stream_error_and_no_more() throws Exception {
    List<List<String>> bad =
        List.of(
            and(GET, "connection", "close"),
            and(GET, "keep-alive", "5"),
            and(GET, "proxy-connection", "x"),
            and(GET, "transfer-encoding", "chunked"),
            and(GET, "upgrade", "h2c"),
            and(GET, "te", "gzip"),
            and(GET, "X-Upper", "a"),
            and(GET, "x y", "a"),
            and(GET, "x:y", "a"),
            and(GET, "x", "a\r\nb: c"),
            and(GET, "x", "a\u0000b"),
            and(GET, "x", " a"),
            and(GET, "x", "a\t"),
            and(GET, "host", "b.example"),
            and(GET, ":method", "POST"),
            and(GET, ":unknown", "x"),
            and(GET, "content-length", "3"),
            with(GET, ":path", "/a b"),
            with(GET, ":path", ""),
            with(GET, ":path", "x"),
            with(GET, ":path", "/a#b"),
            with(GET, ":path", "/a\u00e9"),
            with(GET, ":path", "*"),
            with(GET, ":authority", "a.example/x"),
            with(GET, ":authority", "u@a.example"),
            with(GET, ":authority", ""),
            with(GET, ":method", "G ET"),
            with(GET, ":scheme", "ftp"),
            GET.subList(0, 6),
            GET.subList(2, 8));
    try (Frames frames = edge.frames(new byte[0])) {
      int stream = 1;
      for (List<String> fields : bad) {
        frames.request(stream, true, fields);
        Frames.Frame reset = frames.read(Frames.RST_STREAM);
        assertThat(reset.stream()).as("%s", fields).isEqualTo(stream);
        assertThat(reset.error()).as("%s", fields).isEqualTo(PROTOCOL_ERROR);
        stream += 2;
      }
      assertThat(edge.site.requests).isEmpty();

      frames.request(stream, true, and(and(GET, "cookie", "a=b"), "cookie", "c=d"));
      assertThat(frames.read(Frames.HEADERS).stream()).isEqualTo(stream);
      assertThat(edge.site.requests.getFirst().fields().value("Cookie")).isEqualTo("a=b; c=d");
    }
  }

  @Test
  void a_body_that_is_not_as_long_as_it_says_is_a_stream_error() throws Exception {
    List<String> post =
        and(with(with(GET, ":method", "POST"), ":path", "/echo"), "content-length", "3");
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, false, post);
      frames.send(Frames.DATA, Frames.END_STREAM, 1, new byte[2]);
      assertThat(frames.read(Frames.RST_STREAM).error()).isEqualTo(PROTOCOL_ERROR);
      frames.request(3, false, post);
      frames.send(Frames.DATA, Frames.END_STREAM, 3, new byte[4]);
      assertThat(frames.read(Frames.RST_STREAM).stream()).isEqualTo(3);
      frames.request(5, false, post);
      frames.send(Frames.DATA, 0, 5, new byte[3]);
      frames.send(
          Frames.HEADERS,
          Frames.END_HEADERS | Frames.END_STREAM,
          5,
          Frames.block(List.of("x-trailer", "dropped")));
      assertThat(frames.read(Frames.DATA).payload().remaining()).isEqualTo(3);
    }
  }

  @Test
  void oversize_is_answered_and_recorded() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, true, with(GET, ":path", "/" + "a".repeat(8192)));
      assertThat(frames.read(Frames.HEADERS).stream()).isEqualTo(1);
      frames.request(3, true, and(GET, "x", "a".repeat(16_000)));
      assertThat(frames.read(Frames.HEADERS).stream()).isEqualTo(3);

      frames.send(
          Frames.HEADERS, Frames.END_STREAM, 5, Frames.block(and(GET, "x", "a".repeat(16_000))));
      frames.send(Frames.CONTINUATION, 0, 5, Frames.block(List.of("y", "a".repeat(16_000))));
      frames.send(
          Frames.CONTINUATION, Frames.END_HEADERS, 5, Frames.block(List.of("z", "a".repeat(1000))));
      assertThat(frames.read(Frames.HEADERS).stream()).isEqualTo(5);
    }
    Edge.await(() -> edge.site.refused.size() == 2);
    assertThat(edge.site.refused)
        .extracting(Site.Refused::reason)
        .containsExactly(Reason.TARGET_TOO_LONG, Reason.HEADER_TOO_LARGE);
    assertThat(edge.site.requests).hasSize(1);
  }

  @Test
  void a_host_that_is_neither_named_nor_covered_is_misdirected() throws Exception {
    HttpRequest.Builder fronted = get("/x").header("X", "y");
    assertThat(client.send(fronted.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    try (SSLSocket socket = edge.socket()) {
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new javax.net.ssl.SNIHostName("b.example")));
      socket.setSSLParameters(parameters);
      Frames frames = new Frames(socket);
      frames.request(1, true, with(GET, ":authority", "c.example"));
      Frames.Frame head = frames.read(Frames.HEADERS);
      assertThat(new String(head.payload().array(), 0, 5, StandardCharsets.ISO_8859_1))
          .isEqualTo("\b\u0003421"); // :status as a literal
      frames.request(3, true, with(GET, ":authority", "a.example")); // covered by the certificate
      assertThat(frames.read(Frames.HEADERS).payload().get(0)).isEqualTo((byte) 0x88);
    }
    Edge.await(() -> edge.site.refused.size() == 1);
    assertThat(edge.site.refused.getFirst().reason()).isEqualTo(Reason.MISDIRECTED);
  }

  @Test
  void streams_that_are_reset_too_often_end_the_connection() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      try {
        for (int stream = 1; stream < 4000; stream += 2) {
          frames.request(stream, true, with(GET, ":path", "/open?1000000"));
          frames.send(Frames.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
      } catch (IOException e) {
        assertThat(e).isNotNull(); // closed while it still sends
      }
      assertThat(edge.site.requests.size()).isLessThan(1000);
      Edge.await(() -> edge.viewers.counters().open() == 0);
    }
    Edge.await(() -> edge.site.deliveries.size() == edge.site.requests.size());
  }

  @Test
  void streams_that_the_edge_must_reset_count_as_well() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      int stream = 1;
      for (; stream < 600; stream += 2) {
        frames.request(stream, true, GET);
        frames.send(Frames.WINDOW_UPDATE, 0, stream, new byte[4]); // an increment of 0
      }
      assertThat(frames.read(Frames.GOAWAY).error()).isIn(ENHANCE_YOUR_CALM, PROTOCOL_ERROR);
    } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
      assertThat(e).isNotNull(); // closed while it still sends
    }
    Edge.await(() -> edge.viewers.counters().open() == 0);
  }

  @Test
  void a_viewer_who_opens_no_window_is_reset() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, true, with(GET, ":path", "/open?1000000"));
      Edge.await(() -> edge.site.tracked.live() > 0);
      edge.viewers.sweep();
      edge.pass(Duration.ofSeconds(31));

      assertThat(frames.read(Frames.RST_STREAM).stream()).isEqualTo(1);
    }
    Edge.await(() -> !edge.site.deliveries.isEmpty());
    assertThat(edge.site.deliveries.getFirst().complete()).isFalse();
  }

  @Test
  void draining_says_goodbye_and_finishes_what_is_under_way() throws Exception {
    try (Frames frames = edge.frames(new byte[0])) {
      frames.request(1, true, with(GET, ":path", "/keep"));
      Edge.await(() -> !edge.site.kept.isEmpty());

      assertThat(edge.viewers.drain(Duration.ofMillis(1))).isFalse();
      assertThat(frames.read(Frames.GOAWAY).error()).isZero();
      edge.site.kept.remove().reply().send(edge.site.pinned("/x", 20), edge.site.deliveries::add);

      assertThat(frames.read(Frames.DATA).payload().remaining()).isEqualTo(20);
      assertThat(frames.endsWithout(Frames.DATA)).isTrue();
    }
    Edge.await(() -> edge.viewers.counters().open() == 0);
  }

  private HttpRequest.Builder get(String target) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + edge.secure.getPort() + target))
        .timeout(Duration.ofSeconds(20));
  }

  private static List<String> with(List<String> fields, String name, String value) {
    List<String> changed = new ArrayList<>(fields);
    changed.set(changed.indexOf(name) + 1, value);
    return changed;
  }

  private static List<String> and(List<String> fields, String name, String value) {
    List<String> longer = new ArrayList<>(fields);
    longer.add(name);
    longer.add(value);
    return longer;
  }
}
