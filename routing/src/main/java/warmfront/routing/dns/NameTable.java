package warmfront.routing.dns;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map of names: one flat table with open addressing, asked with the name's bytes. Immutable; a
 * look-up makes no garbage.
 */
final class NameTable<V> {
  private final @Nullable WireName[] keys;
  private final @Nullable Object[] values;
  private final int mask;
  private final int size;

  NameTable(Map<WireName, V> all) {
    // At most half full, so that a probe is short and always ends.
    int slots = Integer.highestOneBit(Math.max(4, all.size())) * 4;
    this.keys = new @Nullable WireName[slots];
    this.values = new @Nullable Object[slots];
    this.mask = slots - 1;
    this.size = all.size();
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

  boolean isEmpty() {
    return size == 0;
  }

  /** Returns the value of the lower-case name between two offsets; null if it has none. */
  @SuppressWarnings("unchecked") // put takes nothing else
  @Nullable V find(byte[] name, int from, int to) {
    int slot = WireName.hash(name, from, to) & mask;
    for (@Nullable WireName key = keys[slot]; key != null; key = keys[slot]) {
      if (key.equalsWire(name, from, to)) {
        return (V) values[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }
}
