package warmfront.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.policy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.bytes.RangedReader.Lacking;
import warmfront.distribution.OriginAccessControl;
import warmfront.distribution.PriceClass;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.StreamingDistribution;
import warmfront.edge.cache.CacheLimits;
import warmfront.http.ByteRange;
import warmfront.http.Ranges;

/** Media as they are read through the cache, with a bucket that gives parts, waits and counts. */
final class ReaderTest {
  private static final int MIB = 1 << 20;
  private static final int BLOCK = 64 << 10;
  private static final String NAME = "s1.warmfront.localhost";

  @AutoClose private final LiveEdge edge;
  @AutoClose private final Readings readings;
  private final ScriptedOrigin bucket;
  private final AtomicLong sent = new AtomicLong();
  private volatile int length = 5 * MIB + 100;
  private volatile String etag = "\"1\"";
  private volatile boolean givesParts = true;
  private volatile boolean saysLength = true;
  private volatile CountDownLatch goesOn = new CountDownLatch(0);

  ReaderTest(@TempDir Path data) throws IOException {
    edge =
        new LiveEdge(
                data,
                new EdgeConfig.Storage(CacheLimits.ofMemory(32L << 20), List.of(), 0, 0),
                Visits.FRA)
            .serving(List.of(policy("P")), behavior("*", "P"));
    bucket = edge.origin.on("/media/", this::object);
    bucket.says("/media/missing.mp4", 404, "NoSuchKey");
    bucket.says("/media/secret.mp4", 403, "AccessDenied");
    edge.change(
        new S3Endpoint(
            "s3.amazonaws.com",
            URI.create("http://127.0.0.1:" + bucket.port()),
            "us-east-1",
            "AKIDEXAMPLE",
            "secret"));
    edge.change(distribution(Optional.empty(), true));
    readings = new Readings(edge.edge().reader("FRA"));
  }

  private static StreamingDistribution distribution(Optional<String> control, boolean enabled) {
    return new StreamingDistribution(
        "ES",
        NAME,
        enabled,
        List.of(),
        "media.s3.amazonaws.com",
        control,
        false,
        PriceClass.PRICE_CLASS_ALL,
        Optional.empty());
  }

  @Test
  void a_block_is_there_before_its_slice() {
    goesOn = new CountDownLatch(1);

    Readings.Reading first = readings.read("/a.mp4", 0, BLOCK);
    Readings.Reading second = readings.read("/a.mp4", 100, BLOCK);

    assertThat(first.bytes()).isEqualTo(bytes(0, BLOCK));
    assertThat(first.found().length()).isEqualTo(length);
    assertThat(first.found().hit()).isFalse();
    assertThat(second.bytes(BLOCK - 100)).isEqualTo(bytes(100, BLOCK - 100));
    assertThat(bucket.asked).hasSize(1);
    goesOn.countDown();
    assertThat(second.bytes()).isEqualTo(bytes(100, BLOCK));
  }

  @Test
  void who_goes_after_a_block_leaves_the_rest_of_the_slice_to_others() {
    goesOn = new CountDownLatch(1);
    Readings.Reading first = readings.read("/a.mp4", 0, MIB);
    assertThat(first.bytes(1000)).startsWith(bytes(0, 1000));
    first.cancel();

    goesOn.countDown();
    Readings.Reading later = readings.read("/a.mp4", MIB - 1000, 1000);

    assertThat(later.bytes()).isEqualTo(bytes(MIB - 1000, 1000));
    assertThat(later.found().version()).isEqualTo(first.found().version());
    assertThat(readings.read("/a.mp4", 5, 10).found().hit()).isTrue();
    assertThat(bucket.asked).hasSize(1);
  }

  @Test
  void five_hundred_cold_readers_cost_the_bucket_what_one_costs() {
    goesOn = new CountDownLatch(1);
    List<Readings.Reading> all =
        IntStream.range(0, 500).mapToObj(i -> readings.read("/a.mp4", i * 1000L, BLOCK)).toList();
    goesOn.countDown();

    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).bytes()).isEqualTo(bytes(i * 1000, BLOCK));
    }
    assertThat(bucket.asked).hasSize(1);
    assertThat(sent.get()).isEqualTo(MIB);
  }

  @RepeatedTest(10)
  void who_comes_together_with_the_answer_does_not_ask_for_what_it_brings() {
    Readings.Reading first = readings.read("/a.mp4", 0, 10);
    Readings.Reading second = readings.read("/a.mp4", 0, MIB);

    assertThat(first.bytes()).isEqualTo(bytes(0, 10));
    assertThat(second.bytes()).isEqualTo(bytes(0, MIB));
    assertThat(bucket.asked).hasSize(1);
  }

  @Test
  void a_stretch_over_slices_asks_once_for_what_is_lacking() {
    readings.read("/a.mp4", 0, BLOCK).bytes();

    Readings.Reading all = readings.read("/a.mp4", 0, Long.MAX_VALUE);

    assertThat(all.bytes()).isEqualTo(bytes(0, length));
    assertThat(bucket.asked).hasSize(2);
    assertThat(sent.get()).isEqualTo(length);
    assertThat(readings.read("/a.mp4", length - 5, 1000).bytes()).isEqualTo(bytes(length - 5, 5));
  }

  @Test
  void one_part_after_another_does_not_cost_a_connection_each() {
    for (int slice = 0; slice < 5; slice++) {
      readings.read("/a.mp4", (long) slice * MIB, MIB).bytes();
    }

    assertThat(bucket.asked).hasSize(5);
    assertThat(edge.edge().counters().origins().reused()).isPositive();
  }

  @Test
  void what_is_not_there_is_said_with_its_status() {
    readings.read("/a.mp4", 0, 1).bytes();

    assertThat(readings.read("/missing.mp4", 0, 1).lacking().status()).isEqualTo(404);
    assertThat(readings.read("/secret.mp4", 0, 1).lacking().status()).isEqualTo(403);
    assertThat(readings.read("/a.mp4", length, 1).lacking().status()).isEqualTo(416);
    assertThat(readings.read("/b.mp4", length, 1).lacking().status()).isEqualTo(416);
    assertThat(readings.read("EX", "/a.mp4", 0, 1).lacking().status()).isEqualTo(404);
    edge.change(distribution(Optional.empty(), false));
    assertThat(readings.read("/a.mp4", 0, 1).lacking())
        .isEqualTo(new Lacking(403, "the distribution is disabled"));
    assertThat(edge.edge().counters().reads().get("FRA"))
        .isEqualTo(new EdgeCounters.Reads(0, 1, 6));
  }

  @Test
  void an_object_that_changes_breaks_off_and_is_another_version_from_then_on() {
    Readings.Reading before = readings.read("/a.mp4", 0, 10);
    Readings.Reading under = readings.read("/a.mp4", 0, 3L * MIB);
    assertThat(under.bytes(BLOCK)).startsWith(bytes(0, BLOCK));
    etag = "\"2\"";

    assertThat(under.broken()).contains("changed");
    Readings.Reading after = readings.read("/a.mp4", 2L * MIB, 10);

    assertThat(after.bytes()).isEqualTo(bytes(2 * MIB, 10));
    assertThat(after.found().version()).isNotEqualTo(before.found().version());
  }

  @Test
  void a_change_before_the_first_byte_is_not_seen_to_break_off() {
    readings.read("/a.mp4", 0, 10).bytes();
    etag = "\"2\"";
    length = 4 * MIB;

    Readings.Reading after = readings.read("/a.mp4", 3L * MIB, 10);

    assertThat(after.bytes()).isEqualTo(bytes(3 * MIB, 10));
    assertThat(after.found().length()).isEqualTo(length);
    assertThat(after.found().hit()).isFalse();
  }

  @Test
  void a_bucket_that_ignores_ranges_is_read_from_the_beginning_once() {
    givesParts = false;

    Readings.Reading first = readings.read("/a.mp4", 2L * MIB + 7, BLOCK);
    Readings.Reading again = readings.read("/a.mp4", 100, BLOCK);

    assertThat(first.bytes()).isEqualTo(bytes(2 * MIB + 7, BLOCK));
    assertThat(again.bytes()).isEqualTo(bytes(100, BLOCK));
    assertThat(readings.read("/b.mp4", length, 1).lacking().status()).isEqualTo(416);
    assertThat(bucket.asked).hasSize(2);
  }

  @Test
  void an_object_that_comes_without_its_length_is_read_to_learn_it() {
    givesParts = false;
    saysLength = false;

    Readings.Reading first = readings.read("/a.mp4", 2L * MIB + 7, BLOCK);

    assertThat(first.bytes()).isEqualTo(bytes(2 * MIB + 7, BLOCK));
    assertThat(first.found().length()).isEqualTo(length);
    assertThat(bucket.asked).hasSize(1);
  }

  @Test
  void objects_without_a_strong_tag_are_told_apart_by_when_they_were_sent() {
    etag = "";

    Readings.Reading first = readings.read("/a.mp4", 2L * MIB, 10);

    assertThat(first.bytes()).isEqualTo(bytes(2 * MIB, 10));
    assertThat(first.found().version()).contains("GMT").endsWith(" " + length);
  }

  @Test
  void requests_are_signed_where_the_distribution_has_an_identity() {
    readings.read("/a.mp4", 0, 1).bytes();
    edge.change(new OriginAccessControl("EI", "EI", OriginAccessControl.Signing.ALWAYS));
    edge.change(distribution(Optional.of("EI"), true));

    readings.read("/b.mp4", 0, 1).bytes();

    assertThat(bucket.asked.getFirst()).startsWith("GET /media/a.mp4 ").doesNotContain("AWS4");
    assertThat(bucket.asked.getLast()).contains("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/");
  }

  @Test
  void the_bucket_is_told_of_no_viewer_since_what_is_read_is_for_all() {
    readings.read("/a.mp4", 0, 1).bytes();
    readings.read("/a.mp4", 2L * MIB, 1).bytes();

    assertThat(bucket.asked)
        .hasSize(2)
        .allSatisfy(asked ->
            assertThat(asked).contains("Via=").doesNotContainIgnoringCase("X-Forwarded-For"));
  }

  @Test
  void objects_live_an_hour_whatever_the_bucket_says() {
    readings.read("/a.mp4", 0, 1).bytes();
    edge.clock.advance(Duration.ofMinutes(59));
    assertThat(readings.read("/a.mp4", 0, 1).found().hit()).isTrue();
    assertThat(bucket.asked).hasSize(1);

    edge.clock.advance(Duration.ofMinutes(2));
    readings.read("/a.mp4", 0, 1).bytes();

    assertThat(bucket.asked).hasSize(2);
  }

  @Test
  void viewers_on_the_web_do_not_find_streaming_distributions() throws IOException {
    readings.read("/a.mp4", 0, 1).bytes();

    assertThat(edge.visitor(0, NAME).get("/a.mp4").status()).isEqualTo(403);
    assertThat(edge.edge().counters().requests().traffic())
        .noneMatch(some -> some.distribution().equals("ES"));
  }

  private void object(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    exchange.getResponseHeaders().set("Cache-Control", "max-age=0");
    if (!etag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", etag);
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

  /** Sends a part, and waits after its first block. */
  private void send(HttpExchange exchange, int status, ByteRange range) throws IOException {
    exchange.sendResponseHeaders(status, saysLength ? range.length() : 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (long at = range.first(); at <= range.last(); at += BLOCK) {
        byte[] part = bytes((int) at, (int) Math.min(BLOCK, range.last() + 1 - at));
        out.write(part);
        out.flush();
        sent.addAndGet(part.length);
        assertThat(goesOn.await(20, TimeUnit.SECONDS)).isTrue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The object: each byte says where it is. */
  private static byte[] bytes(int from, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) ((from + i) * 31 % 1009);
    }
    return bytes;
  }
}
