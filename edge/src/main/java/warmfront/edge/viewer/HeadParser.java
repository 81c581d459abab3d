package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static warmfront.edge.viewer.Received.malformed;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;
import warmfront.http.Method;

/**
 * Reads the request line and header of HTTP/1 by the letter of RFC 9112, sections 2 to 5. One per
 * loop; keeps nothing from one request to the next.
 */
final class HeadParser {
  private static final int METHOD_MAX = 32;
  private static final byte[] VERSION = Ascii.bytes("HTTP/1.");

  private final Limits.Message limits;
  private final NameTable names = new NameTable();

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private Method method = Method.GET;
  private Protocol protocol = Protocol.HTTP_1_1;
  private @Nullable String authority;
  private String path = "/";
  private @Nullable String query;

  HeadParser(Limits.Message limits) {
    this.limits = limits;
  }

  /** Reads a header that ends with its empty line at {@code length}. */
  Received parse(byte[] head, int length) {
    assert length >= 4 && head[length - 1] == Ascii.LF && head[length - 3] == Ascii.LF;
    bytes = head;
    at = 0;
    end = length;
    authority = null;
    query = null;
    @Nullable Refusal wrong = requestLine();
    if (wrong != null) {
      return wrong;
    }
    FieldSorter fields = new FieldSorter(protocol);
    wrong = fieldLines(fields);
    if (wrong == null) {
      wrong = fields.check(authority);
    }
    return wrong == null ? accepted(fields) : wrong;
  }

  private Accepted accepted(FieldSorter fields) {
    return new Accepted(
        method,
        fields.host(),
        path,
        query,
        fields.fields(),
        fields.bodyLength(method),
        protocol,
        fields.keepAlive(),
        fields.continueExpected(),
        end);
  }

  private @Nullable Refusal requestLine() {
    int start = at;
    while (Ascii.isToken(bytes[at])) {
      at++;
    }
    if (at == start || at - start > METHOD_MAX || bytes[at] != Ascii.SPACE) {
      return malformed("The request does not begin with a method and one space.");
    }
    method = Method.of(names.text(bytes, start, at));
    int target = ++at;
    while (Ascii.isVisible(bytes[at]) && bytes[at] != '#') {
      at++;
    }
    if (at - target > limits.targetBytesMax()) {
      return new Refusal(414, Reason.TARGET_TOO_LONG, "The URL is too long.");
    }
    if (at == target || bytes[at] != Ascii.SPACE) {
      return malformed("The request target is empty or has characters that none may have.");
    }
    int targetEnd = at++;
    @Nullable Refusal wrong = version();
    return wrong == null ? target(target, targetEnd) : wrong;
  }

  private @Nullable Refusal version() {
    for (byte expected : VERSION) {
      if (bytes[at] != expected) {
        return bytes[at] >= '2' && bytes[at] <= '9' && expected == '1'
            ? unknownVersion()
            : malformed("The request line does not end with an HTTP version.");
      }
      at++;
    }
    byte minor = bytes[at++];
    if (bytes[at] != Ascii.CR || bytes[at + 1] != Ascii.LF || minor < '0' || minor > '9') {
      return malformed("The request line does not end with an HTTP version.");
    }
    at += 2;
    if (minor > '1') {
      return unknownVersion();
    }
    protocol = minor == '1' ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
    return null;
  }

  private static Refusal unknownVersion() {
    return new Refusal(505, Reason.MALFORMED, "This HTTP version is not spoken here.");
  }

  // RFC 9112, 3.2: origin-form, absolute-form, asterisk-form; authority-form is CONNECT's alone
  private @Nullable Refusal target(int from, int to) {
    if (method.name().equals("CONNECT")) {
      return new Refusal(403, Reason.METHOD_NOT_ALLOWED, "CONNECT is not served here.");
    }
    if (bytes[from] == '/') {
      pathAndQuery(from, to);
      return null;
    }
    if (to - from == 1 && bytes[from] == '*' && method.equals(Method.OPTIONS)) {
      path = "/"; // of the server as a whole: what an origin has to say of its root
      return null;
    }
    int authorityFrom = afterScheme(from, to);
    if (authorityFrom < 0) {
      return malformed("The request target is neither a path nor a URL.");
    }
    int authorityTo = authorityFrom;
    while (authorityTo < to && bytes[authorityTo] != '/' && bytes[authorityTo] != '?') {
      authorityTo++;
    }
    authority = text(authorityFrom, authorityTo);
    pathAndQuery(authorityTo, to);
    return null;
  }

  private int afterScheme(int from, int to) {
    String start = text(from, Math.min(to, from + 8));
    if (start.regionMatches(true, 0, "http://", 0, 7)) {
      return from + 7;
    }
    return start.regionMatches(true, 0, "https://", 0, 8) ? from + 8 : -1;
  }

  private void pathAndQuery(int from, int to) {
    int mark = from;
    while (mark < to && bytes[mark] != '?') {
      mark++;
    }
    path = mark == from ? "/" : text(from, mark);
    query = mark == to ? null : text(mark + 1, to);
  }

  private @Nullable Refusal fieldLines(FieldSorter fields) {
    int count = 0;
    while (bytes[at] != Ascii.CR) {
      if (++count > limits.fieldsMax()) {
        return new Refusal(494, Reason.HEADER_TOO_LARGE, "The request has too many header fields.");
      }
      int name = at;
      while (Ascii.isToken(bytes[at])) {
        at++;
      }
      // covers a space before the colon and a folded line, which begins with one
      if (at == name || bytes[at] != ':') {
        return malformed("A header line does not begin with a name and a colon.");
      }
      int nameEnd = at++;
      int value = skipBlanks();
      while (Ascii.isText(bytes[at])) {
        at++;
      }
      if (bytes[at] != Ascii.CR || bytes[at + 1] != Ascii.LF) {
        return malformed("A header line has a control character.");
      }
      fields.add(names.text(bytes, name, nameEnd), text(value, trimmed(value)));
      at += 2;
    }
    return at == end - 2 ? null : malformed("The header does not end with an empty line.");
  }

  private int skipBlanks() {
    while (Ascii.isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  private int trimmed(int from) {
    int to = at;
    while (to > from && Ascii.isBlank(bytes[to - 1])) {
      to--;
    }
    return to;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, ISO_8859_1);
  }
}
