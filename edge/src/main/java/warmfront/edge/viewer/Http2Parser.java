package warmfront.edge.viewer;

import static warmfront.edge.viewer.Received.malformed;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Reads the header list of one request over HTTP/2 (RFC 9113, sections 8.2 and 8.3), once. What
 * could become something else in HTTP/1 towards an origin is not let in.
 */
final class Http2Parser {
  private final Limits.Message limits;
  private final Fields.Builder kept = Fields.builder();
  private final StringBuilder cookies = new StringBuilder(0);
  private @Nullable String method;
  private @Nullable String scheme;
  private @Nullable String target;
  private @Nullable String authority;
  private @Nullable String host;
  private @Nullable String contentLength;
  private @Nullable String expect;
  private boolean regular;
  private int size;

  Http2Parser(Limits.Message limits) {
    this.limits = limits;
  }

  /**
   * Reads the list.
   *
   * @param ended whether no body follows
   * @return a refusal of status 400 is to be told as a stream error (RFC 9113, 8.1.1)
   */
  Received parse(Http2Headers headers, boolean ended) {
    int count = 0;
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      if (++count > limits.fieldsMax() + 4) { // and the pseudo-header fields
        return new Refusal(494, Reason.HEADER_TOO_LARGE, "The request has too many header fields.");
      }
      String name = field.getKey().toString();
      String value = field.getValue().toString();
      size += name.length() + value.length() + 4; // as it would be in HTTP/1
      if (!isRight(value) || !(name.startsWith(":") ? pseudo(name, value) : field(name, value))) {
        return malformed("The header field " + name + " is not right.");
      }
    }
    if (!cookies.isEmpty()) {
      kept.addChecked("cookie", cookies.toString()); // RFC 9113, 8.2.3
    }
    return accepted(ended);
  }

  private boolean pseudo(String name, String value) {
    if (regular) {
      return false;
    }
    boolean first =
        switch (name) {
          case ":method" -> method == null;
          case ":scheme" -> scheme == null;
          case ":path" -> target == null;
          case ":authority" -> authority == null;
          default -> false;
        };
    switch (name) {
      case ":method" -> method = value;
      case ":scheme" -> scheme = value;
      case ":path" -> target = value;
      default -> authority = value;
    }
    return first;
  }

  private boolean field(String name, String value) {
    regular = true;
    if (!Fields.isToken(name) || !name.equals(Ascii.lower(name))) {
      return false;
    }
    switch (name) {
      case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> {
        return false; // RFC 9113, 8.2.2
      }
      case "te" -> {
        return value.equals("trailers");
      }
      case "host" -> {
        boolean first = host == null;
        host = value;
        return first;
      }
      case "content-length" -> {
        boolean first = contentLength == null;
        contentLength = value;
        return first;
      }
      case "expect" -> expect = value;
      case "trailer" -> {}
      case "cookie" -> cookies.append(cookies.isEmpty() ? "" : "; ").append(value);
      default -> kept.addChecked(name, value);
    }
    return true;
  }

  // RFC 9113, 8.2.1: no controls, no blanks at either end
  private static boolean isRight(String value) {
    int length = value.length();
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c > 0xFF || !Ascii.isText((byte) c)) {
        return false;
      }
    }
    return length == 0
        || !(Ascii.isBlank((byte) value.charAt(0))
            || Ascii.isBlank((byte) value.charAt(length - 1)));
  }

  private Received accepted(boolean ended) {
    if (method == null || !Fields.isToken(method) || method.length() > 32) {
      return malformed("The request has no method.");
    }
    if (method.equals("CONNECT")) {
      return new Refusal(403, Reason.METHOD_NOT_ALLOWED, "CONNECT is not served here.");
    }
    if (target == null || scheme == null || !isScheme(scheme) || !isTarget(target)) {
      return malformed("The request has no right path and scheme.");
    }
    if (target.length() > limits.targetBytesMax()) {
      return new Refusal(414, Reason.TARGET_TOO_LONG, "The URL is too long.");
    }
    String named = authority == null ? host == null ? "" : host : authority;
    @Nullable String name = Hosts.name(named);
    if (name == null || (authority != null && host != null && !Hosts.same(authority, host))) {
      return malformed("The request has no right authority.");
    }
    long length = contentLength == null ? (ended ? 0 : -1) : FieldSorter.length(contentLength);
    if (contentLength != null && (length < 0 || (ended && length > 0))) {
      return malformed("Content-Length is not the body's length.");
    }
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return new Refusal(417, Reason.MALFORMED, "Only 100-continue can be expected.");
    }
    boolean whole = target.equals("*");
    int mark = target.indexOf('?');
    return new Accepted(
        Method.of(method),
        name,
        whole ? "/" : mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? null : target.substring(mark + 1),
        Fields.builder().addChecked("host", named).addAll(kept.build()).build(),
        ended ? 0 : length == 0 ? -1 : length,
        Protocol.HTTP_2,
        true,
        expect != null && !ended,
        size);
  }

  private static boolean isScheme(String scheme) {
    return scheme.equals("https") || scheme.equals("http");
  }

  private boolean isTarget(String path) {
    if (path.equals("*")) {
      return Method.OPTIONS.name().equals(method);
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (!Ascii.isVisible((byte) c) || c == '#') {
        return false;
      }
    }
    return path.startsWith("/");
  }
}
