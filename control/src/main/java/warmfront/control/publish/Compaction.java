package warmfront.control.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Invalidation;
import warmfront.distribution.InvalidationFloor;
import warmfront.distribution.Kind;
import warmfront.snapshot.Snapshot.Versioned;

/**
 * Keeps log and picture from growing for ever. Confined to one thread; several control planes over
 * one database do no harm to one another.
 *
 * <p>The oldest completed invalidations leave the picture when there are too many, and a floor
 * takes their place: an object that was fetched before the floor may have been named by one of
 * them, so its edge asks the origin whether it is still the same. Nothing needs to be known of what
 * edges hold, and one that was away for a year obeys the same rule as all others.
 */
final class Compaction {
  /**
   * How much is kept.
   *
   * @param logEntries of the log; a server that is further behind takes the whole picture
   * @param pathsMax of completed invalidations of one distribution; beyond it half are dropped
   * @param charactersMax of the paths of all completed invalidations; beyond it half are dropped
   */
  record Limits(int logEntries, int pathsMax, long charactersMax) {
    /** 3,000 paths are what one distribution may have in progress at CloudFront. */
    static final Limits STANDARD = new Limits(Tail.WINDOW_ENTRIES, 3_000, 8L << 20);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  private final Store store;
  private final Limits limits;
  private long prunedTo;
  private long lookedAt;

  Compaction(Store store, Limits limits) {
    this.store = store;
    this.limits = limits;
  }

  /** Does what is to be done now. */
  void run() {
    long head = store.head().revision();
    if (head == lookedAt) {
      return;
    }
    dropInvalidations();
    prune(store.head().revision());
    lookedAt = store.head().revision();
  }

  private void prune(long head) {
    long to = head - limits.logEntries();
    // A tenth more is kept, so that not every change prunes.
    if (to - prunedTo > limits.logEntries() / 10) {
      int gone = store.prune(to);
      prunedTo = to;
      LOG.info("dropped {} entries of the log up to revision {}", gone, to);
    }
  }

  private void dropInvalidations() {
    List<Versioned> all = store.read(transaction -> transaction.versioned(Kind.INVALIDATION));
    List<Versioned> surplus = surplus(all);
    if (!surplus.isEmpty()) {
      store.write(transaction -> drop(transaction, surplus));
    }
  }

  /** Returns the oldest that are too many, over all and for each distribution. */
  private List<Versioned> surplus(List<Versioned> all) {
    long characters = 0;
    Map<String, Integer> paths = new HashMap<>();
    for (Versioned one : all) {
      Invalidation invalidation = (Invalidation) one.resource();
      characters += characters(invalidation);
      paths.merge(invalidation.distributionId(), invalidation.items().size(), Integer::sum);
    }
    long charactersKept =
        characters > limits.charactersMax() ? limits.charactersMax() / 2 : characters;
    Map<String, Integer> pathsKept = new HashMap<>();
    paths.forEach((id, count) ->
        pathsKept.put(id, count > limits.pathsMax() ? limits.pathsMax() / 2 : count));
    List<Versioned> surplus = new ArrayList<>();
    for (Versioned one : all) {
      Invalidation invalidation = (Invalidation) one.resource();
      String id = invalidation.distributionId();
      if (characters > charactersKept
          || paths.getOrDefault(id, 0) > pathsKept.getOrDefault(id, 0)) {
        surplus.add(one);
        characters -= characters(invalidation);
        paths.merge(id, -invalidation.items().size(), Integer::sum);
      }
    }
    return surplus;
  }

  private static long characters(Invalidation invalidation) {
    return invalidation.items().stream().mapToLong(String::length).sum();
  }

  /** Drops those that are completed, the floors first. */
  private static int drop(Transaction transaction, List<Versioned> surplus) {
    List<Versioned> dropped =
        surplus.stream().filter(one -> isCompleted(transaction, one)).toList();
    Map<String, Long> floors = new HashMap<>();
    for (Versioned one : dropped) {
      String id = ((Invalidation) one.resource()).distributionId();
      floors.merge(id, one.revision(), Math::max);
    }
    floors.forEach((id, revision) -> raise(transaction, id, revision));
    for (Versioned one : dropped) {
      transaction.append(Kind.INVALIDATION, one.resource().id(), Optional.empty());
    }
    return dropped.size();
  }

  /** Whether it is as it was read, and completed. */
  private static boolean isCompleted(Transaction transaction, Versioned one) {
    boolean same =
        transaction.latestRevision(Kind.INVALIDATION, one.resource().id()).orElse(0)
            == one.revision();
    Optional<Row> row = transaction.find("invalidation", one.resource().id());
    return same && row.map(Row::status).filter("Completed"::equals).isPresent();
  }

  private static void raise(Transaction transaction, String distributionId, long revision) {
    long before =
        transaction
            .latest(Kind.INVALIDATION_FLOOR, distributionId)
            .map(floor -> ((InvalidationFloor) floor).revision())
            .orElse(0L);
    if (revision > before) {
      InvalidationFloor floor = new InvalidationFloor(distributionId, revision);
      transaction.append(Kind.INVALIDATION_FLOOR, distributionId, Optional.of(floor));
      LOG.info(
          "objects of {} fetched before revision {} are revalidated", distributionId, revision);
    }
  }
}
