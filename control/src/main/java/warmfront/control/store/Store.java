package warmfront.control.store;

import java.util.function.Function;

/**
 * A database of resources and their log. Thread-safe; its transactions run on platform threads of
 * its own, so that a virtual thread which waits for one holds no carrier.
 */
public interface Store extends AutoCloseable {
  /**
   * Runs a transaction that may write; one at a time in the whole fleet.
   *
   * @return what {@code work} returned, once it is on stable storage
   * @throws RuntimeException what {@code work} threw; nothing of it is kept then
   */
  <T> T write(Function<Transaction, T> work);

  /** Runs a transaction that reads one consistent picture. */
  <T> T read(Function<Transaction, T> work);

  /** Waits for the running transactions and lets the database go. */
  @Override
  void close();
}
