package warmfront.control.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import warmfront.snapshot.Seal;
import warmfront.snapshot.wire.LogEntry;

/** The store over JDBC: one thread that writes, a few that read. */
final class SqlStore implements Store {
  /** While a database does not answer, whoever waits for his turn is told soon. */
  static final Duration TURN_MAX = Duration.ofSeconds(10);

  private final Database database;
  private final Jdbi writing;
  private final Jdbi reading;
  private final Seal seal;
  private final Duration turnMax;
  private final ExecutorService writer;
  private final ExecutorService readers;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Lead> leads = new CopyOnWriteArrayList<>();
  private final Optional<Notifications> notifications;

  private SqlStore(Database database, Seal seal, Duration turnMax) {
    this.database = database;
    this.seal = seal;
    this.turnMax = turnMax;
    this.writing = Jdbi.create(database.writer());
    this.reading = Jdbi.create(database.readers());
    this.writer = Executors.newSingleThreadExecutor(work -> new StoreThread(work, "store-writer"));
    this.readers =
        Executors.newFixedThreadPool(
            Database.READERS, work -> new StoreThread(work, "store-reader"));
    this.notifications =
        database.isPostgres()
            ? Optional.of(Notifications.listen(database, this::appended))
            : Optional.empty();
  }

  /** Opens a store; who waits for {@code turnMax} behind others is refused. */
  static SqlStore open(Database database, Seal seal, Duration turnMax) {
    return new SqlStore(database, seal, turnMax);
  }

  @Override
  public <T> T write(Function<Transaction, T> work) {
    Written<T> written = await(writer, () -> inWriting(work));
    if (written.appended()) {
      appended();
    }
    return written.result();
  }

  @Override
  public <T> T read(Function<Transaction, T> work) {
    return await(
        readers,
        () ->
            inReading(handle -> work.apply(new SqlTransaction(handle, log(handle), seal, false))));
  }

  @Override
  public boolean isShared() {
    return database.isPostgres();
  }

  @Override
  public LogHead head() {
    return await(readers, () -> inReading(handle -> log(handle).head()));
  }

  @Override
  public List<LogEntry> after(long revision, int max) {
    return await(readers, () -> inReading(handle -> log(handle).after(revision, max)));
  }

  @Override
  public Picture picture() {
    return await(
        readers, () -> inReading(handle -> new Picture(log(handle).head(), log(handle).picture())));
  }

  @Override
  public long raiseEpoch() {
    long raised = await(writer, () -> writing.inTransaction(handle -> log(handle).raiseEpoch()));
    appended();
    return raised;
  }

  @Override
  public int prune(long upTo) {
    return await(writer, () -> writing.inTransaction(handle -> log(handle).prune(upTo)));
  }

  @Override
  public void onAppend(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public Lead lead(String task) {
    Lead lead = new Lead(this, database, task);
    leads.add(lead);
    return lead;
  }

  @Override
  public void close() {
    leads.forEach(Lead::close);
    writer.close();
    readers.close();
    notifications.ifPresent(Notifications::close);
    database.close();
  }

  private record Written<T>(T result, boolean appended) {}

  private <T> Written<T> inWriting(Function<Transaction, T> work) {
    return writing.inTransaction(handle -> {
      LogTable log = log(handle);
      log.lock();
      T result = work.apply(new SqlTransaction(handle, log, seal, true));
      boolean appended = log.flush();
      if (appended && database.isPostgres()) {
        handle.execute("notify " + Notifications.CHANNEL);
      }
      return new Written<>(result, appended);
    });
  }

  private <T> T inReading(Function<Handle, T> work) {
    return database.reading(reading, work);
  }

  private LogTable log(Handle handle) {
    return new LogTable(handle, seal);
  }

  private void appended() {
    listeners.forEach(Runnable::run);
  }

  private interface Work<T> {
    T run();
  }

  private <T> T await(ExecutorService threads, Work<T> work) {
    if (Thread.currentThread() instanceof StoreThread) {
      throw new IllegalStateException("a transaction inside a transaction would wait for itself");
    }
    AtomicBoolean settled = new AtomicBoolean();
    Future<Optional<T>> running =
        threads.submit(
            () -> settled.compareAndSet(false, true) ? Optional.of(work.run()) : Optional.empty());
    boolean interrupted = false;
    try {
      long patience = turnMax.toMillis();
      while (true) {
        try {
          return running.get(patience, TimeUnit.MILLISECONDS).orElseThrow();
        } catch (TimeoutException late) {
          if (settled.compareAndSet(false, true)) {
            throw new StoreUnavailable("the database is busy with others", late);
          }
          // A transaction that has begun ends by itself, and its caller must know how.
          patience = Long.MAX_VALUE;
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      throw rethrown(failed.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private RuntimeException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      case JdbiException failure -> {
        database.failed(failure);
        yield new StoreUnavailable("the database failed: " + failure.getMessage(), failure);
      }
      case RuntimeException own -> own;
      case Error error -> throw error;
      case null, default -> new IllegalStateException("a transaction failed", cause);
    };
  }

  /** A thread of a store, known by its class so that a transaction inside another is refused. */
  private static final class StoreThread extends Thread {
    StoreThread(Runnable work, String name) {
      super(work, name);
      setDaemon(true);
    }
  }
}
