package warmfront.control.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.postgresql.ds.PGSimpleDataSource;
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
  private static final MigrationVersion NEWEST = MigrationVersion.fromVersion("5");

  /** The table with the versions of the schema. */
  static final String VERSIONS = "schema_version";

  /** PostgreSQL's word for a write to a server that takes none: read_only_sql_transaction. */
  private static final String READ_ONLY = "25006";

  private final HikariDataSource writer;
  private final HikariDataSource readers;
  private final Optional<DataSource> server;
  private final String name;

  private Database(
      HikariDataSource writer, HikariDataSource readers, Optional<DataSource> server, String name) {
    this.writer = writer;
    this.readers = readers;
    this.server = server;
    this.name = name;
  }

  static Database open(String url) {
    Database opened = pools(url);
    try {
      opened.migrate();
      return opened;
    } catch (RuntimeException refused) {
      opened.close();
      throw refused;
    }
  }

  /** Opens a database that is there, in this program's version, and does not change it. */
  static Database existing(String url) {
    if (!url.startsWith(PostgresUrl.SCHEME) && Files.notExists(Path.of(url))) {
      throw new IllegalStateException("there is no database " + url);
    }
    Database opened = pools(url);
    try {
      Optional<MigrationVersion> version = opened.version().map(MigrationVersion::fromVersion);
      version.ifPresent(opened::requireKnown);
      if (!version.equals(Optional.of(NEWEST))) {
        throw new IllegalStateException(
            "the database %s is not of this version; start control over it once"
                .formatted(opened.name));
      }
      return opened;
    } catch (RuntimeException refused) {
      opened.close();
      throw refused;
    }
  }

  /**
   * Opens a new database and gives it the schema of a version.
   *
   * @throws IllegalArgumentException if this program does not know the version
   * @throws IllegalStateException if the database has another
   */
  static Database at(String url, String version) {
    if (!version.matches("[0-9]{1,4}")
        || MigrationVersion.fromVersion(version).compareTo(NEWEST) > 0) {
      throw new IllegalArgumentException(
          "a newer version of Warmfront wrote it: its schema is version %s, this program knows %s"
              .formatted(version, NEWEST));
    }
    Database opened = pools(url);
    try {
      Optional<String> there = opened.version();
      if (there.isPresent() && !there.get().equals(version)) {
        throw new IllegalStateException("the database is not empty; import fills a new one");
      }
      opened.migrate(MigrationVersion.fromVersion(version));
      return opened;
    } catch (RuntimeException refused) {
      opened.close();
      throw refused;
    }
  }

  private static Database pools(String url) {
    return url.startsWith(PostgresUrl.SCHEME)
        ? postgres(PostgresUrl.parse(url))
        : sqlite(Path.of(url));
  }

  DataSource writer() {
    return writer;
  }

  DataSource readers() {
    return readers;
  }

  boolean isPostgres() {
    return server.isPresent();
  }

  /** Runs work on one consistent picture. */
  <T> T reading(Jdbi jdbi, Function<Handle, T> work) {
    // SQLite's one level is stronger, and its driver knows no other.
    return isPostgres()
        ? jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work::apply)
        : jdbi.inTransaction(work::apply);
  }

  /** Returns what sorts a text by its bytes, as SQLite does by itself. */
  String bytewise() {
    return isPostgres() ? " collate \"C\"" : "";
  }

  /** Makes a connection beside the pools, which only PostgreSQL has a use for. */
  Line line() throws SQLException {
    return Line.to(server.orElseThrow());
  }

  /**
   * Hears of a failure. Where a server refuses to be written to, another one is the primary by now:
   * no connection is kept to it.
   */
  void failed(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refused && READ_ONLY.equals(refused.getSQLState())) {
        writer.getHikariPoolMXBean().softEvictConnections();
        readers.getHikariPoolMXBean().softEvictConnections();
        return;
      }
    }
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
        Optional.empty(),
        file.toString());
  }

  private static DataSource source(SQLiteConfig config, Path file) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  private static Database postgres(PostgresUrl url) {
    DataSource server = source(url);
    return new Database(
        pool("writer", server, 1),
        pool("reader", server, READERS),
        Optional.of(server),
        url.toString());
  }

  private static DataSource source(PostgresUrl url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(url.hosts().stream().map(PostgresUrl.Host::name).toArray(String[]::new));
    source.setPortNumbers(url.hosts().stream().mapToInt(PostgresUrl.Host::port).toArray());
    source.setDatabaseName(url.database());
    url.user().ifPresent(source::setUser);
    url.password().ifPresent(source::setPassword);
    // All hosts are tried before whoever waits for a connection gives up.
    source.setConnectTimeout((int) Math.max(1, CONNECT_MAX.toSeconds() / url.hosts().size()));
    source.setSocketTimeout(30);
    source.setTcpKeepAlive(true);
    source.setApplicationName("warmfront");
    url.options().forEach((name, value) -> set(source, name, value));
    return source;
  }

  private static void set(PGSimpleDataSource source, String name, String value) {
    try {
      source.setProperty(name, value);
    } catch (SQLException wrong) {
      throw new IllegalArgumentException(
          "the database's option %s cannot be what is given".formatted(name), wrong);
    }
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

  /** Brings the schema up to date. */
  void migrate() {
    migrate(NEWEST);
  }

  private void migrate(MigrationVersion target) {
    version().map(MigrationVersion::fromVersion).ifPresent(this::requireKnown);
    try {
      flyway(target).migrate();
    } catch (FlywayException failed) {
      throw unopened(failed);
    }
  }

  /** Returns the version of the schema that is there; empty if none is. */
  Optional<String> version() {
    try {
      return Optional.ofNullable(flyway(NEWEST).info().current())
          .map(MigrationInfo::getVersion)
          .map(MigrationVersion::getVersion);
    } catch (FlywayException failed) {
      throw unopened(failed);
    }
  }

  private void requireKnown(MigrationVersion version) {
    if (version.compareTo(NEWEST) > 0) {
      throw new IllegalStateException(
          "the database was written by a newer version of Warmfront: its schema is"
              + " version %s, this program knows %s".formatted(version, NEWEST));
    }
  }

  private Flyway flyway(MigrationVersion target) {
    return Flyway.configure()
        // On PostgreSQL its lock takes a connection besides the one that migrates.
        .dataSource(isPostgres() ? readers : writer)
        .locations("classpath:warmfront/control/store")
        .table(VERSIONS)
        .target(target)
        .validateMigrationNaming(true)
        .load();
  }

  private IllegalStateException unopened(FlywayException failed) {
    Throwable first = failed;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return new IllegalStateException(
        "the database %s cannot be opened: %s".formatted(name, first.getMessage()), failed);
  }
}
