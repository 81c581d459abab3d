package warmfront.edge.viewer;

import static warmfront.edge.viewer.Received.malformed;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.HeaderLine.Role;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Reads the header list of a request over HTTP/2 (RFC 9113, sections 8.2 and 8.3) or HTTP/3 (RFC
 * 9114, sections 4.2 and 4.3, whose rules are the same), once. What could become something else in
 * HTTP/1 towards an origin is not let in. One per loop; keeps nothing from one request to the next.
 */
final class Http2Parser implements Consumer<HeaderLine> {
  private static final int PSEUDO_MAX = 4;
  private static final int METHOD_MAX = 32;

  private final Limits.Message limits;
  private final Protocol protocol;
  private final List<String> kept = new ArrayList<>();
  private final StringBuilder cookies = new StringBuilder(0);
  private @Nullable HeaderLine wrong;
  private @Nullable String method;
  private @Nullable String scheme;
  private @Nullable String target;
  private @Nullable HeaderLine authority;
  private @Nullable HeaderLine host;
  private @Nullable String contentLength;
  private @Nullable String expect;
  private Http2Priority priority = Http2Priority.UNSAID;
  private boolean regular;
  private int count;
  private int size;

  Http2Parser(Limits.Message limits, Protocol protocol) {
    this.limits = limits;
    this.protocol = protocol;
  }

  /** Begins with a list; its lines follow. */
  Http2Parser begin() {
    kept.clear();
    kept.add("host");
    kept.add(""); // its value is known at the end
    cookies.setLength(0);
    wrong = null;
    method = null;
    scheme = null;
    target = null;
    authority = null;
    host = null;
    contentLength = null;
    expect = null;
    priority = Http2Priority.UNSAID;
    regular = false;
    count = 0;
    size = 0;
    return this;
  }

  @Override
  public void accept(HeaderLine line) {
    count++;
    size += line.name().length() + line.value().length() + 4; // as it would be in HTTP/1
    if (size > limits.headBytesMax() || count > limits.fieldsMax() + PSEUDO_MAX) {
      return; // and nothing more is kept
    }
    if (!takes(line) && wrong == null) {
      wrong = line;
    }
  }

  private boolean takes(HeaderLine line) {
    Role role = line.role();
    if (role.compareTo(Role.AUTHORITY) > 0) {
      regular = true;
    } else if (regular) {
      return false; // RFC 9113, 8.3: before all others
    }
    boolean first = true;
    switch (role) {
      case METHOD -> {
        first = method == null;
        method = line.value();
      }
      case SCHEME -> {
        first = scheme == null;
        scheme = line.value();
      }
      case PATH -> {
        first = target == null;
        target = line.value();
      }
      case AUTHORITY -> {
        first = authority == null;
        authority = line;
      }
      case HOST -> {
        first = host == null;
        host = line;
      }
      case CONTENT_LENGTH -> {
        first = contentLength == null;
        contentLength = line.value();
      }
      case EXPECT -> expect = line.value();
      case COOKIE -> cookies.append(cookies.isEmpty() ? "" : "; ").append(line.value());
      case PRIORITY -> {
        priority = Http2Priority.of(line.value());
        keep(line);
      }
      case DROPPED -> {}
      case ORDINARY -> keep(line);
      case WRONG -> first = false;
    }
    return first;
  }

  private void keep(HeaderLine line) {
    kept.add(line.name());
    kept.add(line.value());
  }

  /** Returns what the request asked for in priority (RFC 9218), after {@link #end}. */
  Http2Priority priority() {
    return priority;
  }

  /** Returns whether the list is right for trailers (RFC 9113, 8.1), which are dropped. */
  boolean isTrailers() {
    return wrong == null
        && method == null
        && scheme == null
        && target == null
        && authority == null
        && size <= limits.trailerBytesMax();
  }

  /**
   * Ends the list.
   *
   * @param ended whether no body follows
   * @return a refusal of status 400 is to be told as a stream error (RFC 9113, 8.1.1)
   */
  Received end(boolean ended) {
    if (wrong != null) {
      return malformed("The header field " + wrong.name() + " is not right.");
    }
    if (size > limits.headBytesMax()) {
      return new Refusal(494, Reason.HEADER_TOO_LARGE, "The request's header is too large.");
    }
    if (count > limits.fieldsMax() + PSEUDO_MAX) {
      return new Refusal(494, Reason.HEADER_TOO_LARGE, "The request has too many header fields.");
    }
    if (method == null || !Fields.isToken(method) || method.length() > METHOD_MAX) {
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
    return accepted(method, target, ended);
  }

  private Received accepted(String asked, String path, boolean ended) {
    @Nullable HeaderLine named = authority == null ? host : authority;
    @Nullable String name = named == null ? null : named.host();
    if (named == null
        || name == null
        || (authority != null && host != null && !Hosts.same(authority.value(), host.value()))) {
      return malformed("The request has no right authority.");
    }
    long length = contentLength == null ? (ended ? 0 : -1) : FieldSorter.length(contentLength);
    if (contentLength != null && (length < 0 || (ended && length > 0))) {
      return malformed("Content-Length is not the body's length.");
    }
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return new Refusal(417, Reason.MALFORMED, "Only 100-continue can be expected.");
    }
    kept.set(1, named.value());
    if (!cookies.isEmpty()) {
      kept.add("cookie");
      kept.add(cookies.toString()); // RFC 9113, 8.2.3
    }
    boolean whole = path.equals("*");
    int mark = path.indexOf('?');
    return new Accepted(
        Method.of(asked),
        name,
        whole ? "/" : mark < 0 ? path : path.substring(0, mark),
        mark < 0 ? null : path.substring(mark + 1),
        Fields.checked(kept),
        ended ? 0 : length == 0 ? -1 : length,
        protocol,
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
