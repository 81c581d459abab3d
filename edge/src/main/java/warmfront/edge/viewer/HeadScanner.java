package warmfront.edge.viewer;

/**
 * Finds the empty line that ends a header while its bytes come, and looks at each byte once, so
 * that a viewer who sends one at a time costs no more than one who sends all. Sees at once what can
 * never become a header: a bare CR or LF, NUL, other controls.
 */
final class HeadScanner {
  /** More bytes are needed. */
  static final int MORE = 0;

  static final int MALFORMED = -1;
  static final int TARGET_TOO_LONG = -2;
  static final int HEAD_TOO_LARGE = -3;

  /** The longest method, two spaces and the version. */
  private static final int LINE_EXTRA = 32 + 2 + 8;

  private enum At {
    TEXT,
    LINE_CR,
    LINE_START,
    EMPTY_CR
  }

  private final Limits.Message limits;
  private int seen;
  private boolean lineSeen;
  private At at = At.TEXT;

  HeadScanner(Limits.Message limits) {
    this.limits = limits;
  }

  /** Returns how many bytes of the header were looked at. */
  int seen() {
    return seen;
  }

  void reset() {
    seen = 0;
    lineSeen = false;
    at = At.TEXT;
  }

  /**
   * Returns the length of a header that is there as a whole; 0 if its end is not found, and then
   * {@link #scan} says why. Looks for the end alone: the parser sees what must not be in between.
   */
  static int end(byte[] head, int to) {
    for (int i = 3; i < to; i++) {
      byte b = head[i];
      if (b > Ascii.CR) { // neither of the two, nor of those that follow at a distance of one
        i += 1;
      } else if (b == Ascii.LF && isEnd(head, i)) {
        return i + 1;
      } else if (b == Ascii.CR && i + 1 < to && isEnd(head, i + 1)) {
        return i + 2;
      }
    }
    return 0;
  }

  private static boolean isEnd(byte[] head, int at) {
    return head[at] == Ascii.LF
        && head[at - 1] == Ascii.CR
        && head[at - 2] == Ascii.LF
        && head[at - 3] == Ascii.CR;
  }

  /**
   * Goes on to {@code to}.
   *
   * @param head the header from its first byte; those before {@link #seen} need not be there
   * @return the header's length, with the empty line; {@link #MORE}, or why it is none
   */
  int scan(byte[] head, int to) {
    for (int i = seen; i < to; i++) {
      byte b = head[i];
      if (Ascii.isText(b)) {
        if (at == At.LINE_CR || at == At.EMPTY_CR) {
          return MALFORMED;
        }
        at = At.TEXT;
      } else if (b == Ascii.CR && (at == At.TEXT || at == At.LINE_START)) {
        at = at == At.TEXT ? At.LINE_CR : At.EMPTY_CR;
      } else if (b == Ascii.LF && at == At.LINE_CR) {
        if (isLineTooLong(i)) {
          return TARGET_TOO_LONG;
        }
        at = At.LINE_START;
        lineSeen = true;
      } else if (b == Ascii.LF && at == At.EMPTY_CR) {
        seen = i + 1;
        return seen;
      } else {
        return MALFORMED;
      }
    }
    seen = to;
    return tooLong();
  }

  private int tooLong() {
    if (isLineTooLong(seen)) {
      return TARGET_TOO_LONG;
    }
    return seen >= limits.headBytesMax() ? HEAD_TOO_LARGE : MORE;
  }

  /** Returns whether the first line is too long that has so many bytes, or so many and its LF. */
  private boolean isLineTooLong(int bytes) {
    return !lineSeen && bytes > limits.targetBytesMax() + LINE_EXTRA + 1;
  }
}
