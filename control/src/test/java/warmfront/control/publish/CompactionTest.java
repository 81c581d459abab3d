package warmfront.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.store.Kept;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.snapshot.Snapshot;

/** What is dropped of log and picture, and what stays. */
final class CompactionTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path folder;

  private Store store;

  @BeforeEach
  void open() {
    store = Store.open(Kept.chosen().url(folder), new SecretKeySpec(new byte[32], "AES"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void the_oldest_completed_invalidations_give_way_to_a_floor() {
    List<Long> revisions =
        IntStream.range(0, 5).mapToObj(i -> completed("E1", "I" + i, 2)).toList();
    long other = completed("E2", "other", 2);

    new Compaction(store, new Compaction.Limits(1000, 8, 1000)).run();

    assertThat(kept()).containsExactly(revisions.get(3), revisions.get(4), other);
    assertThat(floor("E1")).contains(new InvalidationFloor("E1", revisions.get(2)));
    assertThat(floor("E2")).isEmpty();
    assertThat(store.<Optional<Row>>read(tx -> tx.find("invalidation", "I0"))).isPresent();
  }

  @Test
  void within_the_limits_nothing_is_dropped() {
    IntStream.range(0, 4).forEach(i -> completed("E1", "I" + i, 2));
    long head = store.head().revision();

    new Compaction(store, new Compaction.Limits(1000, 8, 1000)).run();

    assertThat(store.head().revision()).isEqualTo(head);
  }

  @Test
  void what_is_in_progress_stays_whatever_its_age() {
    long first = invalidation("E1", "I0", 4, "InProgress");
    long second = completed("E1", "I1", 4);
    long third = completed("E1", "I2", 4);

    new Compaction(store, new Compaction.Limits(1000, 8, 1000)).run();

    assertThat(kept()).containsExactly(first, third);
    assertThat(floor("E1")).contains(new InvalidationFloor("E1", second));
  }

  @Test
  void the_paths_of_all_distributions_together_have_a_limit() {
    long first = completed("E1", "I1", 10);
    long second = completed("E2", "I2", 10);
    long third = completed("E3", "I3", 10);

    new Compaction(store, new Compaction.Limits(1000, 100, 50)).run();

    assertThat(kept()).containsExactly(third);
    assertThat(floor("E1")).contains(new InvalidationFloor("E1", first));
    assertThat(floor("E2")).contains(new InvalidationFloor("E2", second));
    assertThat(floor("E3")).isEmpty();
  }

  @Test
  void a_floor_only_rises_and_comes_before_what_it_stands_for() {
    IntStream.range(0, 5).forEach(i -> completed("E1", "I" + i, 2));
    Compaction compaction = new Compaction(store, new Compaction.Limits(1000, 8, 1000));
    compaction.run();
    long before = ((InvalidationFloor) floor("E1").orElseThrow()).revision();
    long head = store.head().revision();
    IntStream.range(5, 10).forEach(i -> completed("E1", "I" + i, 2));

    compaction.run();

    assertThat(((InvalidationFloor) floor("E1").orElseThrow()).revision()).isGreaterThan(before);
    assertThat(store.after(head + 5, 100))
        .extracting(entry -> entry.getKind() + (entry.getDeleted() ? " gone" : ""))
        .startsWith("INVALIDATION_FLOOR", "INVALIDATION gone");
  }

  @Test
  void the_log_keeps_its_newest_entries_and_the_picture() {
    completed("E9", "first", 1);
    completed("E1", "same", 1);
    store.write(tx -> {
      Resource again = tx.latest(Kind.INVALIDATION, "same").orElseThrow();
      IntStream.range(1, 200)
          .forEach(i -> tx.append(Kind.INVALIDATION, "same", Optional.of(again)));
      return true;
    });

    new Compaction(store, new Compaction.Limits(50, 100, 10_000)).run();

    assertThat(store.after(0, 1000)).hasSize(51);
    assertThat(store.after(0, 1).getFirst().getId()).isEqualTo("first");
    assertThat(store.picture().entries()).hasSize(2);
  }

  private long completed(String distribution, String id, int paths) {
    return invalidation(distribution, id, paths, "Completed");
  }

  private long invalidation(String distribution, String id, int paths, String status) {
    List<String> named = IntStream.range(0, paths).mapToObj(i -> "/" + i).toList();
    return store.write(tx -> {
      long revision =
          tx.append(Kind.INVALIDATION, id, Optional.of(new Invalidation(id, distribution, named)));
      if (tx.find("invalidation", id).isEmpty()) {
        tx.insert(new Row("invalidation", id, distribution, status, "", NOON, NOON, revision, ""));
      }
      return revision;
    });
  }

  private List<Long> kept() {
    return store.<List<Snapshot.Versioned>>read(tx -> tx.versioned(Kind.INVALIDATION)).stream()
        .map(Snapshot.Versioned::revision)
        .toList();
  }

  private Optional<Resource> floor(String distribution) {
    return store.read(tx -> tx.latest(Kind.INVALIDATION_FLOOR, distribution));
  }
}
