package warmfront.control.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to PostgreSQL beside the pools, for what lives as long as a session does: to listen,
 * and to hold a lock. It answers soon or counts as dead. Used by one thread; closed by any.
 */
final class Line implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Line.class);
  private static final int ANSWER_MILLIS = 2_000;

  private final Connection connection;

  private Line(Connection connection) {
    this.connection = connection;
  }

  static Line to(DataSource server) throws SQLException {
    Line line = new Line(server.getConnection());
    try {
      line.connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      return line;
    } catch (SQLException broken) {
      line.close();
      throw broken;
    }
  }

  Connection connection() {
    return connection;
  }

  /**
   * Asks the server whether it is still there, and the primary.
   *
   * @throws SQLException if it does not say so in time
   */
  void probe() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet said = statement.executeQuery("show transaction_read_only")) {
      if (!said.next() || said.getString(1).equals("on")) {
        throw new SQLException("the server takes no writes any more");
      }
    }
  }

  /** Lets it go without a word, because nobody may be there to hear it. */
  @Override
  public void close() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException gone) {
      LOG.debug("the connection was gone: {}", gone.getMessage());
    }
  }
}
