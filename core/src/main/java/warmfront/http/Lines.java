package warmfront.http;

/** Lines of a header as HTTP/1 has them (RFC 9112, section 5), put together as bytes. */
public final class Lines {
  private static final int COLON_AND_END = 4;

  private Lines() {}

  /** Returns how many bytes a field's line has, with its end. */
  public static int length(String name, String value) {
    return name.length() + value.length() + COLON_AND_END;
  }

  /**
   * Puts a field's line into {@code target}, which has room for it.
   *
   * @return the position behind it
   */
  public static int put(String name, String value, byte[] target, int from) {
    int at = put(name, target, from);
    target[at] = ':';
    target[at + 1] = ' ';
    at = put(value, target, at + 2);
    target[at] = '\r';
    target[at + 1] = '\n';
    return at + 2;
  }

  /**
   * Puts a text without characters above U+00FF.
   *
   * @return the position behind it
   */
  @SuppressWarnings("deprecation") // the one way to copy characters as bytes without an array
  public static int put(String text, byte[] target, int at) {
    text.getBytes(0, text.length(), target, at);
    return at + text.length();
  }
}
