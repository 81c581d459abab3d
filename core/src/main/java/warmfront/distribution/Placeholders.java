package warmfront.distribution;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Texts of a multi-tenant distribution that have <code>{{name}}</code> for a tenant's value. */
public final class Placeholders {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([A-Za-z0-9_-]+)}}");

  private Placeholders() {}

  /** Returns whether a text has none. */
  public static boolean isPlain(String text) {
    return !text.contains("{{");
  }

  /** Returns the names of the parameters in a text, in their order. */
  public static List<String> names(String text) {
    return PLACE.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /**
   * Returns a text with values in the places of parameters.
   *
   * @throws IllegalArgumentException if one has no value
   */
  public static String filled(String text, Map<String, String> values) {
    if (isPlain(text)) {
      return text;
    }
    return PLACE
        .matcher(text)
        .replaceAll(found -> {
          @Nullable String value = values.get(found.group(1));
          if (value == null) {
            throw new IllegalArgumentException(
                "the parameter %s of '%s' has no value".formatted(found.group(1), text));
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
