package warmfront.routing.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map of names, asked with the name's bytes: many small flat tables with open addressing.
 * Immutable; a look-up makes no garbage, and editing copies only those of the small tables that
 * change.
 */
final class NameTable<V> {
  private static final int SHARD_BITS = 10;
  private static final int SHARDS = 1 << SHARD_BITS;

  private final Shard<V>[] shards;

  private NameTable(Shard<V>[] shards) {
    this.shards = shards;
  }

  /** Returns a table without names. */
  @SuppressWarnings({
    "unchecked",
    "rawtypes"
  }) // an array of a generic type cannot be made otherwise
  static <V> NameTable<V> empty() {
    Shard<V>[] shards = new Shard[SHARDS];
    Arrays.fill(shards, new Shard<V>(Map.of()));
    return new NameTable<>(shards);
  }

  /** Returns the value of the lower-case name between two offsets; null if it has none. */
  @Nullable V find(byte[] name, int from, int to) {
    int hash = WireName.hash(name, from, to);
    return shards[shard(hash)].find(hash, name, from, to);
  }

  /** Returns a few of the names, in no order. */
  List<WireName> some(int most) {
    List<WireName> found = new ArrayList<>();
    for (int i = 0; i < SHARDS && found.size() < most; i++) {
      found.addAll(shards[i].all().keySet());
    }
    return List.copyOf(found.subList(0, Math.min(most, found.size())));
  }

  /** Returns an editor that starts with this table. */
  Edit<V> edit() {
    return new Edit<>(shards);
  }

  /** The upper bits of a hash; the lower ones say where in a shard. */
  private static int shard(int hash) {
    return hash >>> (Integer.SIZE - SHARD_BITS);
  }

  /** One flat table. */
  private static final class Shard<V> {
    private final @Nullable WireName[] keys;
    private final @Nullable Object[] values;
    private final int mask;

    Shard(Map<WireName, V> all) {
      // At most half full, so that a probe is short and always ends.
      int slots = Integer.highestOneBit(Math.max(1, all.size())) * 4;
      this.keys = new @Nullable WireName[slots];
      this.values = new @Nullable Object[slots];
      this.mask = slots - 1;
      all.forEach(this::put);
    }

    private void put(WireName name, V value) {
      int slot = name.hashCode() & mask;
      while (keys[slot] != null) {
        slot = (slot + 1) & mask;
      }
      keys[slot] = name;
      values[slot] = value;
    }

    @SuppressWarnings("unchecked") // put takes nothing else
    @Nullable V find(int hash, byte[] name, int from, int to) {
      int slot = hash & mask;
      for (@Nullable WireName key = keys[slot]; key != null; key = keys[slot]) {
        if (key.equalsWire(name, from, to)) {
          return (V) values[slot];
        }
        slot = (slot + 1) & mask;
      }
      return null;
    }

    @SuppressWarnings("unchecked") // put takes nothing else
    Map<WireName, V> all() {
      Map<WireName, V> all = new HashMap<>();
      for (int slot = 0; slot <= mask; slot++) {
        @Nullable WireName key = keys[slot];
        @Nullable Object value = values[slot];
        if (key != null && value != null) {
          all.put(key, (V) value);
        }
      }
      return all;
    }
  }

  /** Collects changes to a table. Used by one thread, once. */
  static final class Edit<V> {
    private final Shard<V>[] shards;
    private final Map<Integer, Map<WireName, V>> opened = new HashMap<>();

    private Edit(Shard<V>[] shards) {
      this.shards = shards.clone();
    }

    /** Returns the value of a name; null if it has none. */
    @Nullable V get(WireName name) {
      return opened(name).get(name);
    }

    /** Gives a name a value; null takes it out. */
    void set(WireName name, @Nullable V value) {
      if (value == null) {
        opened(name).remove(name);
      } else {
        opened(name).put(name, value);
      }
    }

    /** Returns the table as edited. */
    NameTable<V> build() {
      opened.forEach((at, all) -> shards[at] = new Shard<>(all));
      return new NameTable<>(shards);
    }

    private Map<WireName, V> opened(WireName name) {
      return opened.computeIfAbsent(shard(name.hashCode()), at -> shards[at].all());
    }
  }
}
