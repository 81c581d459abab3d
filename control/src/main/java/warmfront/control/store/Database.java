package warmfront.control.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The two databases we know, as pools of connections. What differs between them is here and nowhere
 * else.
 */
final class Database implements AutoCloseable {
  /** Connections that read at the same time. */
  static final int READERS = 4;

  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  /** The version of the schema that this program writes. */
  private static final MigrationVersion NEWEST = MigrationVersion.fromVersion("3");

  private final HikariDataSource writer;
  private final HikariDataSource readers;
  private final boolean postgres;

  private Database(HikariDataSource writer, HikariDataSource readers, boolean postgres) {
    this.writer = writer;
    this.readers = readers;
    this.postgres = postgres;
  }

  static Database open(String url) {
    Database opened =
        url.startsWith("postgresql://") || url.startsWith("postgres://")
            ? postgres(URI.create(url))
            : sqlite(Path.of(url));
    try {
      opened.migrate(url);
      return opened;
    } catch (RuntimeException refused) {
      opened.close();
      throw refused;
    }
  }

  DataSource writer() {
    return writer;
  }

  DataSource readers() {
    return readers;
  }

  boolean isPostgres() {
    return postgres;
  }

  @Override
  public void close() {
    readers.close();
    writer.close();
  }

  private static Database sqlite(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // A change is acknowledged once it is on the disk; WAL alone would be NORMAL.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout((int) CONNECT_MAX.toMillis());
    config.enforceForeignKeys(true);
    SQLiteConfig writing = new SQLiteConfig(config.toProperties());
    writing.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return new Database(
        pool("writer", source(writing, file), 1),
        pool("reader", source(config, file), READERS),
        false);
  }

  private static DataSource source(SQLiteConfig config, Path file) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  private static Database postgres(URI url) {
    // One more than read, which listens.
    return new Database(
        pool("writer", source(url), 1), pool("reader", source(url), READERS + 1), true);
  }

  private static DataSource source(URI url) {
    org.postgresql.ds.PGSimpleDataSource source = new org.postgresql.ds.PGSimpleDataSource();
    String options = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    int port = url.getPort() < 0 ? 5432 : url.getPort();
    source.setUrl(
        "jdbc:postgresql://%s:%d%s%s".formatted(url.getHost(), port, url.getRawPath(), options));
    Optional.ofNullable(url.getRawUserInfo())
        .ifPresent(user -> {
          int colon = user.indexOf(':');
          source.setUser(decode(colon < 0 ? user : user.substring(0, colon)));
          if (colon >= 0) {
            source.setPassword(decode(user.substring(colon + 1)));
          }
        });
    source.setConnectTimeout((int) CONNECT_MAX.toSeconds());
    source.setSocketTimeout(30);
    source.setTcpKeepAlive(true);
    source.setApplicationName("warmfront");
    return source;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static HikariDataSource pool(String name, DataSource source, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("store-" + name);
    config.setDataSource(source);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setAutoCommit(true);
    config.setConnectionTimeout(CONNECT_MAX.toMillis());
    // The migration is the first to connect and says what is wrong.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private void migrate(String url) {
    Flyway flyway =
        Flyway.configure()
            // On PostgreSQL its lock takes a connection besides the one that migrates.
            .dataSource(postgres ? readers : writer)
            .locations("classpath:warmfront/control/store")
            .table("schema_version")
            .validateMigrationNaming(true)
            .load();
    try {
      Optional.ofNullable(flyway.info().current())
          .map(MigrationInfo::getVersion)
          .filter(version -> version.compareTo(NEWEST) > 0)
          .ifPresent(version -> {
            throw new IllegalStateException(
                "the database was written by a newer version of Warmfront: its schema is"
                    + " version %s, this program knows %s".formatted(version, NEWEST));
          });
      flyway.migrate();
    } catch (FlywayException failed) {
      throw new IllegalStateException(
          "the database cannot be opened: " + withoutPassword(url), failed);
    }
  }

  private static String withoutPassword(String url) {
    return url.replaceFirst("//[^@/]*@", "//");
  }
}
