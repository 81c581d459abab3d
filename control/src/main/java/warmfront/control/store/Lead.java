package warmfront.control.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that one control process does at a time.
 *
 * <p>On PostgreSQL it is whose session holds an advisory lock. The server ends a session that says
 * nothing for {@link #SILENCE_MAX}, so the lock of a process that is paused or cut off passes on.
 * Such a process does not know yet: so whoever gets the lock counts up an epoch, and what is
 * written in the name of an earlier one is refused. On SQLite the one process that holds the data
 * directory has it.
 *
 * <p>Confined to one thread, but for {@link #close}.
 */
public final class Lead implements AutoCloseable {
  /** A holder that does not come back to {@link #hold} for so long loses it. */
  public static final Duration SILENCE_MAX = Duration.ofSeconds(15);

  /** The type of the rows with the epochs. */
  static final String TYPE = "control-task";

  private static final Logger LOG = LoggerFactory.getLogger(Lead.class);
  private static final String HELD = "Held";

  private final SqlStore store;
  private final Database database;
  private final String task;
  private final String own = UUID.randomUUID().toString();
  private volatile @Nullable Line line;
  private boolean locked;
  private boolean superseded;
  private long epoch;

  Lead(SqlStore store, Database database, String task) {
    this.store = store;
    this.database = database;
    this.task = task;
  }

  /**
   * Takes the lead if it is free, or keeps it; to be called every few seconds.
   *
   * @return whether it is held
   * @throws StoreUnavailable if the database does not answer
   */
  public boolean hold() {
    locked = database.isPostgres() ? lock() : !superseded;
    if (!locked) {
      epoch = 0;
    } else if (epoch == 0) {
      epoch = store.write(this::begin);
      LOG.info("{}: this process does it from now on, as number {}", task, epoch);
    }
    return locked;
  }

  /**
   * Runs a transaction if the lead is held still; if not, it is given up.
   *
   * @return what {@code work} returned; empty if another process has the lead, and nothing was done
   * @throws StoreUnavailable if the database does not answer
   */
  public <T> Optional<T> write(Function<Transaction, T> work) {
    Optional<T> done =
        store.write(transaction -> {
          boolean held = epoch > 0 && row(transaction).map(Row::revision).orElse(0L) == epoch;
          return held ? Optional.of(work.apply(transaction)) : Optional.empty();
        });
    if (done.isEmpty()) {
      superseded = true;
      close();
    }
    return done;
  }

  /** Leaves it to whoever wants it; what was written is on stable storage by then. */
  @Override
  public void close() {
    Line open = line;
    line = null;
    if (open == null) {
      return;
    }
    try (open;
        Statement statement = open.connection().createStatement()) {
      statement.execute("select pg_advisory_unlock_all()");
    } catch (SQLException gone) {
      LOG.debug("{}: the lock is gone with its connection: {}", task, gone.getMessage());
    }
  }

  private boolean lock() {
    try {
      Line open = line;
      if (open == null) {
        open = database.line();
        line = open;
        locked = false;
        try (Statement statement = open.connection().createStatement()) {
          statement.execute("set idle_session_timeout = " + SILENCE_MAX.toMillis());
        }
      }
      if (!locked) {
        return tryLock(open);
      }
      open.probe();
      return true;
    } catch (SQLException broken) {
      LOG.warn("{}: the connection broke off: {}", task, broken.getMessage());
      close();
      return false;
    }
  }

  /** A database may hold several fleets, each in a schema of its own. */
  private boolean tryLock(Line open) throws SQLException {
    try (PreparedStatement statement =
        open.connection()
            .prepareStatement(
                "select pg_try_advisory_lock(hashtextextended(current_schema() || ? , 0))")) {
      statement.setString(1, "/warmfront/" + task);
      try (ResultSet said = statement.executeQuery()) {
        return said.next() && said.getBoolean(1);
      }
    }
  }

  private long begin(Transaction transaction) {
    Optional<Row> before = row(transaction);
    long next = before.map(Row::revision).orElse(0L) + 1;
    Row row = new Row(TYPE, task, own, HELD, "", Instant.EPOCH, Instant.EPOCH, next, "");
    if (before.isPresent()) {
      transaction.update(row);
    } else {
      transaction.insert(row);
    }
    return next;
  }

  private Optional<Row> row(Transaction transaction) {
    return transaction.find(TYPE, task);
  }
}
