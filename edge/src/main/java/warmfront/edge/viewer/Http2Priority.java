package warmfront.edge.viewer;

/**
 * How soon a viewer wants a response (RFC 9218, section 4).
 *
 * @param urgency 0 to 7, the smallest first
 * @param shared whether responses of the same urgency are sent a part of each in turn: they are
 *     {@code incremental}, or the viewer does not say, which is how viewers older than RFC 9218
 *     expect it
 */
record Http2Priority(int urgency, boolean shared) {
  static final int URGENCY_MAX = 7;
  private static final int URGENCY = 3;

  /** The viewer says nothing. */
  static final Http2Priority UNSAID = new Http2Priority(URGENCY, true);

  private static final Http2Priority[] ALL = new Http2Priority[2 * URGENCY_MAX + 2];

  static {
    for (int urgency = 0; urgency <= URGENCY_MAX; urgency++) {
      ALL[2 * urgency] = new Http2Priority(urgency, false);
      ALL[2 * urgency + 1] = new Http2Priority(urgency, true);
    }
  }

  /** Reads a Priority field; what is not understood counts as not there (section 4). */
  static Http2Priority of(String field) {
    int urgency = URGENCY;
    boolean incremental = false;
    int from = 0;
    while (from < field.length()) {
      int comma = field.indexOf(',', from);
      int to = comma < 0 ? field.length() : comma;
      int semicolon = field.indexOf(';', from);
      String member = field.substring(from, semicolon < 0 || semicolon > to ? to : semicolon);
      switch (member.strip()) {
        case "i", "i=?1" -> incremental = true;
        case "i=?0" -> incremental = false;
        case String other when other.length() == 3 && other.startsWith("u=") -> {
          int digit = other.charAt(2) - '0';
          urgency = digit >= 0 && digit <= URGENCY_MAX ? digit : urgency;
        }
        default -> {}
      }
      from = to + 1;
    }
    return ALL[2 * urgency + (incremental ? 1 : 0)];
  }
}
