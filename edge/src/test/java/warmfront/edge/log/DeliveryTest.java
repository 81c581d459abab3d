package warmfront.edge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.edge.Pictures.behavior;
import static warmfront.edge.Pictures.distribution;
import static warmfront.edge.Pictures.policy;
import static warmfront.edge.Pictures.route;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.distribution.Distribution;
import warmfront.distribution.LogDeliveries.Delivery;
import warmfront.distribution.LogDeliveries.Format;
import warmfront.edge.Visits;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.edge.step.StreamRecord;
import warmfront.time.ManualClock;

/** Finished logs on their way to buckets, which are scripted. */
@Timeout(60)
final class DeliveryTest {
  private static final Instant NOON = Instant.parse("2026-03-04T12:00:07Z");
  private static final List<String> FURTHER =
      List.of(
          "timestamp",
          "timestamp(ms)",
          "origin-fbl",
          "origin-lbl",
          "asn",
          "c-country",
          "cache-behavior-path-pattern",
          "distribution-tenant-id",
          "of-a-later-version");
  private static final Limits.Delivering SOON =
      new Limits.Delivering(Duration.ofMinutes(5), Duration.ofMillis(1), Duration.ofMillis(2));
  private static final Route ROUTE = logged("EA", "one.s3.amazonaws.com", "web");

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(NOON);
  private final Bucket buckets = new Bucket();
  private Atlas atlas = Atlas.NONE;

  @Test
  void a_finished_file_is_an_object_behind_the_prefix_and_here_no_more() throws IOException {
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    journal.take(visit(ROUTE, "/a"));
    journal.close();

    assertThat(buckets.names()).hasSize(1);
    assertThat(buckets.names().getFirst())
        .matches("one\\.s3\\.amazonaws\\.com web/EA\\.2026-03-04-12\\.[0-9a-f]{16}\\.gz");
    assertThat(buckets.text()).startsWith("#Version: 1.0\n#Fields: date ").contains("\t/a\t");
    assertThat(files()).isEmpty();
    assertThat(journal.files()).isEqualTo(new Counters.Files(1, 0, 0, 0, 0));
  }

  @Test
  void a_prefix_gets_a_slash_unless_it_is_empty_or_has_one() throws IOException {
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    journal.take(visit(logged("EA", "one", ""), "/"));
    journal.take(visit(logged("EB", "one", "b/"), "/"));
    journal.take(visit(logged("EC", "one", "c/d"), "/"));
    journal.close();

    assertThat(buckets.names())
        .extracting(name -> name.substring(0, name.indexOf(".2026")))
        .containsExactly("one EA", "one b/EB", "one c/d/EC");
  }

  @Test
  void a_file_goes_when_its_time_is_over_though_its_hour_is_not() {
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    journal.take(visit(ROUTE, "/early"));
    await(() -> !files().isEmpty());
    clock.advance(Duration.ofMinutes(5));

    await(() -> buckets.names().size() == 1);
    journal.take(visit(ROUTE, "/late"));
    journal.close();

    assertThat(buckets.names()).hasSize(2);
    assertThat(buckets.text()).contains("\t/early\t", "\t/late\t");
  }

  @Test
  void a_full_file_goes_at_once() {
    Journal journal = journal(new Limits(100, 1000, 4, 1L << 30));
    journal.deliver(buckets);
    for (int i = 0; i < 10; i++) {
      journal.take(visit(ROUTE, "/" + i));
    }

    await(() -> buckets.names().size() > 1);
    journal.close();

    assertThat(buckets.text().lines().filter(row -> !row.startsWith("#"))).hasSize(10);
  }

  @Test
  void events_of_a_streaming_distribution_go_to_its_bucket() {
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    journal.take(
        logged("ES", "one", "rtmp"),
        new StreamRecord(
            Visits.FRA,
            InetAddress.getLoopbackAddress(),
            "connect",
            0,
            "OK",
            "c",
            "rtmp://h/cfx/st",
            "",
            "",
            "",
            "",
            Optional.empty(),
            NOON.toEpochMilli()));
    journal.close();

    assertThat(buckets.names().getFirst()).startsWith("one rtmp/ES.2026-03-04-12.");
    assertThat(buckets.text()).contains("#Fields: " + StreamLine.FIELDS, "\tconnect\t");
  }

  @Test
  void logs_of_a_distribution_without_logging_stay_and_are_for_each_hour() throws IOException {
    Journal journal =
        new Journal(folder, Limits.standard(), true, () -> atlas, clock, new SplittableRandom(1));
    journal.start();
    journal.deliver(buckets);
    journal.take(visit(unlogged(), "/"));
    await(() -> !files().isEmpty());
    clock.advance(Duration.ofMinutes(50));
    journal.take(visit(unlogged(), "/"));
    journal.close();

    assertThat(buckets.names()).isEmpty();
    assertThat(files()).hasSize(1);
    assertThat(files().getFirst().getParent()).isEqualTo(folder.resolve("EB"));
  }

  @Test
  void a_bucket_that_refuses_is_asked_again_until_it_takes_the_file() {
    buckets.refuse("one.s3.amazonaws.com", "403 AccessDenied", "404 NoSuchBucket", "no answer");
    Journal journal = journal(Limits.standard().with(SOON));
    journal.deliver(buckets);
    journal.take(visit(ROUTE, "/a"));
    await(() -> !files().isEmpty());
    clock.advance(Duration.ofMinutes(5));

    await(() -> journal.files().delivered() == 1);

    assertThat(journal.files().failed()).isEqualTo(3);
    assertThat(buckets.text()).contains("\t/a\t");
    journal.close();
  }

  @Test
  void a_bucket_that_is_away_keeps_no_other_waiting_nor_the_end() throws IOException {
    buckets.refuse("one.s3.amazonaws.com", "no answer");
    Journal journal = journal(Limits.standard()); // it is asked again in 2.5 s at the earliest
    journal.deliver(buckets);
    journal.take(visit(ROUTE, "/a"));
    await(() -> !files().isEmpty());
    clock.advance(Duration.ofMinutes(5));
    await(() -> journal.files().failed() == 1);

    journal.take(visit(logged("EB", "other", ""), "/b"));
    journal.close();

    assertThat(buckets.names()).hasSize(1);
    assertThat(buckets.text()).contains("\t/b\t");
    assertThat(files()).hasSize(1);
    assertThat(journal.files().waiting()).isEqualTo(1);
  }

  @Test
  void a_silent_bucket_holds_up_no_record() throws Exception {
    CountDownLatch speaks = new CountDownLatch(1);
    Journal journal = journal(new Limits(1000, 1000, 4, 1L << 30));
    journal.deliver((_, _, _) -> {
      speaks.await();
      return Optional.empty();
    });

    for (int i = 0; i < 90; i++) {
      journal.take(visit(ROUTE, "/" + i));
    }
    await(() -> journal.files().waiting() > 1);
    for (int i = 0; i < 90; i++) {
      journal.take(visit(ROUTE, "/" + i));
    }

    await(() -> journal.files().waiting() > 30);
    assertThat(journal.overflowed()).isZero();
    assertThat(journal.failed()).isZero();
    speaks.countDown();
    journal.close();
  }

  @Test
  void what_an_earlier_process_left_goes_where_it_was_to_go_then() throws IOException {
    Journal killed = journal(Limits.standard()); // without a carrier nothing goes
    killed.take(visit(ROUTE, "/compressed"));
    killed.close();
    Path compressed = files().getFirst();
    Files.writeString(
        compressed.resolveSibling("EA.2026-03-04-11.0123456789abcdef.log"), "#Version: 1.0\nrow\n");
    assertThat(buckets.names()).isEmpty();

    Journal next = journal(Limits.standard());
    next.deliver(buckets);
    next.take(visit(logged("EA", "new", "moved"), "/now"));
    await(() -> buckets.names().size() == 2);
    next.close();

    assertThat(buckets.names())
        .satisfiesExactly(
            name -> assertThat(name).startsWith("new moved/EA.2026-03-04-12."),
            name ->
                assertThat(name)
                    .isEqualTo("one.s3.amazonaws.com web/EA.2026-03-04-11.0123456789abcdef.gz"),
            name -> assertThat(name).endsWith(" web/" + compressed.getFileName()));
    assertThat(files()).isEmpty();
  }

  @Test
  void a_process_that_was_killed_before_it_knew_delivers_the_same_object_again()
      throws IOException {
    Journal killed = journal(Limits.standard());
    killed.take(visit(ROUTE, "/a"));
    killed.close();
    Path file = files().getFirst();
    byte[] content = Files.readAllBytes(file);
    buckets.objects.put("one.s3.amazonaws.com web/" + file.getFileName(), content);

    Journal next = journal(Limits.standard());
    next.deliver(buckets);
    await(() -> next.files().delivered() == 1);
    next.close();

    assertThat(buckets.names()).hasSize(1);
    assertThat(buckets.objects.values().iterator().next()).isEqualTo(content);
  }

  @Test
  void what_was_half_compressed_is_compressed_anew() throws IOException {
    Journal killed = journal(Limits.standard());
    killed.take(visit(ROUTE, "/a"));
    killed.close();
    Path finished = files().getFirst();
    String name = finished.getFileName().toString().replace(".gz", "");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(finished))) {
      Files.copy(in, finished.resolveSibling(name + ".log"));
    }
    Files.move(finished, finished.resolveSibling(name + ".tmp"));

    Journal next = journal(Limits.standard());
    next.deliver(buckets);
    await(() -> next.files().delivered() == 1);
    next.close();

    assertThat(buckets.text()).contains("\t/a\t");
    assertThat(finished.resolveSibling(name + ".tmp")).doesNotExist();
  }

  @Test
  void a_full_spool_drops_the_oldest_and_counts_them() throws IOException {
    Journal journal = journal(new Limits(100, 100, 4, 2000)); // some 500 bytes a file
    for (int i = 0; i < 20; i++) {
      journal.take(visit(ROUTE, "/" + i));
    }
    journal.close();

    long bytes = 0;
    for (Path file : files()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isBetween(1L, 2000L);
    assertThat(journal.files().spoolBytes()).isEqualTo(bytes);
    assertThat(journal.files().dropped()).isEqualTo(20 - files().size());
  }

  @Test
  void the_hour_of_the_requests_stands_in_for_variables() {
    Address address = new Address("one", "a/{yyyy}/{MM}/{dd}/hour={HH}/");

    assertThat(address.key(Path.of("x", "E1.2026-03-04-05.abc.gz")))
        .isEqualTo("a/2026/03/04/hour=05/E1.2026-03-04-05.abc.gz");
  }

  @Test
  void a_delivery_has_the_fields_that_it_chose_in_its_format() {
    atlas = new Places();
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    Route route =
        delivering(
            new Delivery("json", "a/{yyyy}/", Format.JSON, List.of("sc-status", "cs(Cookie)"), ""),
            new Delivery("plain", "", Format.PLAIN, FURTHER, ", "),
            new Delivery("w3c", "c/{HH}/", Format.W3C, List.of("date", "sc-range-end"), "|"));
    journal.take(
        JournalTest.record(Visits.get("h", "/a", "Cookie", "k=\"v\""), route, NOON.plusMillis(89)));
    journal.close();

    assertThat(buckets.names()).hasSize(3);
    assertThat(buckets.names().getFirst()).startsWith("json a/2026/EA.2026-03-04-12.");
    assertThat(buckets.text("json"))
        .isEqualTo("{\"sc-status\":\"206\",\"cs(Cookie)\":\"k=%22v%22\"}\n");
    assertThat(buckets.text("plain"))
        .isEqualTo("1772625607, 1772625607089, -, -, 64496, JP, *, -, -\n");
    assertThat(buckets.names().getLast()).startsWith("w3c c/12/EA.");
    assertThat(buckets.text("w3c"))
        .isEqualTo("#Version: 1.0\n#Fields: date sc-range-end\n2026-03-04|999\n");
  }

  @Test
  void all_standard_fields_of_a_delivery_are_those_of_the_first_form() {
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    List<String> names = List.of(Line.FIELDS.split(" ", -1));
    Route both = delivering(new Delivery("two", "", Format.W3C, names, "\t"));
    journal.take(visit(both, "/a"));
    journal.take(visit(ROUTE, "/a"));
    journal.close();

    assertThat(buckets.names()).hasSize(2);
    assertThat(buckets.text("two").replaceAll("\t\\S+==\t", ""))
        .isEqualTo(buckets.text("one").replaceAll("\t\\S+==\t", ""));
  }

  @Test
  void a_distribution_s_own_log_and_its_deliveries_are_beside_each_other() {
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    Distribution own = JournalTest.logged("EA", new Distribution.Logging("own", "", false));
    Delivery first = new Delivery("first", "", Format.JSON, List.of("c-ip"), "");
    Delivery second = new Delivery("second", "", Format.JSON, List.of("c-ip"), "");
    Route route = delivering(own, List.of(first, second));
    for (int i = 0; i < 3; i++) {
      journal.take(visit(route, "/" + i));
      journal.take(visit(ROUTE, "/other"));
    }
    journal.close();

    assertThat(buckets.text("own").lines()).hasSize(5);
    assertThat(buckets.text("first").lines())
        .hasSize(3)
        .allMatch("{\"c-ip\":\"192.0.2.7\"}"::equals);
    assertThat(buckets.text("second")).isEqualTo(buckets.text("first"));
  }

  @Test
  void a_delivery_alone_is_a_reason_to_log_and_leaves_nothing_here() throws IOException {
    Route route = delivering(new Delivery("b", "", Format.JSON, List.of("date"), ""));
    Journal journal = journal(Limits.standard());
    journal.deliver(buckets);
    assertThat(journal.wants(route)).isTrue();
    journal.take(visit(route, "/"));
    journal.close();

    assertThat(buckets.names()).hasSize(1);
    assertThat(files()).isEmpty();
  }

  private static Route delivering(Delivery... deliveries) {
    return delivering(distribution("EA", List.of(), behavior("*", "P")), List.of(deliveries));
  }

  private static Route delivering(Distribution distribution, List<Delivery> deliveries) {
    return new Route(
        new Site(distribution, 1, Optional.empty(), deliveries),
        distribution.defaultBehavior(),
        policy("P"),
        distribution.origins().getFirst(),
        Optional.empty());
  }

  /** Knows one place. */
  private static final class Places implements Atlas {
    @Override
    public Optional<String> country(InetAddress address) {
      return Optional.of("JP");
    }

    @Override
    public int system(InetAddress address) {
      return 64496;
    }
  }

  private Journal journal(Limits limits) {
    Journal journal =
        new Journal(folder, limits, false, () -> atlas, clock, new SplittableRandom(1));
    journal.start();
    return journal;
  }

  private static AccessRecord visit(Route route, String path) {
    return JournalTest.record(Visits.get("h", path), route, NOON);
  }

  private static Route unlogged() {
    return route(distribution("EB", List.of(), behavior("*", "P")), policy("P"));
  }

  private static Route logged(String id, String bucket, String prefix) {
    return route(
        JournalTest.logged(id, new Distribution.Logging(bucket, prefix, false)), policy("P"));
  }

  /** Returns the logs that are here, compressed or not. */
  private List<Path> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().matches(".*[.](gz|log)")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Buckets that refuse as often as they are told to. */
  private static final class Bucket implements Carrier {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, List<String>> refusals = new ConcurrentHashMap<>();

    void refuse(String bucket, String... whys) {
      refusals.put(bucket, new ArrayList<>(List.of(whys)));
    }

    @Override
    public Optional<String> carry(String bucket, String key, Path file) {
      List<String> left = refusals.getOrDefault(bucket, List.of());
      if (!left.isEmpty()) {
        return Optional.of(left.removeFirst());
      }
      try {
        objects.put(bucket + " " + key, Files.readAllBytes(file));
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of(e.toString());
      }
    }

    List<String> names() {
      return objects.keySet().stream().sorted().toList();
    }

    /** Returns all rows of all objects. */
    String text() {
      return text("");
    }

    /** Returns all rows of a bucket's objects. */
    String text(String bucket) {
      StringBuilder all = new StringBuilder();
      for (String name : names().stream().filter(one -> one.startsWith(bucket)).toList()) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(objects.get(name)))) {
          all.append(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
      return all.toString();
    }
  }
}
