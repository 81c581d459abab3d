package warmfront.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import warmfront.control.store.Row;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.link.KeyFile;

/**
 * The files of the data directory that are the same for all control processes of a fleet. The first
 * process puts them into the database, sealed; the next ones, and one that starts after an import,
 * take them from there. What they need besides is the key that seals.
 */
final class FleetFiles {
  private static final String TYPE = "fleet-file";

  /** In the order in which they are written: the last one says that the authority is there. */
  private static final List<String> NAMES = List.of("root-key.json", "ca.key", "ca.pem");

  private final Store store;
  private final Path folder;

  FleetFiles(Store store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  /** Writes those that are not there and that the fleet has. */
  void take() throws IOException {
    for (String name : NAMES) {
      if (Files.notExists(folder.resolve(name))) {
        Optional<Row> row = store.read(transaction -> transaction.find(TYPE, name));
        if (row.isPresent()) {
          write(name, Base64.getDecoder().decode(row.get().body()));
        }
      }
    }
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    if (!name.endsWith(".pem")) {
      KeyFile.write(file, content);
      return;
    }
    // For everyone to read.
    Path fresh = folder.resolve(name + ".new");
    Files.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Gives the fleet those that it has not yet; by now all are there.
   *
   * @throws IllegalStateException if the fleet has others; says which
   */
  void agree() throws IOException {
    for (String name : NAMES) {
      byte[] own = Files.readAllBytes(folder.resolve(name));
      if (!Arrays.equals(own, store.write(transaction -> fleets(transaction, name, own)))) {
        throw new IllegalStateException(
            "%s is not the one of the fleet that the database is of; move it away, and the fleet's is"
                    .formatted(folder.resolve(name))
                + " taken from the database at the next start");
      }
    }
  }

  private static byte[] fleets(Transaction transaction, String name, byte[] own) {
    Optional<Row> row = transaction.find(TYPE, name);
    if (row.isPresent()) {
      return Base64.getDecoder().decode(row.get().body());
    }
    String body = Base64.getEncoder().encodeToString(own);
    Instant never = Instant.EPOCH;
    transaction.insert(new Row(TYPE, name, "", "", "", never, never, 0, body));
    return own;
  }
}
