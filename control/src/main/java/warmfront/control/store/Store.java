package warmfront.control.store;

import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import javax.crypto.SecretKey;
import warmfront.snapshot.Seal;
import warmfront.snapshot.wire.LogEntry;

/**
 * A database of resources and their log. Thread-safe; its transactions run on platform threads of
 * its own, so that a virtual thread which waits for one holds no carrier.
 */
public interface Store extends AutoCloseable {
  /**
   * Opens a database and brings its schema up to date.
   *
   * @param url the path of an SQLite file, made if it is not there, or a {@link PostgresUrl}
   * @param sealing an AES key; secrets in the log are sealed with it
   * @throws IllegalArgumentException if the URL is not right
   * @throws IllegalStateException if a newer version wrote the database, or it cannot be opened
   */
  static Store open(String url, SecretKey sealing) {
    Seal seal = new Seal(sealing, new SecureRandom());
    return SqlStore.open(Database.open(url), seal, SqlStore.TURN_MAX);
  }

  /**
   * Runs a transaction that may write; one at a time in the whole fleet.
   *
   * @return what {@code work} returned, once it is on stable storage
   * @throws RuntimeException what {@code work} threw; nothing of it is kept then
   * @throws StoreUnavailable if the database does not answer, or others keep it busy for too long
   */
  <T> T write(Function<Transaction, T> work);

  /**
   * Runs a transaction that reads one consistent picture.
   *
   * @throws StoreUnavailable if the database does not answer
   */
  <T> T read(Function<Transaction, T> work);

  /** Returns whether other control processes may use the same database. */
  boolean isShared();

  /** Returns where the log ends. */
  LogHead head();

  /**
   * Returns the entries after a revision in their order, values unsealed. Entries that were pruned
   * are left out.
   *
   * @param max how many at most
   */
  List<LogEntry> after(long revision, int max);

  /** Returns the last entry of each resource that is there, values unsealed, by revision. */
  Picture picture();

  /**
   * Raises the epoch, after a backup was restored: every server takes the whole picture anew.
   *
   * @return the new epoch
   */
  long raiseEpoch();

  /**
   * Removes entries up to a revision from the log, but for the last entry of each resource that is
   * there: the picture stays.
   *
   * @return how many were removed
   */
  int prune(long upTo);

  /**
   * Calls {@code listener} soon after a transaction appended to the log, here or, on PostgreSQL, in
   * another process of the fleet. It may be called too often, and a call may be lost: poll as well.
   *
   * @param listener is called on a thread of the store and must not wait
   */
  void onAppend(Runnable listener);

  /**
   * Returns a way to do what one process of the fleet is to do at a time.
   *
   * @param task its name, the same in all processes
   */
  Lead lead(String task);

  /** Waits for the running transactions and lets the database go. */
  @Override
  void close();

  /**
   * The whole log, compacted.
   *
   * @param head where the log ended
   * @param entries the last entry of each resource that was there, by revision
   */
  record Picture(LogHead head, List<LogEntry> entries) {
    public Picture {
      entries = List.copyOf(entries);
    }
  }
}
