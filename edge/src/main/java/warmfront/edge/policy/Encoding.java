package warmfront.edge.policy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Coding;

/**
 * Accept-Encoding as the key and the origin see it: some of our codings, or one word, or nothing.
 */
final class Encoding {
  /** What the origin is told when none of the viewer's codings is one of ours. */
  static final String IDENTITY = "identity";

  private static final List<Coding> CODINGS = List.of(Coding.values());

  /** What is written for each set of codings, a bit each. */
  private static final List<String> WRITTEN = written();

  private Encoding() {}

  /**
   * Reduces Accept-Encoding to the codings that are switched on (CloudFront, "Compressed objects").
   *
   * @param value the viewer's field, or null without one
   * @param on the codings that are switched on
   * @return as {@code br,gzip}, {@code br}, {@code gzip}, {@code identity}; null without a field
   */
  static @Nullable String normal(@Nullable String value, Set<Coding> on) {
    if (value == null) {
      return null;
    }
    int taken = 0;
    for (int i = 0; i < CODINGS.size(); i++) {
      Coding coding = CODINGS.get(i);
      if (on.contains(coding) && takes(value, coding.token())) {
        taken |= 1 << i;
      }
    }
    return WRITTEN.get(taken);
  }

  /** Returns the best coding of a field that {@link #normal} made; null if it names none. */
  static @Nullable Coding best(@Nullable String normal) {
    if (normal != null) {
      for (Coding coding : CODINGS) {
        if (takes(normal, coding.token())) {
          return coding;
        }
      }
    }
    return null;
  }

  private static List<String> written() {
    return IntStream.range(0, 1 << CODINGS.size()).mapToObj(Encoding::written).toList();
  }

  private static String written(int taken) {
    return taken == 0
        ? IDENTITY
        : IntStream.range(0, CODINGS.size())
            .filter(i -> (taken & 1 << i) != 0)
            .mapToObj(i -> CODINGS.get(i).token())
            .collect(Collectors.joining(","));
  }

  /** Returns whether a coding is in the list with a weight above 0 (RFC 9110, section 12.5.3). */
  private static boolean takes(String value, String coding) {
    int at = 0;
    while (at < value.length()) {
      int comma = value.indexOf(',', at);
      int end = comma < 0 ? value.length() : comma;
      while (at < end && isBlank(value.charAt(at))) {
        at++;
      }
      int after = at + coding.length();
      boolean named =
          value.regionMatches(true, at, coding, 0, coding.length())
              && (after >= end || isBlank(value.charAt(after)) || value.charAt(after) == ';');
      if (named && !isRefused(value, after, end)) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  /** A weight of 0, 0.0, 0.00 or 0.000 refuses. */
  private static boolean isRefused(String value, int from, int end) {
    int weight = value.indexOf("q=", from);
    if (weight < 0 || weight >= end) {
      return false;
    }
    for (int i = weight + 2; i < end; i++) {
      char c = value.charAt(i);
      if (c >= '1' && c <= '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
