package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;

/**
 * A cache that goes by RFC 9111: a table of two requests for one thing each, by sections of the
 * standard, over real sockets; and what takes more than two.
 */
final class StandardCacheTest {
  /**
   * Section; what the first request says; what the origin says to it; seconds; what the second
   * request says; what becomes of that: {@code hit} without a word to the origin, {@code asked}
   * anew, {@code confirmed} by a conditional request, or a status. Fields are parted by {@code ~},
   * and a time is in seconds from now.
   */
  private static final List<List<String>> CASES =
      rows(
          """
          3       |                    | 200 ~ Cache-Control: max-age=60                     | 30 |                   | hit
          3       |                    | 200 ~ Cache-Control: no-store, max-age=60           | 1  |                   | asked
          3       |                    | 200 ~ Cache-Control: No-StOrE ~ Expires: @+60       | 1  |                   | asked
          3       |                    | 200 ~ Cache-Control: private, max-age=60            | 1  |                   | asked
          3       |                    | 200                                                 | 1  |                   | asked
          3       |                    | 201 ~ ETag: "a"                                     | 1  |                   | asked
          3       |                    | 299 ~ Cache-Control: max-age=60                     | 30 |                   | hit
          3       |                    | 302 ~ Cache-Control: max-age=60 ~ Location: /x      | 30 |                   | hit
          3       |                    | 404 ~ Expires: @+60                                 | 30 |                   | hit
          3       |                    | 499 ~ Cache-Control: max-age=60                     | 30 |                   | hit
          3       |                    | 503 ~ Cache-Control: max-age=60                     | 30 |                   | hit
          3       |                    | 503                                                 | 1  |                   | asked
          3       |                    | 404 ~ Cache-Control: max-age=60                     | 70 |                   | asked
          3       | Cookie: a=1        | 200 ~ Cache-Control: max-age=60 ~ Set-Cookie: b=2   | 30 | Cookie: a=2       | hit
          3.5     | Authorization: a   | 200 ~ Cache-Control: max-age=60                     | 1  |                   | asked
          3.5     | Authorization: a   | 200 ~ Cache-Control: max-age=60, proxy-revalidate   | 1  |                   | asked
          3.5     | Authorization: a   | 200 ~ Cache-Control: max-age=60, public             | 1  |                   | hit
          3.5     | Authorization: a   | 200 ~ Cache-Control: max-age=60, must-revalidate    | 1  | Authorization: b  | hit
          3.5     | Authorization: a   | 200 ~ Cache-Control: s-maxage=60                    | 1  |                   | hit
          3.5     |                    | 200 ~ Cache-Control: max-age=60                     | 1  | Authorization: b  | hit
          4.1     | Foo: 1             | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo         | 1  | Foo: 1            | hit
          4.1     | Foo: 1             | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo         | 1  | Foo: 2            | asked
          4.1     | Foo: 1             | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo         | 1  |                   | asked
          4.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo         | 1  | Foo: 1            | asked
          4.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo         | 1  | Bar: 1            | hit
          4.1     | Foo: 1 ~ Bar: 2    | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo, bar    | 1  | Bar: 2 ~ Foo: 1   | hit
          4.1     | Foo: 1 ~ Bar: 2    | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo, bar    | 1  | Bar: 3 ~ Foo: 1   | asked
          4.1     | Foo: 1, 2          | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo         | 1  | Foo: 1 ~ Foo: 2   | hit
          4.1     | Accept-Language: en, de | 200 ~ Expires: @+60 ~ Vary: Accept-Language    | 1  | Accept-Language: DE ,En | hit
          4.1     | Accept-Encoding: gzip | 200 ~ Expires: @+60 ~ Vary: Accept-Encoding      | 1  | Accept-Encoding: br | asked
          4.1     | Cookie: a=1        | 200 ~ Cache-Control: max-age=60 ~ Vary: Cookie      | 1  | Cookie: a=2       | asked
          4.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Vary: *           | 1  |                   | asked
          4.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Vary: Foo ~ Vary: , * | 1 |                | asked
          4.2.1   |                    | 200 ~ Cache-Control: max-age=60 ~ Expires: @-60     | 30 |                   | hit
          4.2.1   |                    | 200 ~ Cache-Control: max-age=0 ~ Expires: @+60      | 1  |                   | asked
          4.2.1   |                    | 200 ~ Cache-Control: max-age=600, s-maxage=10       | 30 |                   | asked
          4.2.1   |                    | 200 ~ Cache-Control: s-maxage=600, max-age=10       | 30 |                   | hit
          4.2.1   |                    | 200 ~ Cache-Control: max-age=60 ~ Cache-Control: s-maxage=1 | 30 |           | asked
          4.2.1   |                    | 200 ~ Cache-Control: max-age=99999999999            | 30 |                   | hit
          4.2.1   |                    | 200 ~ Cache-Control: max-age='60'                   | 1  |                   | asked
          4.2.1   |                    | 200 ~ Cache-Control: x="max-age=60", max-age=5      | 30 |                   | asked
          4.2.1   |                    | 200 ~ Expires: @+60 ~ Date: @-30                    | 61 |                   | asked
          4.2.1   |                    | 200 ~ Expires: @+60 ~ Date: @+50                    | 30 |                   | asked
          4.2.2   |                    | 200 ~ Last-Modified: @-1000                         | 90 |                   | hit
          4.2.2   |                    | 200 ~ Last-Modified: @-1000                         | 110 |                  | confirmed
          4.2.2   |                    | 404 ~ Last-Modified: @-1000                         | 90 |                   | hit
          4.2.2   |                    | 403 ~ Last-Modified: @-1000                         | 1  |                   | asked
          4.2.2   |                    | 599 ~ Last-Modified: @-1000                         | 1  |                   | asked
          4.2.2   |                    | 599 ~ Last-Modified: @-1000 ~ Cache-Control: public | 1  |                   | hit
          4.2.2   |                    | 200 ~ Last-Modified: @-100000000                    | 86500 |                | confirmed
          4.2.3   |                    | 200 ~ Cache-Control: max-age=60 ~ Age: 40           | 30 |                   | asked
          4.2.3   |                    | 200 ~ Cache-Control: max-age=60 ~ Date: @-40        | 30 |                   | asked
          4.2.3   |                    | 200 ~ Cache-Control: max-age=60 ~ Age: 5 ~ Date: @-40 | 10 |                 | hit
          5.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Age: abc          | 30 |                   | hit
          5.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Age: -70          | 30 |                   | hit
          5.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Age: 0, 70        | 30 |                   | hit
          5.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Age: 70 ~ Age: 0  | 1  |                   | asked
          5.1     |                    | 200 ~ Cache-Control: max-age=60 ~ Age: 2147483649   | 1  |                   | asked
          4.3     |                    | 200 ~ Cache-Control: max-age=60 ~ ETag: "a"         | 70 |                   | confirmed
          4.3     |                    | 200 ~ Cache-Control: max-age=60 ~ ETag: W/"a"       | 70 |                   | confirmed
          4.3     | Foo: 1             | 200 ~ Cache-Control: max-age=60 ~ ETag: "a" ~ Vary: Foo | 70 | Foo: 1          | confirmed
          4.3     | Cookie: a=1        | 200 ~ Cache-Control: max-age=60 ~ ETag: "a"         | 70 | Cookie: a=2       | confirmed
          4.3.2   |                    | 200 ~ Cache-Control: max-age=60 ~ ETag: "a"         | 1  | If-None-Match: "b", "a" | 304
          4.3.2   |                    | 200 ~ Expires: @+60 ~ Last-Modified: @-60           | 1  | If-Modified-Since: @-60 | 304
          4.3.2   |                    | 200 ~ Expires: @+60 ~ Date: @-9                     | 1  | If-Modified-Since: @-1 | 304
          5.2.1.1 |                    | 200 ~ Cache-Control: max-age=60 ~ ETag: "a"         | 0  | Cache-Control: max-age=0 | confirmed
          5.2.1.1 |                    | 200 ~ Cache-Control: max-age=60                     | 5  | Cache-Control: max-age=3 | asked
          5.2.1.1 |                    | 200 ~ Cache-Control: max-age=60                     | 5  | Cache-Control: max-age=9 | hit
          5.2.1.2 |                    | 200 ~ Cache-Control: max-age=60                     | 70 | Cache-Control: max-stale=20 | hit
          5.2.1.2 |                    | 200 ~ Cache-Control: max-age=60                     | 70 | Cache-Control: max-stale | hit
          5.2.1.2 |                    | 200 ~ Cache-Control: max-age=60                     | 70 | Cache-Control: max-stale=5 | asked
          5.2.1.2 |                    | 200 ~ Cache-Control: max-age=60, must-revalidate    | 70 | Cache-Control: max-stale | asked
          5.2.1.2 |                    | 200 ~ Cache-Control: s-maxage=60                    | 70 | Cache-Control: max-stale | asked
          5.2.1.2 |                    | 200 ~ Cache-Control: max-age=60, no-cache ~ ETag: "a" | 1 | Cache-Control: max-stale | confirmed
          5.2.1.3 |                    | 200 ~ Cache-Control: max-age=60                     | 30 | Cache-Control: min-fresh=40 | asked
          5.2.1.3 |                    | 200 ~ Cache-Control: max-age=60                     | 30 | Cache-Control: min-fresh=20 | hit
          5.2.1.4 |                    | 200 ~ Cache-Control: max-age=60 ~ ETag: "a"         | 1  | Cache-Control: no-cache | confirmed
          5.4     |                    | 200 ~ Cache-Control: max-age=60 ~ ETag: "a"         | 1  | Pragma: no-cache  | confirmed
          5.4     |                    | 200 ~ Cache-Control: max-age=60 ~ Pragma: no-cache  | 1  |                   | hit
          5.2.1.5 | Cache-Control: no-store | 200 ~ Cache-Control: max-age=60                | 1  |                   | asked
          5.2.1.7 |                    | 200 ~ Cache-Control: max-age=60                     | 1  | Cache-Control: only-if-cached | hit
          5.2.1.7 |                    | 200 ~ Cache-Control: max-age=60                     | 70 | Cache-Control: only-if-cached | 504
          5.2.1.7 |                    | 200 ~ Cache-Control: no-store                       | 1  | Cache-Control: only-if-cached | 504
          5.2.2.2 |                    | 200 ~ Cache-Control: max-age=60, must-revalidate    | 30 |                   | hit
          5.2.2.3 |                    | 200 ~ Cache-Control: no-store, must-understand, max-age=60 | 30 |            | hit
          5.2.2.3 |                    | 599 ~ Cache-Control: must-understand, max-age=60    | 1  |                   | asked
          5.2.2.4 |                    | 200 ~ Cache-Control: no-cache, max-age=60 ~ ETag: "a" | 1 |                  | confirmed
          5.2.2.4 |                    | 200 ~ Cache-Control: no-cache, max-age=60           | 1  |                   | asked
          5.2.2.4 |                    | 200 ~ Cache-Control: no-cache="Foo", max-age=60     | 30 |                   | hit
          5.2.2.7 |                    | 200 ~ Cache-Control: private="Foo", max-age=60      | 30 |                   | hit
          5.3     |                    | 200 ~ Expires: @+60                                 | 30 |                   | hit
          5.3     |                    | 200 ~ Expires: 0 ~ Last-Modified: @-1000            | 1  |                   | confirmed
          5.3     |                    | 200 ~ Expires: @+60 ~ Date: foo                     | 30 |                   | hit
          9213.2  |                    | 200 ~ CDN-Cache-Control: max-age=60                 | 30 |                   | hit
          9213.2  |                    | 200 ~ CDN-Cache-Control: max-age=60 ~ Cache-Control: no-store | 30 |         | hit
          9213.2  |                    | 200 ~ CDN-Cache-Control: max-age=10 ~ Cache-Control: max-age=60 | 30 |       | asked
          9213.2  |                    | 200 ~ CDN-Cache-Control: private ~ Expires: @+60    | 1  |                   | asked
          9213.2  |                    | 200 ~ CDN-Cache-Control: foo ~ Expires: @+60        | 1  |                   | asked
          9213.2  |                    | 200 ~ CDN-Cache-Control: ~ Cache-Control: max-age=60 | 30 |                  | hit
          9213.2  |                    | 200 ~ CDN-Cache-Control: max-age=60, & ~ Cache-Control: no-store | 1 |       | asked
          9213.2  |                    | 200 ~ CDN-Cache-Control: max-age="60" ~ Cache-Control: max-age=60 | 1 |      | asked
          """);

  private final StandardEdge edge;

  StandardCacheTest(@TempDir Path folder) throws IOException {
    edge =
        new StandardEdge(
            folder, new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 0, 0));
  }

  @AfterEach
  void close() {
    edge.close();
  }

  private static List<List<String>> rows(String table) {
    return table
        .lines()
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .toList();
  }

  @Test
  void two_requests_for_one_thing_get_what_the_standard_says() throws IOException {
    for (int i = 0; i < CASES.size(); i++) {
      List<String> one = CASES.get(i);
      assertThat(second("/" + i, one)).as(String.join(" | ", one)).isEqualTo(one.get(5));
    }
  }

  private String second(String path, List<String> one) throws IOException {
    String said = String.join("\n", one.get(2).split(" *~ *", -1));
    edge.next(path, said, "one");
    Answer first = edge.get(path, fields(one.get(1)));
    assertThat(first.body()).as("the first of " + one).isEqualTo("one");
    edge.pass(Integer.parseInt(one.get(3)));
    String[] fields = fields(one.get(4));
    edge.next(path, one.get(5).equals("confirmed") ? "304 Not Modified" : "200 OK", "two");

    Answer second = edge.get(path, fields);

    if (edge.asked(path) == 1) {
      boolean other = second.status() == 304 || second.status() == 504;
      assertThat(other || second.body().equals("one")).as(second.toString()).isTrue();
      return other ? Integer.toString(second.status()) : "hit";
    }
    boolean confirmed = edge.origin.asked(path).getLast().isConditional();
    assertThat(second.body()).isEqualTo(confirmed ? "one" : "two");
    return confirmed ? "confirmed" : "asked";
  }

  private String[] fields(String text) {
    return Stream.of(edge.timed(text).split(" *~ *", -1))
        .filter(field -> !field.isEmpty())
        .flatMap(field -> Stream.of(field.split(": ?", 2)))
        .toArray(String[]::new);
  }
}
