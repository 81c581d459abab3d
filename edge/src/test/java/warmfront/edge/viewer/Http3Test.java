package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicSslContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Head;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.http.Fields;

final class Http3Test {
  @AutoClose private final Edge edge = Edge.http3(Limits.standard());

  @Test
  void a_hit_says_what_cloudfront_says() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      Http3Viewer.Answer answer = viewer.get("/a?b");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).hasSize(20);
      assertThat(answer.field("date")).contains("Mon, 04 May 2026 03:02:01 GMT");
      assertThat(answer.field("age")).contains("7");
      assertThat(answer.field("x-cache")).contains("Hit from cloudfront");
      assertThat(answer.field("x-amz-cf-pop")).contains("FRA1-P1");
      assertThat(answer.field("x-amz-cf-id")).contains("id-of-the-request");
      assertThat(answer.field("via")).hasValueSatisfying(via -> assertThat(via).contains("Cloud"));
      assertThat(answer.field("content-length")).contains("20");
      assertThat(answer.field("content-type")).contains("text/plain");
      assertThat(answer.field("cache-status")).contains("Warmfront; hit");
      assertThat(answer.field("connection")).isEmpty();
      Request request = edge.site.requests.getFirst();
      assertThat(request.protocol()).isEqualTo(Protocol.HTTP_3);
      assertThat(request.host()).isEqualTo("a.example");
      assertThat(request.target()).isEqualTo("/a?b");
      assertThat(request.bodyLength()).isZero();
      assertThat(request.tls().orElseThrow().serverName()).isEqualTo("a.example");
      assertThat(request.tls().orElseThrow().protocol()).isEqualTo("TLSv1.3");
      assertThat(request.tls().orElseThrow().cipher()).startsWith("TLS_AES_");
      assertThat(request.viewer().getAddress().isLoopbackAddress()).isTrue();
      Edge.await(() -> edge.site.deliveries.size() == 1);
      assertThat(edge.site.deliveries.getFirst())
          .returns(true, Delivery::complete)
          .returns(20L, Delivery::bodyBytes);
    }
  }

  @Test
  void many_streams_at_a_time_are_answered() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      List<CompletableFuture<Http3Viewer.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String path = i % 3 == 0 ? "/later" : i % 3 == 1 ? "/open?200000" : "/hit";
        answers.add(viewer.send("GET", path, new byte[0], List.of()));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(answers.get(i).get().body()).hasSize(i % 3 == 1 ? 200_000 : 20);
      }
    }
  }

  @Test
  void bodies_flow_both_ways() throws Exception {
    byte[] body = new byte[3 << 20];
    Arrays.fill(body, (byte) 7);
    String text = new String(body, ISO_8859_1);
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      List<String> length = List.of("content-length", String.valueOf(body.length));
      assertThat(viewer.send("POST", "/echo", body, length).get().body()).isEqualTo(text);
      assertThat(viewer.send("POST", "/echo", body, List.of()).get().body()).isEqualTo(text);
      Http3Viewer.Answer head = viewer.send("HEAD", "/large", new byte[0], List.of()).get();
      assertThat(head.field("content-length")).contains("1048576");
      assertThat(head.body()).isEmpty();
      assertThat(viewer.get("/large").body()).hasSize(1 << 20);
      assertThat(viewer.get("/flow?300000").body()).hasSize(300_000);
      assertThat(viewer.get("/empty").status()).isEqualTo(204);
    }
    Edge.await(() -> edge.site.deliveries.size() == 6);
    assertThat(edge.site.deliveries).allMatch(Delivery::complete);
    assertThat(edge.site.deliveries.getFirst().requestBodyBytes()).isEqualTo(body.length);
  }

  @Test
  void a_name_without_http3_is_refused() {
    assertThatThrownBy(() -> new Http3Viewer(edge, "tcp.example").close())
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void no_name_is_refused() {
    assertThatThrownBy(() -> new Http3Viewer(edge, "").close())
        .isInstanceOf(ExecutionException.class);
  }

  @Test
  void a_name_that_the_certificate_does_not_cover_is_misdirected() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      assertThat(viewer.get("/x", "b.example").status()).isEqualTo(421);
      assertThat(viewer.get("/x", "tcp.example").status()).isEqualTo(200);
    }
  }

  @Test
  void limits_are_those_of_cloudfront() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      assertThat(viewer.get("/" + "x".repeat(8192)).status()).isEqualTo(414);
      assertThat(viewer.get("/" + "x".repeat(8190)).status()).isEqualTo(200);
      List<String> large = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        large.addAll(List.of("x-large-" + i, "x".repeat(1000)));
      }
      assertThat(viewer.send("GET", "/x", new byte[0], large).get().status()).isEqualTo(494);
      List<String> huge = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        huge.addAll(List.of("x-huge-" + i, "@".repeat(1000)));
      }
      assertThat(viewer.send("GET", "/x", new byte[0], huge).get().status()).isEqualTo(494);
      List<String> many = new ArrayList<>();
      for (int i = 0; i < 257; i++) {
        many.addAll(List.of("x-" + i, "y"));
      }
      assertThat(viewer.send("GET", "/x", new byte[0], many).get().status()).isEqualTo(494);
      assertThat(viewer.get("/after").status()).isEqualTo(200);
    }
    Edge.await(() -> edge.site.refused.size() == 4);
    assertThat(edge.site.refused)
        .extracting(Site.Refused::reason)
        .containsExactly(
            Reason.TARGET_TOO_LONG,
            Reason.HEADER_TOO_LARGE,
            Reason.HEADER_TOO_LARGE,
            Reason.HEADER_TOO_LARGE);
  }

  @Test
  void lines_of_the_static_table_mean_the_same_to_both_sides() throws Exception {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (int i = 0; i < QpackStatic.SIZE; i++) {
      HeaderLine line = QpackStatic.line(i);
      if (line.role() == HeaderLine.Role.ORDINARY) {
        byName.computeIfAbsent(line.name(), _ -> new ArrayList<>()).add(line.value());
      }
    }
    List<String> lines = new ArrayList<>();
    byName.forEach((name, values) -> values.forEach(value -> lines.addAll(List.of(name, value))));
    Fields.Builder fields = Fields.builder();
    byName.forEach((name, values) -> values.forEach(value -> fields.add(name, value)));
    Head head = new Head(200, fields.build(), 0);
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      CompletableFuture<Http3Viewer.Answer> answer =
          viewer.send("GET", "/keep", new byte[0], lines);
      Edge.await(() -> !edge.site.kept.isEmpty());
      Site.Kept kept = edge.site.kept.remove();
      kept.reply().send(Site.response(head, new Body.None()), _ -> {});

      Http3Headers heard = answer.get(10, TimeUnit.SECONDS).heads().getLast();
      byName.forEach((name, values) -> {
        assertThat(kept.request().fields().all(name)).as("asked").isEqualTo(values);
        if (!Http1Form.isOurs(name)) {
          // Netty's table lacks the blanks that three lines of RFC 9204 have
          assertThat(heard.getAll(name).stream().map(value -> value.toString().replace(" ", "")))
              .as("answered")
              .containsExactlyElementsOf(
                  values.stream().map(value -> value.replace(" ", "")).toList());
        }
      });
    }
  }

  @Test
  void a_viewer_that_expects_it_is_told_to_continue() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      Http3Viewer.Answer answer =
          viewer.send("POST", "/echo", new byte[] {'x'}, List.of("expect", "100-continue")).get();

      assertThat(answer.body()).isEqualTo("x");
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void an_interim_response_goes_before_the_final_one_and_never_after_it() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      Http3Viewer.Answer answer = viewer.get("/hinted");

      assertThat(answer.heads()).hasSize(2);
      Http3Headers hint = answer.heads().getFirst();
      assertThat(hint.status()).hasToString("103");
      assertThat(hint.get("link")).hasToString("</s>");
      assertThat(hint.contains("connection")).isFalse();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).hasSize(20);
    }
  }

  @Test
  void a_body_that_breaks_off_is_a_reset_and_not_an_end() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      assertThatThrownBy(() -> viewer.get("/short?1000")).hasMessageContaining("STREAM_RESET");
      assertThatThrownBy(() -> viewer.get("/long?1000000")).hasMessageContaining("STREAM_RESET");
      assertThat(viewer.get("/after").status()).isEqualTo(200);
    }
    Edge.await(() -> edge.site.deliveries.size() == 3);
    assertThat(edge.site.deliveries).extracting(Delivery::complete).contains(false, false, true);
  }

  @Test
  void a_handler_that_fails_is_500() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      assertThat(viewer.get("/fail").status()).isEqualTo(500);
    }
  }

  @Test
  void sessions_are_resumed() throws Exception {
    QuicSslContext tls = QuicViewer.context(edge.authority);
    try (Http3Viewer first = new Http3Viewer(edge.secure, "a.example", tls)) {
      assertThat(first.get("/x").status()).isEqualTo(200);
    }
    try (Http3Viewer second = new Http3Viewer(edge.secure, "a.example", tls)) {
      assertThat(second.get("/x").status()).isEqualTo(200);
    }
    assertThat(edge.site.requests).hasSize(2);
  }

  @Test
  void round_trip_times_are_measured() throws Exception {
    try (Http3Viewer viewer = new Http3Viewer(edge, "a.example")) {
      viewer.get("/x");

      assertThat(edge.viewers.counters().measured()).isEqualTo(1);
    }
  }
}
