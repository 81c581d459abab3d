package warmfront.edge.viewer;

import org.jspecify.annotations.Nullable;

/** The authority of a request: a DNS name or address with an optional port (RFC 9110, 7.2). */
final class Hosts {
  private static final int NAME_MAX = 254; // RFC 1035, 2.3.4, and the final dot

  private Hosts() {}

  /**
   * Returns the name in lower case, without port and final dot; null if it is none. We take
   * letters, digits, dot, dash and underscore only, because names of distributions have no others.
   */
  static @Nullable String name(String authority) {
    int end = authority.startsWith("[") ? literalEnd(authority) : nameEnd(authority);
    if (end <= 0 || !isPort(authority, end)) {
      return null;
    }
    int last = end > 1 && authority.charAt(end - 1) == '.' ? end - 1 : end;
    return lower(authority, last);
  }

  /** Returns the port's digits; empty if there are none. Call it for a right authority only. */
  static String port(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon < 0 || colon < authority.lastIndexOf(']') ? "" : authority.substring(colon + 1);
  }

  /** Returns whether both name the same host and, where both say so, the same port. */
  static boolean same(String one, String other) {
    @Nullable String name = name(one);
    String port = port(one);
    String otherPort = port(other);
    return name != null
        && name.equals(name(other))
        && (port.isEmpty() || otherPort.isEmpty() || port.equals(otherPort));
  }

  private static int nameEnd(String authority) {
    int end = 0;
    while (end < authority.length() && isNameChar(authority.charAt(end))) {
      end++;
    }
    return end > NAME_MAX || (end > 0 && authority.charAt(0) == '.') ? -1 : end;
  }

  private static int literalEnd(String authority) {
    int close = authority.indexOf(']');
    if (close < 3 || close > 46) { // [::] to the longest text of an address
      return -1;
    }
    for (int i = 1; i < close; i++) {
      char c = authority.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return -1;
      }
    }
    return close + 1;
  }

  private static boolean isPort(String authority, int from) {
    if (from == authority.length()) {
      return true;
    }
    int digits = authority.length() - from - 1;
    if (authority.charAt(from) != ':' || digits > 5) {
      return false;
    }
    int port = 0;
    for (int i = from + 1; i < authority.length(); i++) {
      int digit = authority.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      port = port * 10 + digit;
    }
    return port <= 65_535;
  }

  private static String lower(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        return Ascii.lower(text.substring(0, end));
      }
    }
    return text.substring(0, end);
  }

  private static boolean isNameChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_';
  }
}
