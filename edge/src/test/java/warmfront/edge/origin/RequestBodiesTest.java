package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the bodies of requests reach an origin, or do not. */
final class RequestBodiesTest {
  @Test
  void a_body_of_known_length_is_streamed() throws Exception {
    // given
    var got = new CompletableFuture<String>();
    try (var origin =
            new ScriptedOrigin(talk -> {
              String head = String.valueOf(talk.head());
              got.complete(
                  head.substring(head.indexOf("Content-Length"), head.indexOf("Connection"))
                      + new String(talk.bytes(6), StandardCharsets.US_ASCII));
              talk.say("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
              talk.untilClosed();
            });
        var bench = new Bench()) {

      // when
      var body = new PartsFromElsewhere("one", "two");
      var answer = bench.answered(Bench.post(Bench.custom(origin.port()), body, 6));
      Reading.all(answer.body());

      // then
      assertThat(answer.status()).isEqualTo(201);
      assertThat(got.get(5, TimeUnit.SECONDS)).isEqualTo("Content-Length: 6\r\nonetwo");
      assertThat(body.pins()).isZero();
    }
  }

  @Test
  void a_body_of_unknown_length_is_chunked() throws Exception {
    // given
    var got = new CompletableFuture<String>();
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              got.complete(talk.chunked());
              talk.serve("");
            });
        var bench = new Bench()) {
      var origin1 = Bench.custom("origin.localhost", origin.port(), 1, Bench.SHORT);

      // when
      var body = new PartsFromElsewhere("a", "b".repeat(300_000), "c");
      var failed = bench.failed(Bench.post(origin1, body, -1));

      // then
      assertThat(got.get(5, TimeUnit.SECONDS)).isEqualTo("a" + "b".repeat(300_000) + "c");
      assertThat(origin.heads().getFirst()).contains("\r\nTransfer-Encoding: chunked\r\n");
      assertThat(failed.status()).isEqualTo(504);
      assertThat(body.pins()).isZero();
    }
  }

  @Test
  void a_body_that_breaks_off_or_lies_about_its_length_ends_the_request() throws Exception {
    // given
    try (var origin = new ScriptedOrigin(ScriptedOrigin.Talk::untilClosed);
        var bench = new Bench()) {
      var tooLong = new PartsFromElsewhere("123456");
      var tooShort = new PartsFromElsewhere("123");
      var broken = new PartsFromElsewhere("123").breakingOff();

      for (PartsFromElsewhere body : List.of(tooLong, tooShort, broken)) {
        // when
        var failed = bench.failed(Bench.post(Bench.custom(origin.port()), body, 5));

        // then
        assertThat(failed.status()).isEqualTo(502);
        assertThat(body.pins()).isZero();
      }
      assertThat(bench.origins().counts().opened()).isEqualTo(3);
    }
  }

  @Test
  void an_early_answer_stops_the_request_body_and_ends_the_connection() throws Exception {
    // given
    try (var origin =
            new ScriptedOrigin(talk -> {
              talk.head();
              talk.say("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
              talk.untilClosed();
            });
        var bench = new Bench()) {
      var body = new PartsFromElsewhere("123").neverEnding();

      // when
      var answer = bench.answered(Bench.post(Bench.custom(origin.port()), body, -1));
      Reading.all(answer.body());

      // then
      assertThat(answer.status()).isEqualTo(413);
      assertThat(body.cancelled().await(5, TimeUnit.SECONDS)).isTrue();
    }
  }
}
