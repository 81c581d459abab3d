package warmfront.edge.viewer;

import static warmfront.edge.viewer.Received.malformed;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.viewer.Received.Refusal;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Parts the fields of one request into those of framing and connection, which end here, and those
 * that go on (RFC 9110, 7.6.1; RFC 9112, 6).
 */
final class FieldSorter {
  private final Protocol protocol;
  private final Fields.Builder kept = Fields.builder();
  private List<String> nominated = List.of();
  private @Nullable String host;
  private @Nullable String contentLength;
  private @Nullable String transferEncoding;
  private @Nullable String expect;
  private boolean repeated;
  private boolean close;
  private boolean keepAlive;
  private boolean connectionWrong;
  private boolean webSocket;
  private String name = "";
  private long bodyLength;

  FieldSorter(Protocol protocol) {
    this.protocol = protocol;
  }

  /** Takes a line whose syntax is right. */
  void add(String field, String value) {
    if (keeps(field, value)) {
      kept.addChecked(field, value);
    }
  }

  private boolean keeps(String field, String value) {
    return switch (field.length()) {
      case 2 -> !field.equalsIgnoreCase("te");
      case 4 -> !field.equalsIgnoreCase("host") || host(value);
      case 6 -> !field.equalsIgnoreCase("expect") || expect(value);
      case 7 -> keepsOfSeven(field, value);
      case 10 -> keepsOfTen(field, value);
      case 14 -> keepsOfFourteen(field, value);
      case 16 -> !field.equalsIgnoreCase("proxy-connection");
      case 17 -> !field.equalsIgnoreCase("transfer-encoding") || transferEncoding(value);
      default -> true;
    };
  }

  private boolean keepsOfSeven(String field, String value) {
    if (field.equalsIgnoreCase("upgrade")) {
      webSocket |= value.equalsIgnoreCase("websocket");
      return false;
    }
    return !field.equalsIgnoreCase("trailer");
  }

  private boolean keepsOfTen(String field, String value) {
    if (field.equalsIgnoreCase("connection")) {
      connection(value);
      return false;
    }
    return !field.equalsIgnoreCase("keep-alive");
  }

  private boolean keepsOfFourteen(String field, String value) {
    if (field.equalsIgnoreCase("content-length")) {
      repeated |= contentLength != null;
      contentLength = value;
      return false;
    }
    return !field.equalsIgnoreCase("http2-settings");
  }

  private boolean host(String value) {
    repeated |= host != null;
    host = value;
    return true;
  }

  private boolean expect(String value) {
    expect = value;
    return false;
  }

  private boolean transferEncoding(String value) {
    repeated |= transferEncoding != null;
    transferEncoding = value;
    return false;
  }

  // RFC 9110, 7.6.1: the names it lists are of this connection only
  private void connection(String value) {
    int from = 0;
    while (from <= value.length()) {
      int comma = value.indexOf(',', from);
      int to = comma < 0 ? value.length() : comma;
      String option = value.substring(from, to).strip();
      if (option.equalsIgnoreCase("close")) {
        close = true;
      } else if (option.equalsIgnoreCase("keep-alive")) {
        keepAlive = true;
      } else if (!option.isEmpty()) {
        connectionWrong |= !Fields.isToken(option) || option.equalsIgnoreCase("host");
        nominate(option);
      }
      from = to + 1;
    }
  }

  private void nominate(String option) {
    if (nominated.isEmpty()) {
      nominated = new ArrayList<>();
    }
    nominated.add(option);
  }

  /** Returns what is wrong with the fields as a whole, or null; then the getters may be called. */
  @Nullable Refusal check(@Nullable String authority) {
    if (repeated) {
      return malformed("Host, Content-Length or Transfer-Encoding stands more than once.");
    }
    if (connectionWrong) {
      return malformed("The Connection field is not right.");
    }
    @Nullable Refusal wrong = checkHost(authority);
    if (wrong == null) {
      wrong = checkBody();
    }
    if (wrong == null && expect != null && !expect.equalsIgnoreCase("100-continue")) {
      wrong = new Refusal(417, Reason.MALFORMED, "Only 100-continue can be expected.");
    }
    return wrong;
  }

  // RFC 9112, 3.2: we ask it of HTTP/1.0 as well, because the name chooses the distribution
  private @Nullable Refusal checkHost(@Nullable String authority) {
    if (host == null) {
      return malformed("The request has no Host.");
    }
    if (authority != null && !Hosts.same(authority, host)) {
      return malformed("Host is not the URL's.");
    }
    @Nullable String found = Hosts.name(authority == null ? host : authority);
    if (found == null) {
      return malformed("Host is not a name and a port.");
    }
    name = found;
    return null;
  }

  // RFC 9112, 6.1 to 6.3
  private @Nullable Refusal checkBody() {
    if (transferEncoding != null) {
      if (contentLength != null || protocol == Protocol.HTTP_1_0) {
        return malformed("Transfer-Encoding stands beside Content-Length or in HTTP/1.0.");
      }
      bodyLength = -1;
      return transferEncoding.equalsIgnoreCase("chunked") ? null : codings(transferEncoding);
    }
    bodyLength = contentLength == null ? 0 : length(contentLength);
    return bodyLength < 0 ? malformed("Content-Length is not a number.") : null;
  }

  /** RFC 9112, 6.1 and 6.3: chunked comes last and once, or the end of the body is unknown. */
  private static Refusal codings(String list) {
    String[] codings = list.split(",", -1);
    for (int i = 0; i < codings.length; i++) {
      boolean isLast = i == codings.length - 1;
      if (codings[i].strip().equalsIgnoreCase("chunked") != isLast) {
        return malformed("The last transfer coding, and no other, must be chunked.");
      }
    }
    return new Refusal(501, Reason.MALFORMED, "The only transfer coding known here is chunked.");
  }

  /** Returns a Content-Length (RFC 9110, 8.6); -1 if it is none. */
  static long length(String digits) {
    if (digits.isEmpty() || digits.length() > 18) { // 19 digits may overflow
      return -1;
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Returns the host in lower case without a port. */
  String host() {
    return name;
  }

  /** Returns the fields that go on. */
  Fields fields() {
    if (!nominated.isEmpty()) {
      kept.removeIf(field -> nominated.stream().anyMatch(field::equalsIgnoreCase));
    }
    return kept.build();
  }

  /** Returns the body's length; -1 if it is chunked, and what a tunnel's is for WebSocket. */
  long bodyLength(Method method) {
    return isHandshake(method) ? Request.TUNNEL : bodyLength;
  }

  /** RFC 6455, 4.1; what is not that, and asks for another protocol, stays in this one. */
  private boolean isHandshake(Method method) {
    return webSocket
        && bodyLength == 0
        && method.equals(Method.GET)
        && protocol == Protocol.HTTP_1_1
        && nominated.stream().anyMatch("upgrade"::equalsIgnoreCase);
  }

  /** Returns whether the connection goes on (RFC 9112, 9.3). */
  boolean keepAlive() {
    return !close && (protocol == Protocol.HTTP_1_1 || keepAlive);
  }

  /** Returns whether the viewer waits for 100; HTTP/1.0 does not know of it (RFC 9110, 10.1.1). */
  boolean continueExpected() {
    return expect != null && bodyLength != 0 && protocol == Protocol.HTTP_1_1;
  }
}
