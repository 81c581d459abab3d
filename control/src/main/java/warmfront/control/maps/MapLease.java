package warmfront.control.maps;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/**
 * Which control process makes maps: the one whose name stands in a row that it counts up. A row
 * that nobody was seen to count for the length of the lease may be taken. Clocks of different
 * machines are never compared, and what the holder publishes names it in the same transaction, so
 * that one who was paused publishes nothing. Confined to one thread.
 */
final class MapLease {
  private static final String TYPE = "control-task";
  private static final String ID = "latency-map";
  private static final String HELD = "Held";

  /** It is counted up so often in its length. */
  private static final int BEATS = 3;

  private record Seen(String holder, long count, long nanos) {}

  private final Store store;
  private final Clock clock;
  private final Duration length;
  private final String own = UUID.randomUUID().toString();
  private @Nullable Seen other;
  private boolean held;
  private long countedNanos;

  MapLease(Store store, Clock clock, Duration length) {
    this.store = store;
    this.clock = clock;
    this.length = length;
  }

  /** Keeps the lease, or takes it if it is free; returns whether it is held. */
  boolean keep() {
    long now = clock.nanos();
    if (held) {
      if (now - countedNanos >= length.toNanos() / BEATS) {
        held = store.write(this::count);
        countedNanos = now;
      }
    } else if (isFree(now)) {
      held = store.write(this::seize);
      countedNanos = now;
      other = null;
    }
    return held;
  }

  /** Returns whether this process holds it now, for a transaction that depends on it. */
  boolean isHeld(Transaction transaction) {
    held = row(transaction).filter(row -> row.parent().equals(own)).isPresent();
    return held;
  }

  /** Leaves it to whoever wants it. */
  void release() {
    if (held) {
      held = false;
      boolean _ =
          store.write(transaction -> {
            boolean mine = isHeld(transaction);
            if (mine) {
              transaction.delete(TYPE, ID);
            }
            held = false;
            return mine;
          });
    }
  }

  private boolean isFree(long now) {
    Optional<Row> row = store.read(MapLease::row);
    if (row.isEmpty()) {
      return true;
    }
    Seen before = other;
    if (before == null
        || before.count() != row.get().revision()
        || !before.holder().equals(row.get().parent())) {
      other = new Seen(row.get().parent(), row.get().revision(), now);
      return false;
    }
    return now - before.nanos() >= length.toNanos();
  }

  private boolean count(Transaction transaction) {
    Optional<Row> mine = row(transaction).filter(row -> row.parent().equals(own));
    mine.ifPresent(row -> transaction.update(row(row.revision() + 1)));
    return mine.isPresent();
  }

  private boolean seize(Transaction transaction) {
    Optional<Row> row = row(transaction);
    if (row.isEmpty()) {
      transaction.insert(row(1));
      return true;
    }
    Seen before = other;
    boolean silent =
        before != null
            && before.holder().equals(row.get().parent())
            && before.count() == row.get().revision();
    if (silent) {
      transaction.update(row(row.get().revision() + 1));
    }
    return silent;
  }

  private Row row(long count) {
    return new Row(TYPE, ID, own, HELD, "", Instant.EPOCH, Instant.EPOCH, count, "");
  }

  private static Optional<Row> row(Transaction transaction) {
    return transaction.find(TYPE, ID);
  }
}
