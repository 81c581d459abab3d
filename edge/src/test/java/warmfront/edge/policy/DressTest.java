package warmfront.edge.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;
import static warmfront.edge.Visits.get;
import static warmfront.edge.Visits.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.distribution.Distribution;
import warmfront.distribution.NameSet;
import warmfront.edge.PlainStored;
import warmfront.edge.Visits;
import warmfront.edge.step.Body;
import warmfront.edge.step.Fetched.Answered;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;
import warmfront.http.Method;

final class DressTest {
  private static final Distribution SITE = distribution("EA", List.of(), behavior("*", "P"));
  private static final Route ROUTE = route(SITE, policy("P"));
  private static final Stamp HIT = new Stamp("id", ResultType.HIT, 7, "hit; ttl=93");
  private static final PlainStored OBJECT =
      new PlainStored(
          200,
          "0123456789",
          "Content-Type",
          "text/plain",
          "ETag",
          "\"1\"",
          "Cache-Control",
          "max-age=100",
          "Content-Language",
          "de");

  @Test
  void a_hit_is_the_object_with_its_length() {
    Response response = Dress.stored(ROUTE, get("h", "/"), OBJECT, HIT);

    assertThat(response.head().status()).isEqualTo(200);
    assertThat(response.head().contentLength()).isEqualTo(10);
    assertThat(text(response)).isEqualTo("0123456789");
    assertThat(response.stamp()).isEqualTo(HIT);
    assertThat(Dress.stored(ROUTE, get("h", "/"), OBJECT, HIT).head()).isSameAs(response.head());
  }

  @Test
  void a_head_is_the_same_without_a_body() {
    Response response =
        Dress.stored(
            ROUTE,
            request(
                Method.HEAD, "h", "/", Visits.HTTP, Protocol.HTTP_1_1, "", "Range", "bytes=1-2"),
            OBJECT,
            HIT);

    assertThat(response.head().status()).isEqualTo(200);
    assertThat(response.head().contentLength()).isEqualTo(10);
    assertThat(response.body()).isEqualTo(new Body.None());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-4, 206, bytes 2-4/10, 234",
    "bytes=8-, 206, bytes 8-9/10, 89",
    "bytes=-3, 206, bytes 7-9/10, 789",
    "bytes=0-99, 206, bytes 0-9/10, 0123456789",
    "'bytes=4-5,0-1', 200, , 0123456789",
    "bytes=x, 200, , 0123456789",
  })
  void a_range_is_cut_from_the_object(
      String range, int status, String contentRange, String expected) {
    Response response = Dress.stored(ROUTE, get("h", "/", "Range", range), OBJECT, HIT);

    assertThat(response.head().status()).isEqualTo(status);
    assertThat(response.head().fields().value("Content-Range")).isEqualTo(contentRange);
    assertThat(response.head().contentLength()).isEqualTo(expected.length());
    assertThat(text(response)).isEqualTo(expected);
  }

  @Test
  void several_ranges_are_parts_of_one_body() {
    Response response = Dress.stored(ROUTE, get("h", "/", "Range", "bytes=0-1,4-5"), OBJECT, HIT);

    assertThat(response.head().status()).isEqualTo(206);
    String type = response.head().fields().value("Content-Type");
    assertThat(type).startsWith("multipart/byteranges; boundary=");
    String boundary = String.valueOf(type).substring("multipart/byteranges; boundary=".length());
    assertThat(boundary).matches("[A-Za-z0-9]{1,70}");
    String text = text(response);
    assertThat(text)
        .startsWith("\r\n--" + boundary + "\r\n")
        .contains("Content-Range: bytes 0-1/10\r\n\r\n01\r\n--" + boundary)
        .contains("Content-Range: bytes 4-5/10\r\n\r\n45\r\n--" + boundary + "--\r\n");
    assertThat(response.head().contentLength()).isEqualTo(text.length());
  }

  @Test
  void a_range_behind_the_end_gets_416_with_the_length() {
    Response response = Dress.stored(ROUTE, get("h", "/", "Range", "bytes=10-"), OBJECT, HIT);

    assertThat(response.head().status()).isEqualTo(416);
    assertThat(response.head().fields().value("Content-Range")).isEqualTo("bytes */10");
    assertThat(response.stamp().result()).isEqualTo(ResultType.ERROR);
  }

  @Test
  void a_range_of_another_version_gets_the_whole() {
    Response same =
        Dress.stored(ROUTE, get("h", "/", "Range", "bytes=1-1", "If-Range", "\"1\""), OBJECT, HIT);
    Response other =
        Dress.stored(ROUTE, get("h", "/", "Range", "bytes=1-1", "If-Range", "\"2\""), OBJECT, HIT);

    assertThat(text(same)).isEqualTo("1");
    assertThat(text(other)).isEqualTo("0123456789");
  }

  @Test
  void what_the_viewer_has_is_not_sent_again() {
    Response response =
        Dress.stored(
            ROUTE, get("h", "/", "If-None-Match", "\"1\"", "Range", "bytes=0-0"), OBJECT, HIT);

    assertThat(response.head().status()).isEqualTo(304);
    assertThat(response.body()).isEqualTo(new Body.None());
    assertThat(response.head().fields())
        .isEqualTo(Fields.of("ETag", "\"1\"", "Cache-Control", "max-age=100"));
    assertThat(response.stamp().result()).isEqualTo(ResultType.HIT);
  }

  @Test
  void a_condition_that_does_not_hold_gets_412() {
    Response response = Dress.stored(ROUTE, get("h", "/", "If-Match", "\"2\""), OBJECT, HIT);

    assertThat(response.head().status()).isEqualTo(412);
  }

  @Test
  void a_stored_error_is_an_error_whatever_the_conditions() {
    var missing = new PlainStored(404, "no", "ETag", "\"1\"");

    Response response = Dress.stored(ROUTE, get("h", "/", "If-None-Match", "*"), missing, HIT);

    assertThat(response.head().status()).isEqualTo(404);
    assertThat(response.stamp()).isEqualTo(new Stamp("id", ResultType.ERROR, 7, "hit; ttl=93"));
  }

  @Test
  void fields_of_one_hop_of_the_edge_and_of_s3_are_cleaned_away() {
    var object =
        new PlainStored(
            200,
            "x",
            "Set-Cookie",
            "a=1",
            "Via",
            "1.1 other",
            "Connection",
            "close",
            "X-Cache",
            "Hit from other",
            "X-Amz-Request-Id",
            "r",
            "Vary",
            "Accept-Encoding, X-Secret, Cookie",
            "vary",
            "X-Other",
            "Server",
            "nginx",
            "Accept-Ranges",
            "bytes");

    Response response = Dress.stored(ROUTE, get("h", "/"), object, HIT);

    assertThat(response.head().fields())
        .isEqualTo(
            Fields.of(
                "X-Amz-Request-Id",
                "r",
                "Vary",
                "Accept-Encoding, Cookie",
                "Server",
                "nginx",
                "Accept-Ranges",
                "bytes"));
  }

  @Test
  void cookies_are_set_where_cookies_are_forwarded() {
    Route route = route(SITE, policy("P", NameSet.only("X-Kept"), NameSet.ALL, NameSet.NONE));
    var object = new PlainStored(200, "x", "Set-Cookie", "a=1", "Vary", "x-kept, y");

    Response response = Dress.stored(route, get("h", "/"), object, HIT);

    assertThat(response.head().fields())
        .isEqualTo(Fields.of("Set-Cookie", "a=1", "Vary", "x-kept"));
  }

  @Test
  void an_answer_that_is_not_stored_still_spares_the_viewer_what_it_has() {
    var cancelled = new AtomicBoolean();
    Answered answer = answer(cancelled, 200, "ETag", "\"1\"");

    Response response = Dress.answered(ROUTE, get("h", "/", "If-None-Match", "\"1\""), answer, HIT);

    assertThat(response.head().status()).isEqualTo(304);
    assertThat(cancelled).isTrue();
  }

  @Test
  void the_body_of_an_answer_flows_unless_the_viewer_asked_for_the_head() {
    var cancelled = new AtomicBoolean();
    Answered answer = answer(cancelled, 200);
    Response whole = Dress.passed(ROUTE, get("h", "/"), answer, HIT);
    assertThat(whole.body()).isEqualTo(new Body.Flowing(answer.body()));
    assertThat(cancelled).isFalse();

    Response head =
        Dress.answered(
            ROUTE, request(Method.HEAD, "h", "/", Visits.HTTP, Protocol.HTTP_1_1, ""), answer, HIT);

    assertThat(head.body()).isEqualTo(new Body.None());
    assertThat(head.head().contentLength()).isEqualTo(10);
    assertThat(cancelled).isTrue();
  }

  private static Answered answer(AtomicBoolean cancelled, int status, String... fields) {
    Flow body =
        new Flow() {
          @Override
          public void next(Receiver receiver) {
            receiver.end();
          }

          @Override
          public void cancel() {
            cancelled.set(true);
          }
        };
    return new Answered(status, Fields.of(fields), body, 10, Duration.ZERO);
  }

  private static String text(Response response) {
    if (response.body() instanceof Body.Flowing(Flow flow)) {
      return all(flow);
    }
    if (!(response.body() instanceof Body.Pinned(var slice, int offset, int length))) {
      return "";
    }
    ByteBuffer bytes = slice.buffer().slice(offset, length);
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  /** Reads a flow that has everything at hand. */
  private static String all(Flow flow) {
    StringBuilder text = new StringBuilder();
    boolean[] ended = {false};
    Flow.Receiver receiver =
        new Flow.Receiver() {
          @Override
          public void part(Slice part) {
            text.append(StandardCharsets.ISO_8859_1.decode(part.buffer()));
            part.release();
          }

          @Override
          public void end() {
            ended[0] = true;
          }

          @Override
          public void broken(String reason) {
            throw new AssertionError(reason);
          }
        };
    while (!ended[0]) {
      flow.next(receiver);
    }
    return text.toString();
  }
}
