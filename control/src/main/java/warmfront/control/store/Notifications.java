package warmfront.control.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of its own that hears when another process appended to the log (PostgreSQL's
 * LISTEN). When it breaks it is made anew; meanwhile the poll of the readers is enough.
 */
final class Notifications implements AutoCloseable {
  static final String CHANNEL = "warmfront_log";

  private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
  private static final int WAIT_MILLIS = 250;
  private static final int RETRY_MILLIS = 1000;

  private final Database database;
  private final Runnable heard;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Connection hearing;

  private Notifications(Database database, Runnable heard) {
    this.database = database;
    this.heard = heard;
    this.thread = Thread.ofPlatform().daemon().name("store-listener").unstarted(this::run);
  }

  static Notifications listen(Database database, Runnable heard) {
    Notifications listening = new Notifications(database, heard);
    listening.thread.start();
    return listening;
  }

  @Override
  public void close() {
    closing.countDown();
    Connection open = hearing;
    try {
      if (open != null) {
        // Or it would listen to the end of its wait.
        open.abort(Runnable::run);
      }
    } catch (SQLException gone) {
      LOG.debug("the listening connection was gone: {}", gone.getMessage());
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
        try (Connection connection = database.readers().getConnection()) {
          hearing = connection;
          hear(connection);
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

  private void hear(Connection connection) throws SQLException {
    PGConnection listening = connection.unwrap(PGConnection.class);
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL);
    }
    while (closing.getCount() > 0) {
      PGNotification[] said = listening.getNotifications(WAIT_MILLIS);
      if (said != null && said.length > 0) {
        heard.run();
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("unlisten *");
    }
  }
}
