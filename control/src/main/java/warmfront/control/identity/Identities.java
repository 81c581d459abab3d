package warmfront.control.identity;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/**
 * Who keys stand for, out of memory. Whether something changed is looked up at most every {@value
 * #LOOK_MILLIS} ms, by whoever asks then, so that a change made in any process counts within that
 * time, and keys that nobody knows cost no reading. The root key stands for itself whether or not
 * the store can be reached. Thread-safe.
 */
public final class Identities {
  private static final long LOOK_MILLIS = 500;

  private static final long LOOK_NANOS = LOOK_MILLIS * 1_000_000;

  private final AccessKey root;
  private final Store store;
  private final Clock clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Picture picture = new Picture(-1, 0, Map.of());

  /**
   * What was there.
   *
   * @param changes how often users had been changed
   * @param seenNanos when that was looked up last, by the clock's nanoseconds
   * @param identities those of keys that may be used, by key id
   */
  private record Picture(long changes, long seenNanos, Map<String, Identity> identities) {
    Picture seenAt(long nanos) {
      return new Picture(changes, nanos, identities);
    }
  }

  /** Makes them of the root key and of the users that the store has. */
  public Identities(AccessKey root, Store store, Clock clock) {
    this.root = root;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Returns who a key stands for; empty if nobody has it, or it may not be used.
   *
   * @throws warmfront.control.store.StoreUnavailable if that is not known
   */
  public Optional<Identity> find(String accessKeyId) {
    if (root.accessKeyId().equals(accessKeyId)) {
      return Optional.of(new Identity(root.secretAccessKey(), new Principal.Root()));
    }
    return Optional.ofNullable(latest().identities().get(accessKeyId));
  }

  /** Has the next who asks look whether something changed: a change made here counts at once. */
  public void expire() {
    picture = picture.seenAt(clock.nanos() - LOOK_NANOS);
  }

  private Picture latest() {
    if (isFresh(picture)) {
      return picture;
    }
    looking.lock();
    try {
      if (!isFresh(picture)) {
        // Before it is read: what is changed while it is read is seen the next time.
        long now = clock.nanos();
        picture = store.read(this::read).seenAt(now);
      }
      return picture;
    } finally {
      looking.unlock();
    }
  }

  private boolean isFresh(Picture known) {
    return known.changes() >= 0 && clock.nanos() - known.seenNanos() < LOOK_NANOS;
  }

  private Picture read(Transaction tx) {
    long changes = Users.changes(tx);
    if (changes == picture.changes()) {
      return picture;
    }
    Map<String, Principal> users = new HashMap<>();
    for (Row row : tx.withStatus(Users.USER, "")) {
      users.put(
          row.id(), new Principal.User(row.id(), row.etag(), Grants.of(row.body()).policies()));
    }
    Map<String, Identity> identities = new HashMap<>();
    List<Row> keys = tx.withStatus(Users.KEY, Users.ACTIVE);
    for (Row key : keys) {
      Optional.ofNullable(users.get(key.parent()))
          .ifPresent(user -> identities.put(key.id(), new Identity(key.body(), user)));
    }
    return new Picture(changes, 0, Map.copyOf(identities));
  }
}
