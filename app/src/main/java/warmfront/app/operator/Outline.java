package warmfront.app.operator;

import java.util.Collection;
import java.util.Map;

/** Shows maps and lists to a person: a line each, indented, keys in a column. */
final class Outline {
  private static final int COLUMN = 22;

  private Outline() {}

  static String of(Map<?, ?> map) {
    StringBuilder out = new StringBuilder();
    map(out, map, 0);
    return out.toString();
  }

  private static void map(StringBuilder out, Map<?, ?> map, int indent) {
    map.forEach((key, value) -> {
      String label = " ".repeat(indent) + key;
      switch (value) {
        case Map<?, ?> inner when !inner.isEmpty() -> {
          out.append(label).append('\n');
          map(out, inner, indent + 2);
        }
        case Collection<?> list when list.stream().anyMatch(Map.class::isInstance) -> {
          out.append(label).append('\n');
          list.forEach(item -> line(out, indent + 2, item));
        }
        case Collection<?> list -> row(out, label, String.join(", ", words(list)));
        default -> row(out, label, String.valueOf(value));
      }
    });
  }

  /** A map in a list is one line: its values in their order. */
  private static void line(StringBuilder out, int indent, Object item) {
    out.append(" ".repeat(indent));
    if (item instanceof Map<?, ?> map) {
      map.forEach((key, value) -> out.append(key).append(' ').append(value).append("  "));
    } else {
      out.append(item);
    }
    out.setLength(out.toString().stripTrailing().length());
    out.append('\n');
  }

  private static void row(StringBuilder out, String label, String value) {
    out.append(label).append(" ".repeat(Math.max(1, COLUMN - label.length())));
    out.append(value.isEmpty() ? "-" : value).append('\n');
  }

  private static String[] words(Collection<?> list) {
    return list.stream().map(String::valueOf).toArray(String[]::new);
  }
}
