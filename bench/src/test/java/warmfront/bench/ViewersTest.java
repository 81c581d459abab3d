package warmfront.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import warmfront.time.Clock;

/** The load against the origin, over real sockets. */
final class ViewersTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Clock CLOCK = Clock.system();

  @Test
  void every_answer_is_counted_whole() throws IOException {
    int port = Ground.freePort(0);
    try (Origin origin = new Origin(CLOCK, port, new Random(1));
        Viewers viewers = new Viewers(CLOCK, port, 8)) {
      Load load = viewers.run(Asks.fixed("/s/1m"), 40, LIMIT);

      assertThat(load.requests()).isEqualTo(40);
      assertThat(load.errors()).isZero();
      assertThat(load.bytes()).isBetween(40L << 20, (40L << 20) + 40 * 512);
      assertThat(origin.asked()).isEqualTo(40);
    }
  }

  @Test
  void a_refusal_is_an_error() throws IOException {
    int port = Ground.freePort(0);
    try (Origin _ = new Origin(CLOCK, port, new Random(1));
        Viewers viewers = new Viewers(CLOCK, port, 2)) {
      assertThat(viewers.run(Asks.fixed("/nothing"), 6, LIMIT).errors()).isEqualTo(6);
    }
  }

  @Test
  void the_first_byte_of_a_fed_object_comes_right_after_the_origins() throws IOException {
    int port = Ground.freePort(0);
    try (Origin origin = new Origin(CLOCK, port, new Random(1));
        Viewers viewers = new Viewers(CLOCK, port, 1)) {
      Load load = viewers.run(Asks.fixed("/fed/2m/a"), 1, LIMIT);

      long sent = origin.fedSince("/fed/2m/a").orElseThrow();
      assertThat(load.firstByteNanos()).isGreaterThan(sent);
      assertThat(load.seconds()).isGreaterThan(0.03);
    }
  }

  @Test
  void a_server_that_is_not_there_is_said_at_once() throws IOException {
    int port = Ground.freePort(0);

    assertThatThrownBy(() -> new Viewers(CLOCK, port, 1)).hasMessageContaining("connect");
  }

  @Test
  void some_objects_are_wanted_much_more_than_others() {
    Asks asks = Asks.zipf("/u/4k/", 1000, new Random(1));

    int first = 0;
    for (int i = 0; i < 10_000; i++) {
      first +=
          new String(asks.next(), StandardCharsets.US_ASCII).startsWith("GET /u/4k/0 ") ? 1 : 0;
    }

    // ln 2 / ln 1000 of all
    assertThat(first).isBetween(900, 1100);
  }
}
