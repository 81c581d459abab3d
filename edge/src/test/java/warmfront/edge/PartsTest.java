package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.origin;
import static warmfront.edge.Pictures.policy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Wishes;
import warmfront.edge.Visitor.Answer;
import warmfront.edge.cache.CacheLimits;
import warmfront.http.ByteRange;
import warmfront.http.Ranges;

/** Parts of long objects over real sockets, with an origin that gives parts and counts. */
final class PartsTest {
  private static final long MIB = 1 << 20;
  private static final long GRAIN = 64 << 10;

  @AutoClose private final LiveEdge edge;
  private final ScriptedOrigin origin;
  private final AtomicLong sent = new AtomicLong();
  private volatile long length = 5 * MIB + 100;
  private volatile String etag = "\"1\"";
  private volatile String vary = "";
  private volatile boolean givesParts = true;

  PartsTest(@TempDir Path data) throws IOException {
    edge =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(32L << 20), List.of(), 0, 0),
                Visits.FRA)
            .serving(List.of(policy("P")), behavior("*", "P"));
    origin = edge.origin;
    origin.on("/", this::part);
  }

  @Test
  void a_part_costs_the_origin_what_is_from_there_to_the_end_of_its_slice() throws IOException {
    Answer first = get("/a", "bytes=2097150-2097155");
    Answer again = get("/a", "bytes=3000000-3000003");
    Answer elsewhere = get("/a", "bytes=4194304-4194305");

    assertThat(first.status()).isEqualTo(206);
    assertThat(first.field("Content-Range")).isEqualTo("bytes 2097150-2097155/" + length);
    assertThat(first.body()).isEqualTo(bytes(2097150, 2097155));
    assertThat(first.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(again.body()).isEqualTo(bytes(3000000, 3000003));
    assertThat(again.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(elsewhere.body()).isEqualTo(bytes(4194304, 4194305));
    assertThat(elsewhere.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(sent.get()).isLessThanOrEqualTo(2 * MIB + GRAIN);
    assertThat(origin.asked.get(1)).contains("If-range=[\"1\"]");
  }

  @Test
  void what_is_before_a_part_in_its_slice_is_asked_for_by_who_wants_it() throws IOException {
    get("/a", "bytes=2000000-2000003");

    Answer before = get("/a", "bytes=1500000-1500003");
    Answer first = get("/a", "bytes=1048576-2097151");

    assertThat(before.body()).isEqualTo(bytes(1500000, 1500003));
    assertThat(before.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(first.body()).isEqualTo(bytes(1048576, 2097151));
    assertThat(origin.asked).hasSize(3);
    assertThat(origin.asked.get(0)).contains("Range=[bytes=1966080-2097151]");
    assertThat(origin.asked.get(1)).contains("Range=[bytes=1441792-1966079]");
    assertThat(origin.asked.get(2)).contains("Range=[bytes=1048576-1441791]");
    assertThat(sent.get()).isEqualTo(MIB);
    assertThat(get("/a", "bytes=1048576-2097151").field("X-Cache"))
        .isEqualTo("Hit from cloudfront");
  }

  @Test
  void the_whole_is_put_together_of_parts_that_are_there_and_parts_that_are_fetched()
      throws IOException {
    get("/a", "bytes=2097152-2097155");

    Answer whole = visitor().get("/a");

    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(bytes(0, length - 1));
    assertThat(sent.get()).isLessThanOrEqualTo(length);
  }

  @Test
  void a_cache_by_the_standard_puts_parts_of_one_variant_together() throws IOException {
    edge.change(
        distribution(
                "EA",
                List.of(LiveEdge.HOST),
                origin("origin.test", origin.port()),
                behavior("*", "P"))
            .withWishes(Wishes.NONE.withStandardCache(true)));
    vary = "Foo";

    Answer end = visitor().get("/a", "Range", "bytes=2097152-2097155", "Foo", "1");
    Answer near = visitor().get("/a", "Range", "bytes=3000000-3000003", "Foo", "1");
    Answer other = visitor().get("/a", "Range", "bytes=3000000-3000003", "Foo", "2");
    Answer whole = visitor().get("/a", "Foo", "1");
    Answer again = visitor().get("/a", "Foo", "1");

    assertThat(end.status()).isEqualTo(206);
    assertThat(end.body()).isEqualTo(bytes(2097152, 2097155));
    assertThat(near.body()).isEqualTo(bytes(3000000, 3000003));
    assertThat(near.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(other.field("X-Cache")).isEqualTo("Miss from cloudfront");
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(bytes(0, length - 1));
    assertThat(again.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(sent.get()).isLessThanOrEqualTo(length + MIB);
  }

  @Test
  void the_last_bytes_of_an_object_of_unknown_length_are_found() throws IOException {
    Answer end = get("/a", "bytes=-200");

    assertThat(end.status()).isEqualTo(206);
    assertThat(end.body()).isEqualTo(bytes(length - 200, length - 1));
    assertThat(sent.get()).isLessThan(2 * MIB);
  }

  @Test
  void several_parts_come_in_one_body() throws IOException {
    Answer answer = get("/a", "bytes=0-1,3145728-3145730");

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.field("Content-Type")).startsWith("multipart/byteranges");
    assertThat(answer.body())
        .contains("bytes 0-1/" + length + "\r\n\r\n" + bytes(0, 1) + "\r\n")
        .contains("bytes 3145728-3145730/" + length + "\r\n\r\n" + bytes(3145728, 3145730));
    assertThat(sent.get()).isLessThanOrEqualTo(2 * MIB);
  }

  @Test
  void of_several_parts_only_what_is_lacking_is_asked_for() throws IOException {
    get("/a", "bytes=0-1");
    get("/a", "bytes=4194304-4194305");

    Answer answer = get("/a", "bytes=5-6,3145728-3145730,4194310-4194311");
    Answer again = get("/a", "bytes=5-6,3145728-3145730,4194310-4194311");

    for (Answer one : List.of(answer, again)) {
      assertThat(one.status()).isEqualTo(206);
      assertThat(one.body())
          .contains("bytes 5-6/" + length + "\r\n\r\n" + bytes(5, 6) + "\r\n")
          .contains("bytes 3145728-3145730/" + length + "\r\n\r\n" + bytes(3145728, 3145730))
          .contains("bytes 4194310-4194311/" + length + "\r\n\r\n" + bytes(4194310, 4194311));
    }
    assertThat(again.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(origin.asked).hasSize(3);
    assertThat(origin.asked.getLast()).contains("Range=[bytes=3145728-4194303]");
  }

  @Test
  void a_list_that_overlaps_or_descends_gets_the_whole_also_of_what_is_there_in_part()
      throws IOException {
    get("/a", "bytes=0-1");

    Answer descending = get("/a", "bytes=100-101,0-1");
    Answer overlapping = get("/a", "bytes=0-10,5-20");

    assertThat(descending.status()).isEqualTo(200);
    assertThat(overlapping.status()).isEqualTo(200);
    assertThat(overlapping.body()).isEqualTo(bytes(0, length - 1)).isEqualTo(descending.body());
    assertThat(sent.get()).isLessThanOrEqualTo(length);
  }

  @Test
  void parts_in_many_slices_that_are_lacking_get_the_whole_and_later_parts() throws IOException {
    length = 12 * MIB;
    String few = "bytes=0-0";
    String many = "bytes=0-0";
    for (int slice = 1; slice < 12; slice++) {
      few += slice > 7 ? "" : "," + slice * MIB + "-" + slice * MIB;
      many += "," + slice * MIB + "-" + slice * MIB;
    }

    assertThat(get("/few", few).status()).isEqualTo(206);
    assertThat(sent.get()).isLessThanOrEqualTo(8 * MIB);
    Answer whole = get("/many", many);
    Answer parts = get("/many", many);

    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.body()).hasSize((int) length);
    assertThat(parts.status()).isEqualTo(206);
    assertThat(parts.body()).contains("bytes 11534336-11534336/12582912\r\n\r\n");
  }

  @Test
  void an_origin_without_ranges_gives_the_whole_once_and_parts_are_cut_from_it()
      throws IOException {
    givesParts = false;

    Answer first = get("/a", "bytes=2097152-2097155");
    Answer second = get("/a", "bytes=2097152-2097155");
    Answer suffix = get("/a", "bytes=-3");
    Answer behind = get("/a", "bytes=" + length + "-");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body()).hasSize((int) length);
    assertThat(second.status()).isEqualTo(206);
    assertThat(second.body()).isEqualTo(bytes(2097152, 2097155));
    assertThat(second.field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(suffix.body()).isEqualTo(bytes(length - 3, length - 1));
    assertThat(behind.status()).isEqualTo(416);
    assertThat(behind.field("Content-Range")).isEqualTo("bytes */" + length);
    assertThat(origin.asked).hasSize(1);
  }

  @Test
  void a_part_of_another_version_than_the_viewer_has_is_the_whole() throws IOException {
    get("/a", "bytes=0-1");

    Answer same = visitor().get("/a", "Range", "bytes=0-1", "If-Range", "\"1\"");
    Answer other = visitor().get("/a", "Range", "bytes=0-1", "If-Range", "\"0\"");

    assertThat(same.status()).isEqualTo(206);
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.body()).isEqualTo(bytes(0, length - 1));
  }

  @Test
  void behind_the_end_there_is_nothing_and_nobody_else_is_kept_from_the_cache() throws IOException {
    assertThat(get("/a", "bytes=99999999-").status()).isEqualTo(416);
    assertThat(get("/a", "bytes=5-6").body()).isEqualTo(bytes(5, 6));
    assertThat(get("/a", "bytes=5-6").field("X-Cache")).isEqualTo("Hit from cloudfront");
    assertThat(get("/a", "bytes=" + length + "-").status()).isEqualTo(416);
  }

  @Test
  void an_object_that_changed_is_fetched_anew_before_a_byte_of_it_goes_out() throws IOException {
    get("/a", "bytes=0-1");
    etag = "\"2\"";
    length = 5 * MIB + 1100;

    Answer changed = get("/a", "bytes=4194304-4194305");

    assertThat(changed.status()).isEqualTo(206);
    assertThat(changed.field("ETag")).isEqualTo("\"2\"");
    assertThat(changed.field("Content-Range")).isEqualTo("bytes 4194304-4194305/" + length);
    assertThat(get("/a", "bytes=0-1").field("ETag")).isEqualTo("\"2\"");
  }

  @Test
  void several_parts_of_an_object_that_changed_are_all_of_the_new_one() throws IOException {
    get("/a", "bytes=0-1");
    etag = "\"2\"";
    length = 5 * MIB + 1100;

    Answer changed = get("/a", "bytes=2097152-2097153,4194304-4194305");

    assertThat(changed.status()).isEqualTo(206);
    assertThat(changed.field("ETag")).isEqualTo("\"2\"");
    assertThat(changed.body())
        .contains("bytes 2097152-2097153/" + length)
        .contains("bytes 4194304-4194305/" + length);
  }

  @Test
  void hundreds_of_requests_for_one_byte_of_a_gigabyte_cost_one_slice() throws IOException {
    length = 1 << 30;
    for (int i = 0; i < 300; i++) {
      assertThat(get("/a", "bytes=0-0").body()).isEqualTo(bytes(0, 0));
    }

    assertThat(sent.get()).isLessThanOrEqualTo(MIB);
  }

  @Test
  void parts_without_a_validator_are_passed_on_and_not_put_together() throws IOException {
    etag = "";

    assertThat(get("/a", "bytes=2097152-2097155").body()).isEqualTo(bytes(2097152, 2097155));
    assertThat(get("/a", "bytes=0-1").body()).isEqualTo(bytes(0, 1));
  }

  private void part(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    if (!etag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", etag);
    }
    if (!vary.isEmpty()) {
      exchange.getResponseHeaders().set("Vary", vary);
      exchange.getResponseHeaders().set("Cache-Control", "max-age=60");
    }
    boolean applies = givesParts && asked != null && (ifRange == null || ifRange.equals(etag));
    Ranges ranges = applies ? Ranges.of(asked, length) : new Ranges.Whole();
    switch (ranges) {
      case Ranges.Part(ByteRange range) -> {
        String is = "bytes %d-%d/%d".formatted(range.first(), range.last(), length);
        exchange.getResponseHeaders().set("Content-Range", is);
        send(exchange, 206, range);
      }
      case Ranges.Unsatisfiable _ -> exchange.sendResponseHeaders(416, -1);
      case Ranges.Whole _, Ranges.Parts _ -> send(exchange, 200, new ByteRange(0, length - 1));
    }
  }

  private void send(HttpExchange exchange, int status, ByteRange range) throws IOException {
    exchange.sendResponseHeaders(status, range.length());
    try (OutputStream out = exchange.getResponseBody()) {
      for (long at = range.first(); at <= range.last(); at += 64 << 10) {
        String part = bytes(at, Math.min(range.last(), at + (64 << 10) - 1));
        out.write(part.getBytes(StandardCharsets.ISO_8859_1));
        sent.addAndGet(part.length());
      }
    } catch (IOException e) {
      if (range.length() < length) {
        throw e; // a whole that is not wanted may be broken off
      }
    }
  }

  /** The object: each byte says where it is. */
  private static String bytes(long first, long last) {
    StringBuilder text = new StringBuilder((int) (last - first + 1));
    for (long at = first; at <= last; at++) {
      text.append((char) ('a' + at * 31 % 1009 % 26));
    }
    return text.toString();
  }

  private Answer get(String target, String range) throws IOException {
    return visitor().get(target, "Range", range);
  }

  private Visitor visitor() {
    return edge.visitor();
  }
}
