package warmfront.app.json;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, text, numbers, truth values and null as JSON (RFC 8259), on one line. */
public final class Json {
  private Json() {}

  /**
   * Returns {@code value} as JSON.
   *
   * @throws IllegalArgumentException if there is something in it that JSON has no form for
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case String text -> quote(out, text);
      case Boolean truth -> out.append(truth);
      case Double number when !Double.isFinite(number) -> out.append("null");
      case Number number -> out.append(number);
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator);
          quote(out, String.valueOf(entry.getKey()));
          out.append(':');
          append(out, entry.getValue());
          separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      case Collection<?> list -> {
        String separator = "[";
        for (Object item : list) {
          out.append(separator);
          append(out, item);
          separator = ",";
        }
        out.append(list.isEmpty() ? "[]" : "]");
      }
      default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
    }
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || (Character.isSurrogate(c) && !isPaired(text, i))) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isPaired(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
