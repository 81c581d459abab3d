package warmfront.edge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Remedies;
import warmfront.edge.Visits;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Encrypted;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.StreamRecord;
import warmfront.http.ByteRange;
import warmfront.http.Method;
import warmfront.time.ManualClock;

final class JournalTest {
  private static final String BUCKET = "logs.s3.amazonaws.com";
  private static final Instant NOON = Instant.parse("2026-03-04T12:00:07Z");
  private static final Route ROUTE = route(logged("EA", true), policy("P"));

  @TempDir private Path folder;

  @Test
  void a_row_has_33_fields_and_is_encoded_as_cloudfront_does() {
    Request request =
        Visits.request(
            Method.GET,
            "www.example.com",
            "/a%20b/\u00e9?q=\"x\"",
            Visits.HTTPS,
            Protocol.HTTP_2,
            "",
            "Host",
            "www.example.com:8443",
            "User-Agent",
            "Mozilla/5.0 (X11; Linux)",
            "Referer",
            "https://example.org/",
            "Cookie",
            "a=1; b=2",
            "X-Forwarded-For",
            "198.51.100.1");
    List<String> row = row(record(request, ROUTE, NOON));

    assertThat(row)
        .containsExactly(
            "2026-03-04",
            "12:00:07",
            "FRA1-P1",
            "1234",
            "192.0.2.7",
            "GET",
            "ea.warmfront.localhost",
            "/a%2520b/%E9",
            "206",
            "https://example.org/",
            "Mozilla/5.0%20(X11;%20Linux)",
            "q=%22x%22",
            "a=1;%20b=2",
            "Hit",
            request.id(),
            "www.example.com:8443",
            "https",
            "142",
            "0.012",
            "198.51.100.1",
            "-",
            "-",
            "Hit",
            "HTTP/2.0",
            "-",
            "-",
            "4711",
            "0.005",
            "Hit",
            "text/html;%20charset=utf-8",
            "1000",
            "0",
            "999");
    assertThat(Line.FIELDS.split(" ", -1)).hasSize(33);
  }

  @Test
  void what_field_level_encryption_did_is_said_in_two_fields() {
    Request request = Visits.get("www.example.com", "/");
    AccessRecord plain = record(request, ROUTE, NOON);
    AccessRecord encrypted =
        new AccessRecord(
            plain.request(),
            plain.place(),
            plain.route(),
            plain.requestId(),
            plain.status(),
            plain.result(),
            plain.responseResult(),
            plain.detailedResult(),
            plain.contentType(),
            plain.contentLength(),
            plain.range(),
            plain.delivery(),
            plain.finishedMillis(),
            plain.tookNanos(),
            plain.originNanos(),
            Optional.of(new Encrypted(Encrypted.Status.PROCESSED, 2)));

    assertThat(row(encrypted).subList(24, 26)).containsExactly("Processed", "2");
  }

  @Test
  void an_event_of_a_stream_has_the_17_fields_of_cloudfronts_own_example() {
    Cells written = new Cells();
    StreamLine.write(event("stop", Optional.of(stream("dir/favs/myothervideo"))), written);

    assertThat(row(written))
        .containsExactly(
            "2026-03-04",
            "12:00:07",
            "FRA1-P1",
            "192.0.2.199",
            "stop",
            "429822014",
            "OK",
            "bfd8a98bee0840d9b871b7f6ade9908f",
            "rtmp://shqshne4jdp4b6.cloudfront.net/cfx/st",
            "key=value",
            "http://player.longtailvideo.com/player.swf",
            "http://www.longtailvideo.com/support/jw-player-setup-wizard?example=204",
            "LNX%2010,0,32,18",
            "dir/favs/myothervideo",
            "p=42&q=14",
            "mp4",
            "2");
    assertThat(StreamLine.FIELDS.split(" ", -1)).hasSize(17);
  }

  @Test
  void an_event_of_a_connection_has_no_stream_and_names_are_utf_8() {
    Cells connect = new Cells();
    StreamLine.write(event("connect", Optional.empty()), connect);
    Cells play = new Cells();
    StreamLine.write(event("play", Optional.of(stream("caf\u00e9\t\u20ac"))), play);

    assertThat(row(connect)).hasSize(17).endsWith("-", "-", "-", "-");
    assertThat(row(play)).hasSize(17).contains("caf%C3%A9%09%E2%82%AC");
  }

  @Test
  void events_and_requests_go_into_files_of_their_own_with_their_own_headers() throws IOException {
    Journal journal = journal(Limits.standard());
    journal.start();
    journal.take(record(Visits.get("www.example.com", "/"), ROUTE, NOON));
    journal.take(route(logged("ES", true), policy("P")), event("connect", Optional.empty()));
    journal.close();

    assertThat(files()).hasSize(2);
    assertThat(files().getLast().getFileName().toString()).startsWith("ES.2026-03-04-12.");
    assertThat(text(files().getFirst())).startsWith("#Version: 1.0\n#Fields: " + Line.FIELDS);
    assertThat(text(files().getLast()))
        .startsWith("#Version: 1.0\n#Fields: " + StreamLine.FIELDS + "\n2026-03-04\t12:00:07\t");
  }

  private static StreamRecord event(String what, Optional<StreamRecord.Stream> stream) {
    return new StreamRecord(
        Visits.FRA,
        InetAddress.ofLiteral("192.0.2.199"),
        what,
        429822014,
        "OK",
        "bfd8a98bee0840d9b871b7f6ade9908f",
        "rtmp://shqshne4jdp4b6.cloudfront.net/cfx/st",
        "key=value",
        "http://player.longtailvideo.com/player.swf",
        "http://www.longtailvideo.com/support/jw-player-setup-wizard?example=204",
        "LNX 10,0,32,18",
        stream,
        NOON.toEpochMilli());
  }

  private static StreamRecord.Stream stream(String name) {
    return new StreamRecord.Stream(name, "p=42&q=14", "mp4", 2);
  }

  @Test
  void cookies_are_logged_only_where_the_distribution_says_so() {
    Request request = Visits.get("www.example.com", "/", "Cookie", "a=1");

    assertThat(row(record(request, route(logged("EA", false), policy("P")), NOON)).get(12))
        .isEqualTo("-");
  }

  @Test
  void a_file_for_each_hour_is_finished_when_the_journal_is_closed() throws IOException {
    Journal journal = journal(Limits.standard());
    journal.start();

    journal.take(record(Visits.get("h", "/one"), ROUTE, NOON));
    journal.take(record(Visits.get("h", "/two"), ROUTE, NOON.plus(Duration.ofHours(1))));
    journal.take(record(Visits.get("h", "/three"), ROUTE, NOON));
    journal.close();

    List<Path> files = files();
    assertThat(files).hasSize(2);
    assertThat(files.getFirst().getFileName().toString())
        .matches("EA\\.2026-03-04-12\\.[0-9a-f]{16}\\.gz");
    assertThat(text(files.getFirst())).startsWith("#Version: 1.0\n#Fields: date time ");
    assertThat(text(files.getFirst()).lines()).hasSize(4);
    assertThat(text(files.getLast())).contains("\t/two\t");
  }

  @Test
  void a_full_file_is_followed_by_another() throws IOException {
    Journal journal = journal(new Limits(100, 1000, 4, 1L << 30));
    journal.start();

    for (int i = 0; i < 10; i++) {
      journal.take(record(Visits.get("h", "/" + i), ROUTE, NOON));
    }
    journal.close();

    assertThat(files()).hasSizeGreaterThan(2);
    assertThat(files().stream().mapToLong(file -> text(file).lines().count() - 2).sum())
        .isEqualTo(10);
  }

  @Test
  void the_oldest_finished_files_make_room() throws IOException {
    Journal journal = journal(new Limits(100, 1000, 4, 0));
    journal.start();

    for (int i = 0; i < 10; i++) {
      journal.take(record(Visits.get("h", "/" + i), ROUTE, NOON));
    }
    journal.close();

    assertThat(files()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void what_a_killed_process_left_open_is_finished_at_the_next_start() throws IOException {
    Path left = folder.resolve("EA").resolve("EA.2026-03-04-11.00000001.log");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "#Version: 1.0\nrow\n");

    Journal journal = journal(Limits.standard());
    journal.start();
    journal.close();

    assertThat(left).doesNotExist();
    assertThat(text(files().getFirst())).endsWith("row\n");
  }

  @Test
  void records_beyond_the_queue_are_dropped_and_counted() {
    Journal journal = journal(new Limits(2, 1000, 4, 0));

    for (int i = 0; i < 5; i++) {
      journal.take(record(Visits.get("h", "/"), ROUTE, NOON));
    }

    assertThat(journal.overflowed()).isEqualTo(3);
  }

  @Test
  void rows_of_many_threads_are_each_written_once() throws Exception {
    Journal journal = journal(Limits.standard());
    journal.start();

    try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
      for (int loop = 0; loop < 4; loop++) {
        String path = "/" + loop + "/";
        loops.execute(() -> {
          for (int i = 0; i < 1000; i++) {
            journal.take(record(Visits.get("h", path + i), ROUTE, NOON));
          }
        });
      }
    }
    journal.close();

    List<String> paths =
        text(files().getFirst()).lines().skip(2).map(row -> row.split("\t", -1)[7]).toList();
    assertThat(paths).hasSize(4000).doesNotHaveDuplicates();
    assertThat(journal.overflowed()).isZero();
  }

  @Test
  void rows_go_to_the_file_of_their_distribution() throws IOException {
    Route other = route(logged("EB", true), policy("P"));
    Journal journal = journal(Limits.standard());
    journal.start();

    for (int i = 0; i < 6; i++) {
      journal.take(record(Visits.get("h", "/" + i), i % 2 == 0 ? ROUTE : other, NOON));
    }
    journal.close();

    assertThat(text(files().getFirst()))
        .contains("\t/0\t", "\t/2\t", "\t/4\t")
        .doesNotContain("\t/1\t");
    assertThat(text(files().getLast())).contains("\t/1\t", "\t/3\t", "\t/5\t");
  }

  @Test
  @Timeout(30)
  void a_lone_row_can_be_followed_while_the_file_is_open() throws Exception {
    Journal journal = journal(Limits.standard());
    journal.start();

    journal.take(record(Visits.get("h", "/lone"), ROUTE, NOON));

    while (files().isEmpty() || !Files.readString(files().getFirst()).contains("\t/lone\t")) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(files().getFirst().getFileName().toString()).endsWith(".log");
    journal.close();
  }

  @Test
  void a_row_may_be_longer_than_what_is_written_at_a_time() throws IOException {
    Journal journal = journal(Limits.standard());
    journal.start();
    String path = "/" + "\u00e9".repeat(Rows.BYTES);

    journal.take(record(Visits.get("h", "/before"), ROUTE, NOON));
    journal.take(record(Visits.get("h", path), ROUTE, NOON));
    journal.take(record(Visits.get("h", "/after"), ROUTE, NOON));
    journal.close();

    assertThat(text(files().getFirst()).lines().skip(2))
        .satisfiesExactly(
            row -> assertThat(row).contains("\t/before\t"),
            row -> assertThat(row).contains("\t/" + "%E9".repeat(Rows.BYTES) + "\t"),
            row -> assertThat(row).contains("\t/after\t"));
  }

  @Test
  void a_disk_that_fails_costs_records_and_nothing_else() throws IOException {
    Series series = new Series("EA", Form.Standard.WEB, Optional.of(new Address(BUCKET, "")));
    Files.writeString(folder.resolve(series.folder()), "a file where the folder should be");
    Journal journal = journal(Limits.standard());
    journal.start();

    journal.take(record(Visits.get("h", "/"), ROUTE, NOON));
    journal.take(record(Visits.get("h", "/"), ROUTE, NOON));
    journal.close();

    assertThat(journal.failed()).isEqualTo(2);
  }

  @Test
  void only_distributions_with_logging_are_logged_unless_all_are() {
    Route silent = route(distribution("EB", List.of(), behavior("*", "P")), policy("P"));
    Journal all =
        new Journal(
            folder,
            Limits.standard(),
            true,
            () -> Atlas.NONE,
            new ManualClock(NOON),
            new SplittableRandom(1));

    assertThat(journal(Limits.standard()).wants(ROUTE)).isTrue();
    assertThat(journal(Limits.standard()).wants(silent)).isFalse();
    assertThat(all.wants(silent)).isTrue();
  }

  @Test
  void counters_tell_location_distribution_result_and_status_class() {
    var tallies = new Tallies();
    Tallies.Place here = tallies.at("FRA");
    var delivery = new Delivery(100, 80, 1, 2, true, 0);
    here.finished("EA", ResultType.HIT, 200, delivery, 50);
    here.finished("EA", ResultType.HIT, 206, delivery, 50);
    here.finished("EA", ResultType.ERROR, 0, delivery, 50);
    here.took(Counters.Span.ANSWER, ResultType.HIT, 2_000_000);

    Counters counters = tallies.snapshot(journal(Limits.standard()));

    assertThat(counters.requests())
        .containsExactlyInAnyOrder(
            new Counters.Requests("FRA", "EA", ResultType.HIT, 2, 2),
            new Counters.Requests("FRA", "EA", ResultType.ERROR, 0, 1));
    assertThat(counters.traffic()).containsExactly(new Counters.Traffic("FRA", "EA", 300, 150));
    assertThat(counters.times().getFirst().counts())
        .hasSize(Counters.BOUNDS_SECONDS.size() + 1)
        .startsWith(0L, 0L, 0L, 0L, 1L, 0L);
    assertThat(counters.times().getFirst().sumSeconds()).isEqualTo(0.002);
  }

  private Journal journal(Limits limits) {
    return new Journal(
        folder, limits, false, () -> Atlas.NONE, new ManualClock(NOON), new SplittableRandom(1));
  }

  private static Distribution logged(String id, boolean cookies) {
    return logged(id, new Distribution.Logging(BUCKET, "", cookies));
  }

  static Distribution logged(String id, Distribution.Logging logging) {
    Distribution plain = distribution(id, List.of(), behavior("*", "P"));
    return new Distribution(
        plain.id(),
        plain.domainName(),
        plain.enabled(),
        plain.aliases(),
        plain.defaultRootObject(),
        plain.ipv6(),
        plain.http2(),
        plain.priceClass(),
        plain.origins(),
        plain.behaviors(),
        plain.defaultBehavior(),
        plain.errorTtl(),
        Optional.of(logging),
        plain.cacheTagHeader(),
        plain.wishes(),
        Entrance.PLAIN,
        Remedies.NONE);
  }

  static AccessRecord record(Request request, Route route, Instant finished) {
    return new AccessRecord(
        Optional.of(request),
        request.place(),
        Optional.of(route),
        request.id(),
        206,
        ResultType.HIT,
        ResultType.HIT,
        "Hit",
        "text/html; charset=utf-8",
        1000,
        Optional.of(new ByteRange(0, 999)),
        new Delivery(1234, 1000, 5_000_000, 12_000_000, true, 42),
        finished.toEpochMilli(),
        12_000_000,
        -1,
        Optional.empty());
  }

  private static List<String> row(AccessRecord accessRecord) {
    Cells written = new Cells();
    Line.write(accessRecord, written);
    return row(written);
  }

  private static List<String> row(Cells written) {
    String line = new String(written.bytes(), 0, written.length(), StandardCharsets.US_ASCII);
    assertThat(line).endsWith("\n");
    return List.of(line.strip().split("\t"));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().matches(".*[.](gz|log)")).sorted().toList();
    }
  }

  private static String text(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
