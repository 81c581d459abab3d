package warmfront.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;
import warmfront.control.store.Archive;
import warmfront.control.store.Store;
import warmfront.link.KeyFile;

/**
 * The whole configuration as one file, out of a control plane's database and into a new one of
 * either kind: ids, versions, claims, tags, pairs, users, the fleet with its authority and the root
 * key. The key that seals is not in it.
 *
 * @param data the folder of the control plane
 * @param store a {@code postgresql://} URL; empty for SQLite in {@code data}
 * @param sealingKey the file of the key that seals secrets; in {@code data} if empty
 */
public record Backup(Path data, Optional<String> store, Optional<Path> sealingKey) {
  /**
   * Writes the file, wholly or not at all, for its owner alone to read. Control may run meanwhile.
   *
   * @return how many rows it has
   * @throws IOException if the file cannot be written
   * @throws IllegalStateException if there is no database of this version; says so
   * @throws warmfront.control.store.StoreUnavailable if it does not answer
   */
  public long write(Path file) throws IOException {
    AtomicLong rows = new AtomicLong();
    KeyFile.write(file, out -> rows.set(Archive.write(database(), out)));
    return rows.get();
  }

  /**
   * Fills a new database with what the file has, all of it or nothing.
   *
   * @return how many rows it has
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the file is broken, or a newer version's; says so
   * @throws IllegalStateException if the database is not empty, or the key that seals is not there
   *     or is another fleet's
   * @throws warmfront.control.store.StoreUnavailable if the database does not answer
   */
  public long read(Path file) throws IOException {
    Path key = ControlConfig.sealingKey(data, sealingKey);
    if (Files.notExists(key)) {
      throw new IllegalStateException(
          "there is no %s; the file is opened by the key of the fleet that it is of"
              .formatted(key));
    }
    SecretKey sealing = KeyFile.loadOrMake(key, new SecureRandom());
    long rows = Archive.read(file, database(), sealing);
    try (Store filled = Store.open(database(), sealing)) {
      new FleetFiles(filled, data).take();
    }
    return rows;
  }

  private String database() {
    return ControlConfig.database(data, store);
  }
}
