package warmfront.control.api.keyvalue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import warmfront.control.api.keyvalue.KeyValueRefused.Kind;
import warmfront.control.store.KeyTable.Pair;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;

/**
 * The pairs of a key value store, within a transaction. They have a version of their own, which
 * each change makes anew.
 *
 * @param row the row that knows how many there are
 * @param count how many
 * @param bytes how long keys and values are together, in UTF-8
 */
public record KeyValues(Row row, int count, long bytes) {
  private static final String TYPE = "key-value-data";

  /** Most bytes of a key (CloudFront's quota). */
  static final int KEY_BYTES_MAX = 512;

  /** Most bytes of a value (CloudFront's quota). */
  static final int VALUE_BYTES_MAX = 1_024;

  /** Makes room for the pairs of a new store, with those that it begins with. */
  public static void open(
      Transaction tx, String store, Map<String, String> pairs, String etag, Instant now) {
    pairs.forEach((key, value) -> tx.keys().put(store, new Pair(key, value)));
    tx.insert(new Row(TYPE, store, "", "", etag, now, now, 0, pairs.size() + " " + size(pairs)));
  }

  /** Returns how long keys and values are together, in bytes of UTF-8. */
  public static long size(Map<String, String> pairs) {
    return pairs.entrySet().stream().mapToLong(pair -> size(pair.getKey(), pair.getValue())).sum();
  }

  /** Removes the pairs of a store that is deleted. */
  public static void drop(Transaction tx, String store) {
    tx.keys().clear(store);
    tx.delete(TYPE, store);
  }

  /** Returns what a store holds; empty if there is no such store. */
  static Optional<KeyValues> find(Transaction tx, String store) {
    return tx.find(TYPE, store).map(KeyValues::of);
  }

  private static KeyValues of(Row row) {
    String[] sizes = row.body().split(" ", -1);
    return new KeyValues(row, Integer.parseInt(sizes[0]), Long.parseLong(sizes[1]));
  }

  Optional<String> get(Transaction tx, String key) {
    return tx.keys().get(row.id(), key);
  }

  /** Returns the pairs after a key, in the order of keys. */
  List<Pair> page(Transaction tx, String after, int max) {
    return tx.keys().page(row.id(), after, max);
  }

  /**
   * What a change is made of.
   *
   * @param puts keys with their new values
   * @param deletes keys that go
   */
  record Change(Map<String, String> puts, Set<String> deletes) {}

  /**
   * What a change makes a new version of.
   *
   * @param etag the new version
   * @param now when
   * @param bytesMax how many bytes a store may have
   */
  record Next(String etag, Instant now, long bytesMax) {}

  /**
   * Makes a change, all of it.
   *
   * @throws KeyValueRefused if a key that goes is not there, or the store grows too large
   */
  KeyValues change(Transaction tx, Change change, Next next) {
    int pairs = count;
    long size = bytes;
    for (String key : change.deletes()) {
      String before =
          get(tx, key)
              .orElseThrow(
                  () -> new KeyValueRefused(Kind.MISSING, "There is no key '%s'.".formatted(key)));
      tx.keys().remove(row.id(), key);
      pairs--;
      size -= size(key, before);
    }
    for (Map.Entry<String, String> put : change.puts().entrySet()) {
      Optional<String> before = get(tx, put.getKey());
      tx.keys().put(row.id(), new Pair(put.getKey(), put.getValue()));
      pairs += before.isPresent() ? 0 : 1;
      size -= before.map(value -> size(put.getKey(), value)).orElse(0);
      size += size(put.getKey(), put.getValue());
    }
    if (size > next.bytesMax()) {
      throw new KeyValueRefused(
          Kind.QUOTA, "A key value store may have %d bytes.".formatted(next.bytesMax()));
    }
    Row changed =
        new Row(
            TYPE, row.id(), "", "", next.etag(), row.created(), next.now(), 0, pairs + " " + size);
    tx.update(changed);
    return new KeyValues(changed, pairs, size);
  }

  private static int size(String key, String value) {
    return size(key) + size(value);
  }

  /** Returns how many bytes a text has in UTF-8. */
  static int size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
