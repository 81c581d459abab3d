package warmfront.bench;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The head of a response: as much of it as the load needs to know (RFC 9112, section 4).
 *
 * @param bytes its length, with the empty line
 * @param status the status code
 * @param bodyBytes what Content-Length says, or -1 where there is none
 */
record Head(int bytes, int status, long bodyBytes) {
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  /** Returns the head at the start of {@code received}; empty while its end is not there. */
  static Optional<Head> of(byte[] received, int count) {
    long bodyBytes = -1;
    int line = 0;
    for (int i = 0; i + 1 < count; i++) {
      if (received[i] != '\r' || received[i + 1] != '\n') {
        continue;
      }
      if (i == line) {
        return Optional.of(new Head(i + 2, (int) number(received, STATUS_AT, i), bodyBytes));
      }
      if (isLength(received, line, i)) {
        bodyBytes = number(received, line + LENGTH.length, i);
      }
      line = i + 2;
    }
    return Optional.empty();
  }

  private static boolean isLength(byte[] bytes, int from, int to) {
    if (to - from < LENGTH.length) {
      return false;
    }
    for (int i = 0; i < LENGTH.length; i++) {
      int folded = bytes[from + i] >= 'A' && bytes[from + i] <= 'Z' ? 0x20 : 0;
      if ((bytes[from + i] | folded) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    int i = from;
    while (i < to && bytes[i] == ' ') {
      i++;
    }
    for (; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      number = number * 10 + (bytes[i] - '0');
    }
    return number;
  }
}
