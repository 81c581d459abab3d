package warmfront.control.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The databases we know. */
public enum Kept {
  /** A file. */
  SQLITE,
  /** A server. */
  POSTGRESQL;

  /** What tests run on that do not choose: {@code -Dwarmfront.tests.store=postgresql}. */
  private static final Kept ORDINARY =
      valueOf(System.getProperty("warmfront.tests.store", "sqlite").toUpperCase(Locale.ROOT));

  private static final AtomicReference<Kept> CHOSEN = new AtomicReference<>(ORDINARY);

  /** Returns what a test that does not choose runs on now. */
  public static Kept chosen() {
    return CHOSEN.get();
  }

  /** Has tests run on this one from now on, or on what they run on ordinarily. */
  static void choose(Optional<Kept> kept) {
    CHOSEN.set(kept.orElse(ORDINARY));
  }

  /** Returns the URL of a folder's database, which is new the first time. */
  public String url(Path folder) {
    if (this == SQLITE) {
      return folder.resolve("store.db").toString();
    }
    assumeTrue(PostgresServer.shared().isPresent(), "no PostgreSQL binaries for this machine");
    Path known = folder.resolve("store.url");
    try {
      if (Files.notExists(known)) {
        Files.writeString(known, PostgresServer.shared().orElseThrow().newDatabase());
      }
      return Files.readString(known);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** Returns that of its driver, for who looks into it past the store. */
  public String jdbcUrl(Path folder) {
    String url = url(folder);
    return this == SQLITE
        ? "jdbc:sqlite:" + url
        : "jdbc:" + url.replace("postgres@", "") + "&user=postgres";
  }

  /** Has the next who asks for a folder's database get a new one. */
  public static void lose(Path folder) throws IOException {
    for (String file : new String[] {"store.db", "store.db-wal", "store.db-shm", "store.url"}) {
      Files.deleteIfExists(folder.resolve(file));
    }
  }
}
