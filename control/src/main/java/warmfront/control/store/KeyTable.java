package warmfront.control.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import warmfront.snapshot.Seal;

/**
 * The pairs of key value stores, within one transaction; values are sealed. Confined to the
 * transaction's thread.
 */
public final class KeyTable {
  private final Handle handle;
  private final Seal seal;
  private final boolean writes;

  /**
   * A pair.
   *
   * @param key its key
   * @param value its value
   */
  public record Pair(String key, String value) {}

  KeyTable(Handle handle, Seal seal, boolean writes) {
    this.handle = handle;
    this.seal = seal;
    this.writes = writes;
  }

  /** Returns the value of a key of a store. */
  public Optional<String> get(String store, String key) {
    return handle
        .select("select value from key_value where store = ? and name = ?", store, key)
        .map((row, _) -> open(store, key, row.getBytes("value")))
        .findOne();
  }

  /**
   * Returns pairs of a store in the order of their keys, as the database sorts them.
   *
   * @param after the last key of the page before; empty for the first page
   */
  public List<Pair> page(String store, String after, int max) {
    return handle
        .select(
            "select name, value from key_value where store = ? and name > ? order by name limit ?",
            store,
            after,
            max)
        .map((row, _) -> {
          String key = row.getString("name");
          return new Pair(key, open(store, key, row.getBytes("value")));
        })
        .list();
  }

  /** Puts a pair into a store; one with the same key is replaced. */
  public void put(String store, Pair pair) {
    remove(store, pair.key());
    byte[] value = pair.value().getBytes(StandardCharsets.UTF_8);
    handle.execute(
        "insert into key_value (store, name, value) values (?, ?, ?)",
        store,
        pair.key(),
        seal.seal(value, context(store, pair.key())));
  }

  /** Removes a pair, if it is there. */
  public void remove(String store, String key) {
    requireWriting();
    handle.execute("delete from key_value where store = ? and name = ?", store, key);
  }

  /** Removes all pairs of a store. */
  public void clear(String store) {
    requireWriting();
    handle.execute("delete from key_value where store = ?", store);
  }

  /** Opens all pairs. */
  void requireKey() {
    handle
        .select("select * from key_value")
        .map((row, _) -> open(row.getString("store"), row.getString("name"), row.getBytes("value")))
        .forEach(_ -> {});
  }

  private void requireWriting() {
    if (!writes) {
      throw new IllegalStateException("this transaction only reads");
    }
  }

  private String open(String store, String key, byte[] sealed) {
    return seal.open(sealed, context(store, key))
        .map(value -> new String(value, StandardCharsets.UTF_8))
        .orElseThrow(() ->
            new IllegalStateException(
                "the key of this database does not open a pair of the store " + store));
  }

  private static String context(String store, String key) {
    return "key-value/" + store + "/" + key;
  }
}
