package warmfront.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few names of header fields, whatever their case (RFC 9110, section 5.1). Looking one up makes
 * nothing. Immutable.
 */
public final class FieldNames {
  private static final int CASE = 0x20;
  private static final FieldNames NONE = new FieldNames(List.of());

  /** Open addressing, at most half full; its length is a power of two. */
  private final @Nullable String[] table;

  private FieldNames(List<String> names) {
    table = new @Nullable String[Integer.highestOneBit(Math.max(names.size(), 1)) * 4];
    for (String name : names) {
      int at = place(name);
      while (table[at] != null) {
        at = next(at);
      }
      table[at] = name;
    }
  }

  /** Returns these names. */
  public static FieldNames of(String... names) {
    return of(List.of(names));
  }

  /** Returns these names. */
  public static FieldNames of(List<String> names) {
    return names.isEmpty() ? NONE : new FieldNames(names);
  }

  /** Returns whether a name is among them. */
  public boolean has(String name) {
    for (int at = place(name); ; at = next(at)) {
      @Nullable String there = table[at];
      if (there == null) {
        return false;
      }
      if (there.equalsIgnoreCase(name)) {
        return true;
      }
    }
  }

  private int next(int at) {
    return (at + 1) & (table.length - 1);
  }

  /** By length, first and last letter: names of one set seldom have all three in common. */
  private int place(String name) {
    int length = name.length();
    int hash =
        length == 0
            ? 0
            : 31 * (31 * length + (name.charAt(0) | CASE)) + (name.charAt(length - 1) | CASE);
    return (hash ^ hash >>> 5) & (table.length - 1);
  }
}
