package warmfront.control.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.control.store.LogHead;
import warmfront.control.store.Store;
import warmfront.snapshot.Chain;
import warmfront.snapshot.SnapshotCodec;
import warmfront.snapshot.wire.LogEntry;

/**
 * The end of the log in memory, and the whole picture when someone needs it. Read by all sessions;
 * moved on by one thread. Thread-safe.
 */
final class Tail {
  /** Most entries that are kept for servers which come back; beyond it a tenth is dropped. */
  static final int WINDOW_ENTRIES = 10_000;

  /** Most bytes that they may take. */
  static final long WINDOW_BYTES = 32L << 20;

  private static final int READ_AT_ONCE = 1000;

  /** No entry follows it. */
  private static final long NOWHERE = -2;

  private final Store store;

  /** Without gaps: where an entry stands follows from its revision. */
  private final List<LogEntry> window = new ArrayList<>();

  private long windowBytes;

  /** Where the entry before the window ends. */
  private LogHead before;

  private LogHead head;
  private Store.@Nullable Picture picture;

  Tail(Store store) {
    this.store = store;
    this.head = store.head();
    this.before = head;
    refill();
  }

  /** Returns where the log ends as far as this knows. */
  synchronized LogHead head() {
    return head;
  }

  /**
   * Reads on; returns the new entries, of those that were pruned meanwhile only the last of each
   * resource that is there.
   */
  synchronized List<LogEntry> move() {
    LogHead now = store.head();
    List<LogEntry> fresh = between(head.revision(), now.revision());
    if (now.epoch() == head.epoch()) {
      fresh.forEach(this::add);
    } else {
      // Every server takes the picture anew: what the window has belongs to the other epoch.
      window.clear();
      windowBytes = 0;
      before = now;
      head = now;
    }
    return fresh;
  }

  private List<LogEntry> between(long after, long upTo) {
    List<LogEntry> all = new ArrayList<>();
    long at = after;
    while (at < upTo) {
      List<LogEntry> read = store.after(at, READ_AT_ONCE);
      if (read.isEmpty()) {
        break;
      }
      read.stream().filter(entry -> entry.getRevision() <= upTo).forEach(all::add);
      at = read.getLast().getRevision();
    }
    return all;
  }

  /** Returns whether a server that has the log up to this point can go on with entries alone. */
  synchronized boolean resumes(long epoch, long revision, Chain chain) {
    if (epoch != head.epoch() || revision < before.revision() || revision > head.revision()) {
      return false;
    }
    if (revision == before.revision()) {
      return chain.equals(before.chain());
    }
    LogEntry last = window.get(place(revision));
    return SnapshotCodec.bytes(chain).equals(last.getChain());
  }

  private int place(long revision) {
    return Math.toIntExact(revision - before.revision()) - 1;
  }

  /** Returns entries after a revision; empty if the window no longer has them. */
  synchronized Optional<List<LogEntry>> after(long epoch, long revision, int max) {
    if (epoch != head.epoch() || revision < before.revision()) {
      return Optional.empty();
    }
    if (revision >= head.revision()) {
      return Optional.of(List.of());
    }
    int from = place(revision) + 1;
    return Optional.of(List.copyOf(window.subList(from, Math.min(window.size(), from + max))));
  }

  /** Returns the whole picture, not older than {@link #head} was when this was called. */
  synchronized Store.Picture picture() {
    Store.Picture known = picture;
    if (known == null || !known.head().equals(head)) {
      known = store.picture();
      picture = known;
    }
    return known;
  }

  private void refill() {
    long end = store.head().revision();
    long from = Math.max(0, end - WINDOW_ENTRIES);
    // Of the entry before the window only the chain is needed: there is none before the first.
    head = new LogHead(head.epoch(), from == 0 ? 0 : NOWHERE, Chain.EMPTY);
    before = head;
    between(from, end).forEach(this::add);
  }

  private void add(LogEntry entry) {
    boolean follows =
        entry.getEpoch() == head.epoch() && entry.getRevision() == head.revision() + 1;
    head = at(entry);
    if (!follows) {
      // Entries of another epoch are never sent; and a log that was pruned has gaps.
      window.clear();
      windowBytes = 0;
      before = head;
      return;
    }
    window.add(entry);
    windowBytes += entry.getSerializedSize();
    if (window.size() > WINDOW_ENTRIES || windowBytes > WINDOW_BYTES) {
      dropOldest();
    }
  }

  /** Drops a tenth at once: what is left moves to the beginning, which not every entry may cost. */
  private void dropOldest() {
    int dropped = 0;
    while (window.size() - dropped > WINDOW_ENTRIES / 10 * 9
        || windowBytes > WINDOW_BYTES / 10 * 9) {
      windowBytes -= window.get(dropped++).getSerializedSize();
    }
    before = at(window.get(dropped - 1));
    window.subList(0, dropped).clear();
  }

  private LogHead at(LogEntry entry) {
    // The epoch of the log, not of the entry: it may have been raised since.
    return new LogHead(head.epoch(), entry.getRevision(), SnapshotCodec.chain(entry.getChain()));
  }
}
