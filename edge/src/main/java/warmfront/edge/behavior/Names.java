package warmfront.edge.behavior;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable table of names. Editing it copies only those of its small maps that change. Nobody
 * walks through all of it: who is reached by a change is known from {@link Referrers}.
 */
final class Names<T> {
  private static final int SHARDS = 1024;

  private final Map<String, T>[] shards;
  private final int size;

  private Names(Map<String, T>[] shards, int size) {
    this.shards = shards;
    this.size = size;
  }

  /** Returns a table without names. */
  @SuppressWarnings({
    "unchecked",
    "rawtypes"
  }) // an array of a generic type cannot be made otherwise
  static <T> Names<T> empty() {
    Map<String, T>[] shards = new Map[SHARDS];
    Arrays.fill(shards, Map.of());
    return new Names<>(shards, 0);
  }

  /** Returns what stands under a name, or null. */
  @Nullable T find(String name) {
    return shards[shard(name)].get(name);
  }

  /** Returns the number of names. */
  int size() {
    return size;
  }

  /** Returns an editor that starts with this table. */
  Edit<T> edit() {
    return new Edit<>(shards.clone(), size);
  }

  private static int shard(String name) {
    int hash = name.hashCode();
    return (hash ^ hash >>> 16) & (SHARDS - 1);
  }

  /** Collects changes to a table. Used by one thread, once. */
  static final class Edit<T> {
    private final Map<String, T>[] shards;
    private final boolean[] copied = new boolean[SHARDS];
    private int size;

    private Edit(Map<String, T>[] shards, int size) {
      this.shards = shards;
      this.size = size;
    }

    /** Puts a value under a name; returns what stood there, or null. */
    @Nullable T put(String name, T value) {
      @Nullable T before = own(name).put(name, value);
      size += before == null ? 1 : 0;
      return before;
    }

    /** Takes a name out; returns what stood there, or null. */
    @Nullable T remove(String name) {
      @Nullable T before = own(name).remove(name);
      size -= before == null ? 0 : 1;
      return before;
    }

    /** Returns the table as edited. */
    Names<T> build() {
      return new Names<>(shards, size);
    }

    private Map<String, T> own(String name) {
      int at = shard(name);
      if (!copied[at]) {
        shards[at] = new HashMap<>(shards[at]);
        copied[at] = true;
      }
      return shards[at];
    }
  }
}
