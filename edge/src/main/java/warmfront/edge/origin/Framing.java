package warmfront.edge.origin;

import java.util.List;
import warmfront.http.Fields;

/** How the end of an answer's body is found (RFC 9112, 6.3): exactly one way, or it is refused. */
sealed interface Framing {
  /**
   * There is no body; HEAD, 204 and 304 have none whatever the fields say.
   *
   * @param stated the length that the object has, -1 if not said
   */
  record Bodiless(long stated) implements Framing {}

  /** So many bytes. */
  record Length(long bytes) implements Framing {}

  /** Chunks until the last one. */
  record Chunked() implements Framing {}

  /** Everything until the connection ends. */
  record UntilClose() implements Framing {}

  /** It cannot be told for sure. */
  record Ambiguous(String why) implements Framing {}

  static Framing of(AnswerHead head, boolean toHead) {
    Fields fields = head.fields();
    List<String> codings = fields.all("Transfer-Encoding");
    List<String> lengths = fields.all("Content-Length");
    for (String length : lengths) {
      if (!isLength(length) || !length.equals(lengths.getFirst())) {
        return new Ambiguous("Content-Length is not one number");
      }
    }
    if (!codings.isEmpty() && !lengths.isEmpty()) {
      return new Ambiguous("both Content-Length and Transfer-Encoding");
    }
    if (!codings.isEmpty()
        && (head.minor() == 0
            || codings.size() > 1
            || !codings.getFirst().equalsIgnoreCase("chunked"))) {
      return new Ambiguous("a Transfer-Encoding other than chunked in HTTP/1.1");
    }
    long length = lengths.isEmpty() ? -1 : Long.parseLong(lengths.getFirst());
    if (toHead || head.status() == 304) {
      return new Bodiless(length);
    }
    if (head.status() == 204) {
      return new Bodiless(0);
    }
    if (!codings.isEmpty()) {
      return new Chunked();
    }
    return length < 0 ? new UntilClose() : length == 0 ? new Bodiless(0) : new Length(length);
  }

  /** Returns the length of the body for the next room; -1 if it is not known beforehand. */
  default long length() {
    return switch (this) {
      case Bodiless(long stated) -> stated;
      case Length(long bytes) -> bytes;
      case Chunked _, UntilClose _, Ambiguous _ -> -1;
    };
  }

  // 18 digits are always a long
  private static boolean isLength(String value) {
    if (value.isEmpty() || value.length() > 18) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
