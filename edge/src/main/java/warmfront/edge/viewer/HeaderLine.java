package warmfront.edge.viewer;

import org.jspecify.annotations.Nullable;

/**
 * A line of a header list over HTTP/2 or HTTP/3, with what it means to a request: found out once,
 * when it is read, and kept with it in the decoder's table. Immutable.
 */
final class HeaderLine {
  /** What a line means. */
  enum Role {
    METHOD,
    SCHEME,
    PATH,
    AUTHORITY,
    HOST,
    CONTENT_LENGTH,
    EXPECT,
    COOKIE,
    PRIORITY,
    /** One that ends here. */
    DROPPED,
    /** One that goes on as it is. */
    ORDINARY,
    /** One that no request may have (RFC 9113, 8.2 and 8.3). */
    WRONG
  }

  private static final int OVERHEAD = 32; // RFC 7541, 4.1

  private final String name;
  private final String value;
  private final Role role;
  private final @Nullable String host;

  private HeaderLine(String name, String value, Role role) {
    this.name = name;
    this.value = value;
    this.role = role;
    host = role == Role.AUTHORITY || role == Role.HOST ? Hosts.name(value) : null;
  }

  /** Returns a line, whose characters are bytes; it need not be right. */
  static HeaderLine of(String name, String value) {
    return new HeaderLine(name, value, isRight(value) ? role(name, value) : Role.WRONG);
  }

  /**
   * Returns a line of a static table as it is stated there: a name, and its value if it has one.
   */
  static HeaderLine stated(String text) {
    int space = text.indexOf(' ');
    return space < 0 ? of(text, "") : of(text.substring(0, space), text.substring(space + 1));
  }

  /** Returns a line of the same name. */
  HeaderLine with(String other) {
    return of(name, other);
  }

  private static Role role(String name, String value) {
    return switch (name) {
      case ":method" -> Role.METHOD;
      case ":scheme" -> Role.SCHEME;
      case ":path" -> Role.PATH;
      case ":authority" -> Role.AUTHORITY;
      case "host" -> Role.HOST;
      case "content-length" -> Role.CONTENT_LENGTH;
      case "expect" -> Role.EXPECT;
      case "cookie" -> Role.COOKIE;
      case "priority" -> Role.PRIORITY;
      case "trailer" -> Role.DROPPED;
      // RFC 9113, 8.2.2
      case "te" -> value.equals("trailers") ? Role.DROPPED : Role.WRONG;
      case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" ->
          Role.WRONG;
      default -> isName(name) ? Role.ORDINARY : Role.WRONG;
    };
  }

  // RFC 9113, 8.2.1; unknown pseudo-header fields are no tokens
  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c >= 'A' && c <= 'Z') || c > 0x7E || !Ascii.isToken((byte) c)) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  // RFC 9113, 8.2.1: no controls, no blanks at either end
  private static boolean isRight(String value) {
    int length = value.length();
    for (int i = 0; i < length; i++) {
      if (!Ascii.isText((byte) value.charAt(i))) {
        return false;
      }
    }
    return length == 0
        || !(Ascii.isBlank((byte) value.charAt(0))
            || Ascii.isBlank((byte) value.charAt(length - 1)));
  }

  String name() {
    return name;
  }

  String value() {
    return value;
  }

  Role role() {
    return role;
  }

  /** Returns the host that an authority names, in lower case without port; null if it is wrong. */
  @Nullable String host() {
    return host;
  }

  /** Returns its size by HPACK's measure (RFC 7541, 4.1). */
  int size() {
    return name.length() + value.length() + OVERHEAD;
  }
}
