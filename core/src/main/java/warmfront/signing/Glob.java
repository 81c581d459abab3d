package warmfront.signing;

/**
 * Texts with wildcards: {@code *} for any characters, {@code ?} for one; {@code \?} is a question
 * mark.
 */
public final class Glob {
  private Glob() {}

  /** Returns whether a whole text is what a pattern says; takes time in proportion to both. */
  public static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int retry = 0;
    while (t < text.length()) {
      int step = step(pattern, p, text.charAt(t));
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = t;
      } else if (step > 0) {
        p += step;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Returns how many of the pattern's characters stand for one of the text, 0 if none do. */
  private static int step(String pattern, int at, char c) {
    if (at >= pattern.length()) {
      return 0;
    }
    if (pattern.startsWith("\\?", at)) {
      return c == '?' ? 2 : 0;
    }
    return pattern.charAt(at) == '?' || pattern.charAt(at) == c ? 1 : 0;
  }
}
