package warmfront.control.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;

/**
 * Resources that are in rows alone: edges obey nothing of them, so the log has no entries of them.
 * What is in the log is in {@link Resources}. Thread-safe; used within transactions.
 */
final class Ledger<R extends SdkPojo> {
  private final Words words;
  private final Supplier<? extends SdkPojo> blank;
  private final Kit kit;

  /**
   * The words of a ledger.
   *
   * @param type the type of its rows
   * @param root the root element of the documents in its rows
   * @param missing the error for an id that is not there
   * @param tooMany the error beyond the quota
   * @param quota how many there may be
   */
  record Words(String type, String root, String missing, String tooMany, int quota) {}

  /**
   * A resource and its row.
   *
   * @param row the row
   * @param value the resource, as it is kept
   */
  record Entry<R>(Row row, R value) {
    String id() {
      return row.id();
    }

    String etag() {
      return row.etag();
    }
  }

  /**
   * Makes a ledger.
   *
   * @param blank makes an empty builder of its documents
   */
  Ledger(Words words, Supplier<? extends SdkPojo> blank, Kit kit) {
    this.words = words;
    this.blank = blank;
    this.kit = kit;
  }

  /** Returns a resource, if it is there. */
  Optional<Entry<R>> find(Transaction tx, String id) {
    return tx.find(words.type(), id).map(this::entry);
  }

  /** Returns a resource, or refuses with the ledger's word for one that is not there. */
  Entry<R> get(Transaction tx, String id) {
    return find(tx, id).orElseThrow(() -> missing(id));
  }

  /** Returns the error for an id that is not there. */
  Refused missing(String id) {
    return new Refused(words.missing(), "There is no %s %s.".formatted(noun(), id));
  }

  /** Returns a resource in the version that the caller means, or refuses. */
  Entry<R> get(Transaction tx, String id, Optional<String> ifMatch) {
    Entry<R> entry = get(tx, id);
    Resources.match(entry.row(), ifMatch);
    return entry;
  }

  /** Returns all of them, the newest first. */
  List<Entry<R>> all(Transaction tx) {
    return tx.page(words.type(), "", Optional.empty(), Integer.MAX_VALUE).stream()
        .map(this::entry)
        .toList();
  }

  /**
   * Adds a resource.
   *
   * @throws Refused beyond the quota
   */
  Entry<R> add(Transaction tx, String id, String status, R value) {
    if (tx.count(words.type(), "") >= words.quota()) {
      throw new Refused(words.tooMany(), "There may be %d of %s.".formatted(words.quota(), noun()));
    }
    Instant now = kit.clock().now();
    Row row =
        new Row(words.type(), id, "", status, kit.ids().entity(), now, now, 0, document(value));
    tx.insert(row);
    return new Entry<>(row, value);
  }

  /** Replaces a resource by another version of it. */
  Entry<R> change(Transaction tx, Entry<R> before, String status, R value) {
    Row row =
        new Row(
            words.type(),
            before.id(),
            "",
            status,
            kit.ids().entity(),
            before.row().created(),
            kit.clock().now(),
            0,
            document(value));
    tx.update(row);
    return new Entry<>(row, value);
  }

  /** Puts a resource into another state; it stays the version that it is. */
  void state(Transaction tx, Entry<R> entry, String status) {
    tx.update(entry.row().withStatus(status));
  }

  void remove(Transaction tx, String id) {
    tx.delete(words.type(), id);
  }

  private String document(R value) {
    return kit.codec().document(words.root(), value);
  }

  @SuppressWarnings("unchecked") // the builder is that of the ledger's class
  private Entry<R> entry(Row row) {
    return new Entry<>(row, (R) kit.codec().parse(words.root(), blank.get(), row.body()));
  }

  private String noun() {
    return words.type().replace('-', ' ');
  }
}
