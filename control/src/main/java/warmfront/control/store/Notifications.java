package warmfront.control.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of its own that hears when another process appended to the log (PostgreSQL's
 * LISTEN). When it hears nothing for a while it says something to itself: what does not come back
 * shows that the way is cut without a word, or that a pooler stands in it which hands sessions
 * around. Then it is made anew; meanwhile the poll of the readers is enough.
 */
final class Notifications implements AutoCloseable {
  static final String CHANNEL = "warmfront_log";

  private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final int RETRY_MILLIS = 1000;

  private final Database database;
  private final Runnable heard;
  private final int quietMillis;
  private final String own = "warmfront_" + UUID.randomUUID().toString().replace('-', '_');
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Line hearing;

  private Notifications(Database database, Runnable heard, Duration quiet) {
    this.database = database;
    this.heard = heard;
    this.quietMillis = (int) quiet.toMillis();
    this.thread = Thread.ofPlatform().daemon().name("store-listener").unstarted(this::run);
  }

  static Notifications listen(Database database, Runnable heard) {
    return listen(database, heard, QUIET);
  }

  /** Listens, and says something to itself after {@code quiet}. */
  static Notifications listen(Database database, Runnable heard, Duration quiet) {
    Notifications listening = new Notifications(database, heard, quiet);
    listening.thread.start();
    return listening;
  }

  @Override
  public void close() {
    closing.countDown();
    Line open = hearing;
    if (open != null) {
      // Or it would listen to the end of its wait.
      open.close();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (closing.getCount() > 0) {
        try (Line line = database.line()) {
          hearing = line;
          hear(line);
        } catch (SQLException broken) {
          if (closing.getCount() == 0) {
            return;
          }
          LOG.warn("listening to the log broke off, polling meanwhile: {}", broken.getMessage());
          closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(Line line) throws SQLException {
    PGConnection listening = line.connection().unwrap(PGConnection.class);
    try (Statement statement = line.connection().createStatement()) {
      statement.execute("listen " + CHANNEL);
      statement.execute("listen " + own);
    }
    // What was said while nobody listened.
    heard.run();
    boolean asked = false;
    while (closing.getCount() > 0) {
      PGNotification[] said = listening.getNotifications(quietMillis);
      if (said != null && said.length > 0) {
        asked = false;
        if (Arrays.stream(said).anyMatch(one -> one.getName().equals(CHANNEL))) {
          heard.run();
        }
      } else if (asked) {
        throw new SQLException("what it said to itself did not come back");
      } else {
        line.probe();
        ask(line);
        asked = true;
      }
    }
  }

  private void ask(Line line) throws SQLException {
    try (PreparedStatement statement =
        line.connection().prepareStatement("select pg_notify(?, '')")) {
      statement.setString(1, own);
      statement.execute();
    }
  }
}
