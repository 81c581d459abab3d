package warmfront.edge.policy;

import org.jspecify.annotations.Nullable;

/** Accept-Encoding as the key and the origin see it: one of four words, or nothing. */
final class Encoding {
  /** What the origin is told when none of the viewer's codings is one of ours. */
  static final String IDENTITY = "identity";

  private Encoding() {}

  /**
   * Reduces Accept-Encoding to the codings that are switched on (CloudFront, "Compressed objects").
   *
   * @param value the viewer's field, or null without one
   * @return {@code br,gzip}, {@code br}, {@code gzip}, {@code identity}; null without a field
   */
  static @Nullable String normal(@Nullable String value, boolean gzip, boolean brotli) {
    if (value == null) {
      return null;
    }
    boolean takesBrotli = brotli && takes(value, "br");
    boolean takesGzip = gzip && takes(value, "gzip");
    if (takesBrotli) {
      return takesGzip ? "br,gzip" : "br";
    }
    return takesGzip ? "gzip" : IDENTITY;
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
