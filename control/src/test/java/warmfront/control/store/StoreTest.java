package warmfront.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import warmfront.control.store.KeyTable.Pair;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;
import warmfront.distribution.Publication;
import warmfront.rtt.MapEdition;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;

/** What the store promises, on both databases. */
final class StoreTest {
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void what_was_written_is_read_also_after_a_restart(Kept kept) {
    String url = kept.url(folder);
    Row row = row("E1", "");

    try (Store store = Store.open(url, KEY)) {
      store.write(transaction -> {
        transaction.insert(row);
        transaction.tag("arn:1", Map.of("b", "2", "a", "1", "é", ""));
        transaction.keys().put("s", new Pair("k", "é"));
        return transaction.append(
            Kind.PUBLICATION,
            "E1",
            Optional.of(
                new Publication(
                    "E1", "d1.example", true, List.of(), false, Publication.Terms.USUAL)));
      });
    }

    try (Store store = Store.open(url, KEY)) {
      assertThat(store.<Optional<Row>>read(t -> t.find("distribution", "E1"))).contains(row);
      assertThat(store.<Map<String, String>>read(t -> t.tags("arn:1")).keySet())
          .containsExactly("a", "b", "é");
      assertThat(store.<List<Pair>>read(t -> t.keys().page("s", "", 9)))
          .containsExactly(new Pair("k", "é"));
      assertThat(store.head().revision()).isEqualTo(1);
      assertThat(store.after(0, 10)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_of_a_failed_transaction_is_kept(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      assertThatThrownBy(() ->
              store.write(transaction -> {
                transaction.insert(row("E1", ""));
                transaction.claim("reference", "r", "E1");
                transaction.append(Kind.PUBLICATION, "E1", Optional.empty());
                throw new IllegalArgumentException("no");
              }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no");

      assertThat(store.<Optional<Row>>read(t -> t.find("distribution", "E1"))).isEmpty();
      assertThat(store.<Optional<String>>read(t -> t.owner("reference", "r"))).isEmpty();
      assertThat(store.head()).isEqualTo(new LogHead(1, 0, Chain.EMPTY));
      assertThat(store.after(0, 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_mark_is_new_once_while_its_time_lasts(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      Instant until = NOON.plusSeconds(1);

      assertThat(store.<Boolean>write(t -> t.marks().add("m", NOON, until))).isTrue();
      assertThat(store.<Boolean>write(t -> t.marks().add("m", NOON, until))).isFalse();
      assertThat(store.<Boolean>write(t -> t.marks().add("n", NOON, until))).isTrue();
      assertThat(store.<Boolean>write(t -> t.marks().add("m", until.plusMillis(1), until)))
          .as("forgotten")
          .isTrue();
      assertThatThrownBy(() -> store.read(Transaction::marks))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_claim_has_one_owner_until_it_is_given_up(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      assertThat(store.<Optional<String>>write(t -> t.claim("alias", "a.example", "E1"))).isEmpty();
      assertThat(store.<Optional<String>>write(t -> t.claim("alias", "a.example", "E2")))
          .contains("E1");
      assertThat(store.<Optional<String>>write(t -> t.claim("name", "a.example", "E2"))).isEmpty();

      store.write(t -> {
        t.releaseAll("alias", "E1");
        return true;
      });

      assertThat(store.<Optional<String>>write(t -> t.claim("alias", "a.example", "E2"))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void pages_go_from_the_newest_on_also_after_a_deleted_row(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      store.write(t -> {
        IntStream.range(0, 7).forEach(i -> t.insert(row("E" + i, "")));
        t.insert(row("child", "E3"));
        return true;
      });

      List<String> first = ids(store, Optional.empty(), 3);
      store.write(t -> {
        t.delete("distribution", "E4");
        return true;
      });
      List<String> second = ids(store, Optional.of("E4"), 3);

      assertThat(first).containsExactly("E6", "E5", "E4");
      assertThat(second).containsExactly("E3", "E2", "E1");
      assertThat(ids(store, Optional.of("E1"), 3)).containsExactly("E0");
      assertThat(ids(store, Optional.of("never"), 3)).isEmpty();
      assertThat(store.<List<Row>>read(t -> t.page("distribution", "E3", Optional.empty(), 9)))
          .extracting(Row::id)
          .containsExactly("child");
      assertThat(store.<Long>read(t -> t.count("distribution", ""))).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_row_is_inserted_once_and_changed_only_where_it_is(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      Row row = row("E1", "");
      store.write(inserting(row));

      store.write(t -> {
        t.update(row.withStatus("Deployed").withRevision(9));
        return true;
      });

      assertThatThrownBy(() -> store.write(inserting(row)))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() ->
              store.write(t -> {
                t.update(row("E2", ""));
                return true;
              }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(store.<List<Row>>read(t -> t.withStatus("distribution", "Deployed")))
          .containsExactly(row.withStatus("Deployed").withRevision(9));
      assertThatThrownBy(() -> store.read(inserting(row("E3", ""))))
          .hasMessageContaining("only reads");
    }
  }

  @ParameterizedTest
  @EnumSource
  void entries_are_numbered_without_gaps_and_chained(Kept kept) throws Exception {
    try (Store store = Store.open(kept.url(folder), KEY);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> revisions = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String id = "E" + i;
        revisions.add(
            callers.submit(() ->
                store.write(t -> {
                  t.append(Kind.PUBLICATION, id, publication(id));
                  return t.append(Kind.PUBLICATION, id + "b", publication(id + "b"));
                })));
      }
      List<Long> given = new ArrayList<>();
      for (Future<Long> revision : revisions) {
        given.add(revision.get());
      }

      List<LogEntry> entries = store.after(0, 100);
      Chain chain = Chain.EMPTY;
      for (LogEntry entry : entries) {
        chain = SnapshotCodec.chain(chain, entry);
        assertThat(SnapshotCodec.chain(entry.getChain())).isEqualTo(chain);
        assertThat(entry.getLast()).isEqualTo(entry.getRevision() % 2 == 0);
      }

      assertThat(given).doesNotHaveDuplicates();
      assertThat(entries)
          .extracting(LogEntry::getRevision)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 80).mapToObj(Long::valueOf).toList());
      assertThat(store.head()).isEqualTo(new LogHead(1, 80, chain));
    }
  }

  @Test
  @Timeout(30)
  void who_reads_along_misses_nothing_that_several_processes_write() throws Exception {
    String url = Kept.POSTGRESQL.url(folder);
    try (Store one = Store.open(url, KEY);
        Store other = Store.open(url, KEY);
        Store reader = Store.open(url, KEY);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Store store : List.of(one, other)) {
        for (int i = 0; i < 100; i++) {
          Future<?> _ = callers.submit(() -> store.write(appending("E1", true)));
        }
      }

      Chain chain = Chain.EMPTY;
      long at = 0;
      while (at < 200) {
        for (LogEntry entry : reader.after(at, 7)) {
          assertThat(entry.getRevision()).isEqualTo(at + 1);
          chain = SnapshotCodec.chain(chain, entry);
          assertThat(SnapshotCodec.chain(entry.getChain())).isEqualTo(chain);
          at = entry.getRevision();
        }
      }

      assertThat(one.head()).isEqualTo(new LogHead(1, 200, chain)).isEqualTo(other.head());
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_picture_has_the_last_value_of_what_is_there(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      store.write(appending("E1", true));
      store.write(appending("E2", true));
      store.write(appending("E1", true));
      store.write(appending("E2", false));

      Store.Picture picture = store.picture();

      assertThat(picture.head().revision()).isEqualTo(4);
      assertThat(picture.entries()).extracting(LogEntry::getRevision).containsExactly(3L);
      assertThat(store.<List<?>>read(t -> t.latest(Kind.PUBLICATION)))
          .isEqualTo(
              List.of(
                  new Publication(
                      "E1", "d1.example", true, List.of(), false, Publication.Terms.USUAL)));
      assertThat(store.after(2, 1)).extracting(LogEntry::getRevision).containsExactly(3L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_secret_is_sealed_at_rest_and_opens_with_its_key_alone(Kept kept) throws Exception {
    String url = kept.url(folder);
    HeartbeatKey key = new HeartbeatKey("1", "A".repeat(43) + "=");
    try (Store store = Store.open(url, KEY)) {
      store.write(t -> t.append(Kind.HEARTBEAT_KEY, "1", Optional.of(key)));

      assertThat(store.<Optional<?>>read(t -> t.latest(Kind.HEARTBEAT_KEY, "1")))
          .isEqualTo(Optional.of(key));
      assertThat(store.after(0, 1).getFirst().hasValue()).isTrue();
    }
    try (Connection connection = jdbc(kept, url);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("select entry, secret from log_entry")) {
      rows.next();
      assertThat(LogEntry.parseFrom(rows.getBytes(1)).hasValue()).isFalse();
      assertThat(new String(rows.getBytes(2), StandardCharsets.ISO_8859_1))
          .doesNotContain("\0".repeat(16));
    }
    try (Store store = Store.open(url, new SecretKeySpec(new byte[16], "AES"))) {
      assertThatThrownBy(() -> store.after(0, 1)).hasMessageContaining("does not open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_callers_wrote_is_sealed_at_rest(Kept kept) throws Exception {
    String url = kept.url(folder);
    Row row = row("E1", "");
    try (Store store = Store.open(url, KEY)) {
      store.write(inserting(row));
    }
    try (Connection connection = jdbc(kept, url);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("select body from resource")) {
      rows.next();
      assertThat(new String(rows.getBytes(1), StandardCharsets.UTF_8)).doesNotContain("é");
    }
    try (Store store = Store.open(url, new SecretKeySpec(new byte[16], "AES"))) {
      assertThatThrownBy(() -> store.read(t -> t.find("distribution", "E1")))
          .hasMessageContaining("does not open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_database_of_a_newer_version_is_refused_clearly(Kept kept) throws SQLException {
    String url = kept.url(folder);
    Store.open(url, KEY).close();
    try (Connection connection = jdbc(kept, url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into schema_version (installed_rank, version, description, type, script,"
              + " installed_by, execution_time, success) values (99, '999', 'later', 'SQL',"
              + " 'V999__later.sql', 'later', 0, "
              + (kept == Kept.SQLITE ? "1)" : "true)"));
    }

    assertThatThrownBy(() -> Store.open(url, KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("newer version")
        .hasMessageContaining("999");
  }

  @ParameterizedTest
  @EnumSource
  void measurements_wait_in_their_order_and_the_oldest_give_way(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      long room = 3 * 2048;

      int lost = store.write(tx -> tx.maps().addReports(waiting("a", "b", "c"), room));
      int lostThen = store.write(tx -> tx.maps().addReports(waiting("d", "e"), room));
      MapTable.Oldest first = store.read(tx -> tx.maps().oldestReports(2));
      store.write(tx -> {
        tx.maps().removeReports(first.upTo());
        return true;
      });
      MapTable.Oldest rest = store.read(tx -> tx.maps().oldestReports(2));

      assertThat(lost).isZero();
      assertThat(lostThen).isEqualTo(2);
      assertThat(first.reports()).extracting(MapTable.Waiting::serverId).containsExactly("c", "d");
      assertThat(first.reports().getFirst().location()).isEqualTo("FRA");
      assertThat(first.reports().getFirst().rows()).isEqualTo(ByteBuffer.allocate(1024));
      assertThat(rest.reports()).extracting(MapTable.Waiting::serverId).containsExactly("e");
    }
  }

  private static List<MapTable.Waiting> waiting(String... servers) {
    return Stream.of(servers)
        .map(server -> new MapTable.Waiting(server, "FRA", ByteBuffer.allocate(1024)))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void an_edition_is_read_once_it_is_shown(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      store.write(tx -> {
        tx.maps().putPart(4, 0, 1, ByteBuffer.wrap(new byte[] {3}));
        tx.maps().putPart(4, 0, 0, ByteBuffer.wrap(new byte[] {1, 2}));
        tx.maps().putPart(4, 0, 0, ByteBuffer.wrap(new byte[] {1, 9}));
        tx.maps().putPart(3, 0, 0, ByteBuffer.wrap(new byte[] {7}));
        return true;
      });
      Optional<MapTable.Newest> unseen = store.read(tx -> tx.maps().newest());
      assertThat(unseen).isEmpty();

      store.write(tx -> {
        tx.maps().show(4, 0, NOON);
        tx.maps().prune(4, 4);
        return true;
      });

      Optional<MapTable.Newest> newest = store.read(tx -> tx.maps().newest());
      List<MapEdition> editions = store.read(tx -> tx.maps().editions(0));
      assertThat(newest).contains(new MapTable.Newest(4, NOON.truncatedTo(ChronoUnit.MILLIS)));
      assertThat(editions)
          .extracting(MapEdition::content)
          .containsExactly(ByteBuffer.wrap(new byte[] {1, 9, 3}));
    }
  }

  @ParameterizedTest
  @EnumSource
  void listeners_hear_of_appended_entries_also_from_another_process(Kept kept) throws Exception {
    String url = kept.url(folder);
    try (Store store = Store.open(url, KEY);
        Store elsewhere = Store.open(url, KEY)) {
      CountDownLatch heard = new CountDownLatch(1);
      store.onAppend(heard::countDown);

      for (int i = 0; heard.getCount() > 0 && i < 100; i++) {
        (kept == Kept.POSTGRESQL ? elsewhere : store).write(appending("E1", true));
        heard.await(50, TimeUnit.MILLISECONDS);
      }

      assertThat(heard.getCount()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_raised_epoch_counts_on_from_the_same_revision(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      store.write(appending("E1", true));

      long epoch = store.raiseEpoch();
      store.write(appending("E2", true));

      assertThat(epoch).isEqualTo(2);
      assertThat(store.after(1, 1).getFirst().getEpoch()).isEqualTo(2);
      assertThat(store.head().revision()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_transaction_inside_a_transaction_is_refused(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      assertThatThrownBy(() -> store.write(t -> store.read(Transaction::head)))
          .hasMessageContaining("inside");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_pruned_log_keeps_its_picture_and_its_end(Kept kept) {
    try (Store store = Store.open(kept.url(folder), KEY)) {
      store.write(appending("E1", true));
      store.write(appending("E2", true));
      store.write(appending("E2", false));
      store.write(appending("E3", true));
      LogHead head = store.head();

      int gone = store.prune(3);

      assertThat(gone).isEqualTo(2);
      assertThat(store.after(0, 9)).extracting(LogEntry::getRevision).containsExactly(1L, 4L);
      assertThat(store.picture().entries())
          .extracting(LogEntry::getRevision)
          .containsExactly(1L, 4L);
      assertThat(store.head()).isEqualTo(head);
      assertThat(store.<List<Snapshot.Versioned>>read(t -> t.versioned(Kind.PUBLICATION)))
          .extracting(Snapshot.Versioned::revision)
          .containsExactly(1L, 4L);
      store.write(appending("E1", false));
      assertThat(store.prune(4)).isEqualTo(1);
    }
  }

  private static Connection jdbc(Kept kept, String url) throws SQLException {
    return kept == Kept.SQLITE
        ? DriverManager.getConnection("jdbc:sqlite:" + url)
        : DriverManager.getConnection("jdbc:" + url.replace("postgres@", "") + "&user=postgres");
  }

  private static java.util.function.Function<Transaction, Boolean> inserting(Row row) {
    return transaction -> {
      transaction.insert(row);
      return true;
    };
  }

  private static java.util.function.Function<Transaction, Long> appending(
      String id, boolean there) {
    return transaction ->
        transaction.append(
            Kind.PUBLICATION,
            id,
            there
                ? Optional.of(
                    new Publication(
                        id, "d1.example", true, List.of(), false, Publication.Terms.USUAL))
                : Optional.empty());
  }

  private static Optional<warmfront.distribution.Resource> publication(String id) {
    return Optional.of(
        new Publication(id, "d1.example", true, List.of(), false, Publication.Terms.USUAL));
  }

  private static List<String> ids(Store store, Optional<String> after, int max) {
    return store.<List<Row>>read(t -> t.page("distribution", "", after, max)).stream()
        .map(Row::id)
        .toList();
  }

  private static Row row(String id, String parent) {
    return new Row(
        "distribution", id, parent, "InProgress", "etag", NOON, NOON.plusSeconds(1), 0, "<é/>");
  }
}
