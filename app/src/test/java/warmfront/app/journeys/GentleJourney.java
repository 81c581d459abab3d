package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: whatever viewers ask for, the origin is asked for little. */
final class GentleJourney {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1L << 30;

  @TempDir private static Path folder;
  private static ByteOrigin origin;
  private static Warmfront warmfront;
  private static Api.Made made;

  @BeforeAll
  static void a_distribution_of_an_origin_that_counts() throws Exception {
    origin = ByteOrigin.open();
    warmfront = Warmfront.up(folder, Map.of());
    try (Api api = new Api(warmfront.callApi())) {
      made = api.createDistribution(Api.plain("gentle", origin.port()));
    }
  }

  @AfterAll
  static void end() {
    warmfront.close();
    origin.close();
  }

  private static Viewer.Answer get(String target, String... fields) throws IOException {
    return Viewer.get(warmfront.http("FRA"), made.domainName(), target, fields);
  }

  /** Asks as many times at once as there are numbers up to {@code count}. */
  private static List<Viewer.Answer> together(int count, String target, String... fields)
      throws Exception {
    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Viewer.Answer>> asked = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        asked.add(viewers.submit(() -> get(target, fields)));
      }
      List<Viewer.Answer> answers = new ArrayList<>();
      for (Future<Viewer.Answer> one : asked) {
        answers.add(one.get());
      }
      return answers;
    }
  }

  @Test
  void five_hundred_viewers_of_one_object_are_one_request() throws Exception {
    String path = "/100000/crowd";
    origin.hold(path);
    double before = warmfront.figure("warmfront_cache_joins_total");
    try (ExecutorService asking = Executors.newSingleThreadExecutor()) {
      Future<List<Viewer.Answer>> asked = asking.submit(() -> together(500, path));
      Await.until(
          "all but one wait",
          () -> warmfront.figure("warmfront_cache_joins_total") - before >= 499);

      origin.release(path);

      List<Viewer.Answer> answers = asked.get();
      assertThat(answers).allMatch(one -> one.status() == 200);
      assertThat(answers).allMatch(one -> one.body().equals(answers.getFirst().body()));
      assertThat(answers.getFirst().body()).hasSize(100_000);
      assertThat(answers).filteredOn(one -> one.cache().equals("Miss")).hasSize(1);
    }
    assertThat(origin.requests(path)).isEqualTo(1);
  }

  @Test
  void a_thousand_requests_for_one_byte_of_a_gibibyte_cost_a_slice() throws Exception {
    String path = "/" + GIB + "/byte";

    for (int i = 0; i < 10; i++) {
      for (Viewer.Answer answer : together(100, path, "Range", "bytes=0-0")) {
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("a");
        assertThat(answer.field("Content-Range")).isEqualTo("bytes 0-0/" + GIB);
      }
    }

    assertThat(origin.bytes(path)).isLessThanOrEqualTo(2 * MIB);
  }

  @Test
  void the_last_byte_of_a_gibibyte_costs_two_slices() throws Exception {
    String path = "/" + GIB + "/last";

    Viewer.Answer answer = get(path, "Range", "bytes=-1");

    assertThat(answer.field("Content-Range"))
        .isEqualTo("bytes %d-%d/%d".formatted(GIB - 1, GIB - 1, GIB));
    assertThat(answer.body()).isEqualTo(String.valueOf(ByteOrigin.at(GIB - 1)));
    assertThat(origin.bytes(path)).isLessThanOrEqualTo(2 * MIB);
  }

  @Test
  void a_few_bytes_here_and_there_cost_a_slice_each() throws Exception {
    String path = "/" + GIB + "/few";
    String ranges = spread(8);

    Viewer.Answer answer = get(path, "Range", ranges);

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.field("Content-Type")).startsWith("multipart/byteranges");
    assertThat(origin.bytes(path)).isLessThanOrEqualTo(8 * MIB);
  }

  @Test
  void a_viewer_who_has_much_fetched_has_to_take_it() throws Exception {
    String path = "/" + GIB + "/attack";
    String overlapping =
        "bytes=" + IntStream.range(0, 90).mapToObj(_ -> "0-").collect(Collectors.joining(","));
    String everywhere = spread(90);

    for (String ranges : List.of(overlapping, everywhere, overlapping, everywhere)) {
      assertThat(statusOf(path, ranges)).isEqualTo(200); // and no more is read
    }

    // What a viewer's and an origin's sockets hold, and the edge's window between them.
    assertThat(origin.bytes(path)).isLessThan(GIB / 10);
  }

  /** One byte in every eleventh slice. */
  private static String spread(int parts) {
    return IntStream.range(0, parts)
        .mapToObj(i -> 11 * MIB * i + "-" + 11 * MIB * i)
        .collect(Collectors.joining(",", "bytes=", ""));
  }

  private static int statusOf(String path, String ranges) throws IOException {
    try (Socket socket = new Socket("127.0.0.2", warmfront.httpPort())) {
      socket.setSoTimeout(20_000);
      String head =
          "GET %s HTTP/1.1\r\nHost: %s\r\nRange: %s\r\n\r\n"
              .formatted(path, made.domainName(), ranges);
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      String line = new String(socket.getInputStream().readNBytes(12), US_ASCII);
      return Integer.parseInt(line, 9, 12, 10);
    }
  }

  @Test
  void a_viewer_who_leaves_before_the_answer_leaves_a_short_object_in_the_cache() throws Exception {
    String path = "/100000/left";

    leaveEarly(path);

    Await.until("the object is there", () -> get(path).cache().equals("Hit"));
    assertThat(origin.requests(path)).isEqualTo(1);
  }

  @Test
  void a_viewer_who_leaves_before_the_answer_stops_a_long_one() throws Exception {
    String path = "/" + GIB + "/left";

    leaveEarly(path);

    Await.until("the origin is told", () -> origin.cutOff(path) == 1);
    assertThat(origin.bytes(path)).isLessThan(GIB / 10);
  }

  private static void leaveEarly(String path) throws Exception {
    origin.hold(path);
    try (Socket socket = new Socket("127.0.0.2", warmfront.httpPort())) {
      String head = "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(path, made.domainName());
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      Await.until("the origin is asked", () -> origin.requests(path) == 1);
    }
    origin.release(path);
  }
}
