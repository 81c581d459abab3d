package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.http.Fields;

/**
 * What changes that is stored in a cache that goes by RFC 9111: variants, writes, confirmations.
 */
final class StandardChangesTest {
  private static final String FRESH = "200 OK\nCache-Control: max-age=60";
  private static final String BY_FOO = FRESH + "\nVary: Foo";

  /** With a disk of its own. One for all of them: each has paths of its own. */
  private static StandardEdge shared;

  private static final AtomicInteger TESTS = new AtomicInteger();
  private final StandardEdge edge = begun();

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    shared =
        new StandardEdge(
            folder,
            new EdgeConfig.Storage(CacheLimits.ofMemory(16 << 20), List.of(), 256 << 20, 0));
  }

  private static StandardEdge begun() {
    return shared.below("/t" + TESTS.incrementAndGet());
  }

  @AfterAll
  static void end() {
    shared.close();
  }

  private String body(String path, String... fields) throws IOException {
    return edge.get(path, fields).body();
  }

  // ---- variants (RFC 9111, section 4.1)

  @Test
  void variants_stand_side_by_side() throws IOException {
    edge.next("/a", BY_FOO, "one").next("/a", BY_FOO, "two").next("/a", BY_FOO, "none");

    assertThat(body("/a", "Foo", "1")).isEqualTo("one");
    assertThat(body("/a", "Foo", "2")).isEqualTo("two");
    assertThat(body("/a")).isEqualTo("none");

    assertThat(body("/a", "Foo", "1")).isEqualTo("one");
    assertThat(body("/a", "Foo", "2")).isEqualTo("two");
    assertThat(body("/a")).isEqualTo("none");
    assertThat(edge.asked("/a")).isEqualTo(3);
  }

  @Test
  void what_varies_by_more_from_now_on_is_told_apart_by_all_of_it() throws IOException {
    edge.next("/a", BY_FOO, "one").next("/a", FRESH + "\nVary: Bar", "two");
    assertThat(body("/a", "Foo", "1")).isEqualTo("one");
    assertThat(body("/a", "Foo", "2", "Bar", "1")).isEqualTo("two");

    edge.next("/a", FRESH + "\nVary: Foo, Bar", "three");
    assertThat(body("/a", "Foo", "2", "Bar", "2")).isEqualTo("three");

    assertThat(body("/a", "Foo", "2", "Bar", "1")).isEqualTo("two");
    assertThat(body("/a", "Foo", "2", "Bar", "2")).isEqualTo("three");
    assertThat(edge.asked("/a")).isEqualTo(3);
  }

  @Test
  void only_so_many_variants_of_one_thing_are_kept() throws IOException {
    for (int i = 0; i <= 64; i++) {
      edge.next("/a", BY_FOO, "v" + i);
      assertThat(body("/a", "Foo", "" + i)).isEqualTo("v" + i);
    }

    assertThat(body("/a", "Foo", "1")).isEqualTo("v1");
    edge.next("/a", BY_FOO, "again");
    assertThat(body("/a", "Foo", "0")).isEqualTo("again");
  }

  @Test
  void variants_are_found_again_after_a_restart_and_what_was_written_to_is_not()
      throws IOException {
    for (String path : List.of("/a", "/b")) {
      edge.next(path, BY_FOO, "one").next(path, BY_FOO, "two");
      body(path, "Foo", "1");
      body(path, "Foo", "2");
    }
    edge.next("/c", FRESH, "one");
    body("/c");
    edge.live.restart();
    assertThat(body("/a", "Foo", "2")).isEqualTo("two");
    assertThat(body("/a", "Foo", "1")).isEqualTo("one");
    assertThat(body("/c")).isEqualTo("one");
    edge.next("/b", "204 No Content", "").next("/c", "204 No Content", "");
    edge.ask("PUT", "/b");
    edge.ask("PUT", "/c");
    edge.live.restart();

    edge.next("/b", BY_FOO, "new").next("/c", FRESH, "new");
    assertThat(body("/b", "Foo", "1")).isEqualTo("new");
    assertThat(body("/c")).isEqualTo("new");
    assertThat(body("/a", "Foo", "1")).isEqualTo("one");
    assertThat(edge.asked("/a")).isEqualTo(2);
  }

  @Test
  void those_who_wait_for_one_fetch_get_their_own_variants() throws Exception {
    edge.next("/a", BY_FOO, "one").next("/a", BY_FOO, "two");
    List<Thread> viewers =
        IntStream.range(0, 8)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        body("/a", "Foo", "1");
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    }))
            .toList();
    for (Thread viewer : viewers) {
      viewer.join();
    }

    assertThat(edge.asked("/a")).isEqualTo(1);
    assertThat(body("/a", "Foo", "2")).isEqualTo("two");
  }

  // ---- writes (RFC 9111, section 4.4)

  @Test
  void a_write_that_is_taken_outdates_what_it_names_and_one_that_fails_does_not()
      throws IOException {
    edge.next("/a", BY_FOO, "one").next("/a", "500 No", "").next("/a", "200 OK", "done");
    body("/a", "Foo", "1");

    edge.ask("POST", "/a");
    assertThat(body("/a", "Foo", "1")).isEqualTo("one");
    edge.ask("POST", "/a");

    edge.next("/a", BY_FOO, "two");
    assertThat(body("/a", "Foo", "1")).isEqualTo("two");
    assertThat(body("/a", "Foo", "1")).isEqualTo("two");
  }

  @Test
  void a_write_outdates_what_location_names_at_the_same_origin() throws IOException {
    for (String path : List.of("/d/b", "/c", "/e")) {
      edge.next(path, FRESH, "old").next(path, FRESH, "new");
      body(path + "?x=1");
    }
    edge.next("/d/a", "201 Created\nLocation: b?x=1\nContent-Location: <root>/c?x=1", "");
    edge.next("/d/a", "201 Created\nLocation: http://other.example<root>/e?x=1", "");
    edge.ask("PUT", "/d/a");
    edge.ask("PUT", "/d/a");

    assertThat(body("/d/b?x=1")).isEqualTo("new");
    assertThat(body("/c?x=1")).isEqualTo("new");
    assertThat(body("/e?x=1")).isEqualTo("old");
  }

  @Test
  void methods_that_cloudfront_does_not_know_pass_and_outdate_where_all_are_allowed()
      throws IOException {
    edge.next("/a", FRESH, "one").next("/a", "200 OK", "found").next("/a", FRESH, "two");
    body("/a");

    assertThat(edge.ask("M-SEARCH", "/a").body()).isEqualTo("found");

    assertThat(body("/a")).isEqualTo("two");
  }

  // ---- confirmations (RFC 9111, sections 3.2 and 4.3)

  @Test
  void a_304_updates_the_fields_but_those_of_the_bytes() throws IOException {
    edge.next(
        "/a",
        FRESH
            + "\n"
            + "ETag: \"1\"\n"
            + "Foo: a\n"
            + "Bar: a\n"
            + "Content-Type: a/a\n"
            + "Content-Encoding: x\n"
            + "Content-MD5: a",
        "one");
    body("/a");
    edge.pass(70);
    edge.next(
        "/a",
        "304 Not\nCache-Control: max-age=500\nETag: \"1\"\nFoo: b\nContent-Type: b/b"
            + "\nContent-Encoding: y\nContent-MD5: b",
        "");
    body("/a");
    edge.pass(400);

    Fields fields = edge.get("/a").fields();

    assertThat(edge.asked("/a")).isEqualTo(2);
    assertThat(fields.value("Foo")).isEqualTo("b");
    assertThat(fields.value("Bar")).isEqualTo("a");
    assertThat(fields.value("Content-Type")).isEqualTo("b/b");
    assertThat(fields.value("Content-Encoding")).isEqualTo("x");
    assertThat(fields.value("Content-MD5")).isEqualTo("a");
  }

  @Test
  void a_304_updates_all_variants_with_its_strong_entity_tag() throws IOException {
    for (String tag : List.of("\"1\"", "\"1\"", "\"2\"", "W/\"1\"")) {
      edge.next("/a", BY_FOO + "\nETag: " + tag, tag);
    }
    for (int i = 1; i <= 4; i++) {
      body("/a", "Foo", "" + i);
    }
    edge.pass(70);
    edge.next("/a", "304 Not\nCache-Control: max-age=60\nX: new\nETag: \"1\"", "");
    body("/a", "Foo", "1");

    Answer second = edge.get("/a", "Foo", "2");

    assertThat(second.field("X")).isEqualTo("new");
    assertThat(edge.asked("/a")).isEqualTo(5);
    edge.next("/a", BY_FOO, "three").next("/a", BY_FOO, "four");
    assertThat(body("/a", "Foo", "3")).isEqualTo("three");
    assertThat(body("/a", "Foo", "4")).isEqualTo("four");
  }

  @Test
  void head_goes_to_the_origin_and_updates_what_is_stored() throws IOException {
    edge.next("/a", FRESH + "\nETag: \"1\"\nFoo: a\nBar: a", "one");
    body("/a");
    edge.pass(70);
    edge.raw(
        "/a",
        """
        HTTP/1.1 200 OK
        Cache-Control: max-age=60
        ETag: "1"
        Foo: b
        Content-Length: 3
        Connection: close

        """);
    edge.ask("HEAD", "/a");

    Answer answer = edge.get("/a");

    assertThat(edge.asks("/a").getLast().method()).isEqualTo("HEAD");
    assertThat(answer.body()).isEqualTo("one");
    assertThat(answer.field("Foo")).isEqualTo("b");
    assertThat(answer.field("Bar")).isEqualTo("a");
  }

  @Test
  void head_of_another_version_makes_what_is_stored_stale() throws IOException {
    edge.next("/a", FRESH + "\nETag: \"1\"", "one");
    body("/a");
    edge.pass(70);
    edge.raw(
        "/a",
        """
        HTTP/1.1 200 OK
        Cache-Control: max-age=60
        ETag: "2"
        Content-Length: 3
        Connection: close

        """);
    edge.ask("HEAD", "/a");

    edge.next("/a", FRESH, "two");
    assertThat(body("/a")).isEqualTo("two");
  }

  @Test
  void withheld_fields_are_for_the_first_alone() throws IOException {
    edge.next("/a", "200 OK\nCache-Control: max-age=60, no-cache=\"A, B\"\nA: 1\nB: 2\nC: 3", "x");
    assertThat(edge.get("/a").field("A")).isEqualTo("1");

    Fields fields = edge.get("/a").fields();

    assertThat(fields.has("A") || fields.has("B")).isFalse();
    assertThat(fields.value("C")).isEqualTo("3");
  }

  // ---- stale (RFC 9111, section 4.2.4; RFC 5861)

  @Test
  void a_stale_answer_stands_in_for_errors_if_it_says_so_and_for_silence_unless_it_forbids_it()
      throws IOException {
    edge.next("/sie", "200 OK\nCache-Control: max-age=2, stale-if-error=60", "old");
    edge.next("/sie", "503 No", "");
    edge.next("/plain", "200 OK\nCache-Control: max-age=2", "old").next("/plain", "503 No", "no");
    for (String path : List.of("/sie", "/plain", "/silent")) {
      if (path.equals("/silent")) {
        edge.next(path, "200 OK\nCache-Control: max-age=2", "old");
      }
      body(path);
    }
    List<String> strict = List.of("must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=2");
    for (String directive : strict) {
      edge.next(
          "/" + directive, "200 OK\nETag: \"1\"\nCache-Control: max-age=2, " + directive, "o");
      body("/" + directive);
    }
    edge.pass(5);

    assertThat(edge.get("/sie").status()).isEqualTo(200);
    assertThat(edge.get("/plain").status()).isEqualTo(503);
    assertThat(body("/silent")).isEqualTo("old");
    for (String directive : strict) {
      assertThat(edge.get("/" + directive).status()).as(directive).isEqualTo(502);
    }
  }

  @Test
  void a_stale_answer_is_served_while_another_is_fetched_if_it_says_so() throws IOException {
    edge.next("/a", "200 OK\nCache-Control: max-age=2, stale-while-revalidate=60", "old");
    edge.next("/a", FRESH, "new");
    body("/a");
    edge.pass(5);

    assertThat(body("/a")).isEqualTo("old");

    LiveEdge.eventually(() -> {
      try {
        return body("/a").equals("new");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    assertThat(edge.asked("/a")).isEqualTo(2);
  }

  // ---- interim responses (RFC 9110, section 15.2)

  @Test
  void interim_responses_are_passed_on_and_are_no_part_of_what_is_kept() throws IOException {
    edge.raw(
        "/a",
        """
        HTTP/1.1 102 Processing

        HTTP/1.1 103 Early Hints
        Link: </s>; rel=preload

        HTTP/1.1 200 OK
        Cache-Control: max-age=60
        Content-Length: 3

        one\
        """);
    List<Answer> answers = new ArrayList<>();
    try (Socket socket = edge.live.visitor().connect()) {
      edge.live.visitor().send(socket, "GET", edge.path("/a"), "");
      for (int i = 0; i < 3; i++) {
        answers.add(Visitor.read(socket, "GET"));
      }
    }

    assertThat(answers).extracting(Answer::status).containsExactly(102, 103, 200);
    assertThat(answers.get(1).fields()).isEqualTo(Fields.of("Link", "</s>; rel=preload"));
    assertThat(answers.get(2).body()).isEqualTo("one");
    assertThat(answers.get(2).fields().has("Link")).isFalse();
    Answer hit = edge.get("/a");
    assertThat(hit.status()).isEqualTo(200);
    assertThat(hit.fields().has("Link")).isFalse();
    assertThat(edge.asked("/a")).isEqualTo(1);
  }

  // ---- what goes to the origin

  @Test
  void the_origin_gets_all_that_the_viewer_says_but_what_is_of_one_hop() throws IOException {
    edge.next("/a", FRESH, "one");
    body(
        "/a?x=1",
        "Foo",
        "1",
        "User-Agent",
        "me",
        "Cookie",
        "a=1",
        "Accept-Encoding",
        "zz",
        "Authorization",
        "me",
        "If-None-Match",
        "\"1\"",
        "TE",
        "trailers");

    Fields fields = edge.asks("/a").getFirst().fields();

    assertThat(edge.asks("/a").getFirst().target()).isEqualTo(edge.path("/a?x=1"));
    assertThat(fields.value("Foo")).isEqualTo("1");
    assertThat(fields.value("User-Agent")).isEqualTo("me");
    assertThat(fields.value("Cookie")).isEqualTo("a=1");
    assertThat(fields.value("Accept-Encoding")).isEqualTo("zz");
    assertThat(fields.value("Authorization")).isEqualTo("me");
    assertThat(fields.has("If-None-Match") || fields.has("TE")).isFalse();
  }

  @Test
  void what_came_out_of_another_cache_says_how_old_it_is() throws IOException {
    edge.next("/a", FRESH + "\nAge: 20", "one").next("/b", "200 OK\nAge: 20", "two");

    assertThat(edge.get("/a").field("Age")).isEqualTo("20");
    assertThat(edge.get("/b").field("Age")).isEqualTo("20");
    edge.pass(10);
    assertThat(edge.get("/a").field("Age")).isEqualTo("30");
  }

  @Test
  void another_query_is_another_thing() throws IOException {
    edge.next("/a", FRESH, "one").next("/a", FRESH, "two");

    assertThat(body("/a?x=1")).isEqualTo("one");
    assertThat(body("/a?x=2")).isEqualTo("two");
    assertThat(body("/a?x=1")).isEqualTo("one");
  }
}
