package warmfront.http;

import java.time.Duration;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The form that cache directives have in requests and in responses (RFC 9111, section 5.2). */
final class Directives {
  private Directives() {}

  /**
   * Reads them one by one.
   *
   * @param each gets a name in lower case, and the argument without quotes or null
   */
  static void read(String value, BiConsumer<String, @Nullable String> each) {
    int at = 0;
    while (at < value.length()) {
      int end = end(value, at);
      String directive = value.substring(at, end).strip();
      int equals = directive.indexOf('=');
      String name = equals < 0 ? directive : directive.substring(0, equals).stripTrailing();
      @Nullable String argument =
          equals < 0 ? null : unquoted(directive.substring(equals + 1).strip());
      each.accept(name.toLowerCase(Locale.ROOT), argument);
      at = end + 1;
    }
  }

  /** Returns where the member of a list ends that begins at an offset; no comma within quotes. */
  static int end(String value, int from) {
    boolean quoted = false;
    for (int i = from; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ',' && !quoted) {
        return i;
      }
    }
    return value.length();
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** Returns an argument as a time, up to {@link CacheControl#SECONDS_MAX}; 0 if it is none. */
  static Duration seconds(@Nullable String digits) {
    if (digits == null || digits.isEmpty()) {
      return Duration.ZERO;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return Duration.ZERO;
      }
      value = Math.min(value * 10 + c - '0', CacheControl.SECONDS_MAX.toSeconds());
    }
    return Duration.ofSeconds(value);
  }
}
