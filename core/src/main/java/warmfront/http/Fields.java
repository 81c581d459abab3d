package warmfront.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in their order (RFC 9110, section 5). Names compare without case and keep the case
 * they came in; a name may stand more than once. Immutable.
 */
public final class Fields {
  private static final Fields EMPTY = new Fields(new String[0]);
  private static final boolean[] TOKEN_CHARS = tokenChars();

  /** Room for the fields of a usual message, name and value each. */
  private static final int USUAL = 20;

  private final String[] pairs;

  private Fields(String[] pairs) {
    this.pairs = pairs;
  }

  /** Returns no fields. */
  public static Fields empty() {
    return EMPTY;
  }

  /** Returns the fields given as name, value, name, value. */
  public static Fields of(String... namesAndValues) {
    Builder builder = new Builder(namesAndValues.length);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /**
   * Returns the fields given as name, value, name, value, of which the caller knows that {@link
   * Builder#add} would take them: for parsers.
   */
  public static Fields checked(List<String> namesAndValues) {
    return new Fields(namesAndValues.toArray(String[]::new));
  }

  /** Returns a builder without fields. */
  public static Builder builder() {
    return new Builder(USUAL);
  }

  /** Returns a builder that starts with these fields. */
  public Builder edit() {
    return new Builder(pairs.length + 4).addAll(this);
  }

  /**
   * Returns these fields with a line more.
   *
   * @throws IllegalArgumentException as {@link Builder#add} does
   */
  public Fields with(String name, String value) {
    Builder.check(name, value);
    String[] all = Arrays.copyOf(pairs, pairs.length + 2);
    all[pairs.length] = name;
    all[pairs.length + 1] = value;
    return new Fields(all);
  }

  /** Returns the first value of {@code name}, or null: for paths that may not allocate. */
  public @Nullable String value(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equalsIgnoreCase(name)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  /** Returns the first value of {@code name}. */
  public Optional<String> first(String name) {
    return Optional.ofNullable(value(name));
  }

  /** Returns all values of {@code name}, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equalsIgnoreCase(name)) {
        values.add(pairs[i + 1]);
      }
    }
    return List.copyOf(values);
  }

  /** Returns all values of {@code name} as one list value (RFC 9110, section 5.3), or null. */
  public @Nullable String joined(String name) {
    @Nullable String found = null;
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equalsIgnoreCase(name)) {
        found = found == null ? pairs[i + 1] : found + ", " + pairs[i + 1];
      }
    }
    return found;
  }

  /** Returns whether {@code name} is there. */
  public boolean has(String name) {
    return value(name) != null;
  }

  /** Returns the fields but those whose name passes; these themselves if none does. */
  public Fields without(Predicate<String> byName) {
    int kept = 0;
    while (kept < pairs.length && !byName.test(pairs[kept])) {
      kept += 2;
    }
    if (kept == pairs.length) {
      return this;
    }
    String[] left = Arrays.copyOf(pairs, pairs.length - 2);
    for (int i = kept + 2; i < pairs.length; i += 2) {
      if (!byName.test(pairs[i])) {
        left[kept++] = pairs[i];
        left[kept++] = pairs[i + 1];
      }
    }
    return kept == 0 ? EMPTY : new Fields(kept == left.length ? left : Arrays.copyOf(left, kept));
  }

  /** Returns the number of field lines. */
  public int size() {
    return pairs.length / 2;
  }

  /** Returns the number of characters of all names and values. */
  public int length() {
    int length = 0;
    for (String text : pairs) {
      length += text.length();
    }
    return length;
  }

  /** Returns the name of the line at {@code index}, from 0. */
  public String nameAt(int index) {
    return pairs[2 * index];
  }

  /** Returns the value of the line at {@code index}, from 0. */
  public String valueAt(int index) {
    return pairs[2 * index + 1];
  }

  /** Calls {@code action} with each name and value in order. */
  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < pairs.length; i += 2) {
      action.accept(pairs[i], pairs[i + 1]);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fields that && Arrays.equals(pairs, that.pairs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pairs);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  /** Collects fields. Not thread-safe. */
  public static final class Builder {
    private String[] pairs;
    private int size;

    private Builder(int capacity) {
      pairs = new String[capacity];
    }

    /**
     * Adds a line.
     *
     * @throws IllegalArgumentException if the name is no token or the value has CR, LF or NUL (RFC
     *     9110, section 5.5)
     */
    public Builder add(String name, String value) {
      check(name, value);
      return put(name, value);
    }

    private Builder put(String name, String value) {
      room(2);
      pairs[size++] = name;
      pairs[size++] = value;
      return this;
    }

    private void room(int needed) {
      if (pairs.length - size < needed) {
        pairs = Arrays.copyOf(pairs, 2 * size + needed);
      }
    }

    private static void check(String name, String value) {
      if (!isToken(name)) {
        throw new IllegalArgumentException("not a field name: " + name);
      }
      if (!isValue(value)) {
        throw new IllegalArgumentException("CR, LF or NUL in the value of " + name);
      }
    }

    /** Adds a line of which the caller knows that {@link #add} would take it: for parsers. */
    public Builder addChecked(String name, String value) {
      assert isToken(name) && isValue(value) : name + ": " + value;
      return put(name, value);
    }

    /** Adds all lines of {@code fields}. */
    public Builder addAll(Fields fields) {
      room(fields.pairs.length);
      System.arraycopy(fields.pairs, 0, pairs, size, fields.pairs.length);
      size += fields.pairs.length;
      return this;
    }

    /** Puts one line in the place of all lines of {@code name}. */
    public Builder set(String name, String value) {
      return remove(name).add(name, value);
    }

    /** Removes all lines of {@code name}. */
    public Builder remove(String name) {
      return removeIf(name::equalsIgnoreCase);
    }

    /** Removes all lines whose name passes. */
    public Builder removeIf(Predicate<String> byName) {
      int kept = 0;
      for (int i = 0; i < size; i += 2) {
        if (!byName.test(pairs[i])) {
          pairs[kept++] = pairs[i];
          pairs[kept++] = pairs[i + 1];
        }
      }
      size = kept;
      return this;
    }

    /** Returns the fields collected so far. */
    public Fields build() {
      return size == 0 ? EMPTY : new Fields(Arrays.copyOf(pairs, size));
    }
  }

  /** Returns whether {@code text} is a token (RFC 9110, section 5.6.2). */
  public static boolean isToken(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenChar(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether {@code c} may stand in a token (RFC 9110, section 5.6.2). */
  public static boolean isTokenChar(int c) {
    return c >= 0 && c < TOKEN_CHARS.length && TOKEN_CHARS[c];
  }

  /** Returns whether {@code text} is free of CR, LF, NUL and characters above U+00FF. */
  public static boolean isValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0 || c > 0xFF) {
        return false;
      }
    }
    return true;
  }

  private static boolean[] tokenChars() {
    boolean[] are = new boolean[0x80];
    for (char c = '0'; c <= 'z'; c++) {
      are[c] = c <= '9' || (c >= 'A' && c <= 'Z') || c >= 'a';
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      are[c] = true;
    }
    return are;
  }
}
