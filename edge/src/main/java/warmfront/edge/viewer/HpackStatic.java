package warmfront.edge.viewer;

import java.util.List;

/** The static table of HPACK (RFC 7541, appendix A). Immutable. */
final class HpackStatic {
  private static final String TABLE =
      """
      :authority
      :method GET
      :method POST
      :path /
      :path /index.html
      :scheme http
      :scheme https
      :status 200
      :status 204
      :status 206
      :status 304
      :status 400
      :status 404
      :status 500
      accept-charset
      accept-encoding gzip, deflate
      accept-language
      accept-ranges
      accept
      access-control-allow-origin
      age
      allow
      authorization
      cache-control
      content-disposition
      content-encoding
      content-language
      content-length
      content-location
      content-range
      content-type
      cookie
      date
      etag
      expect
      expires
      from
      host
      if-match
      if-modified-since
      if-none-match
      if-range
      if-unmodified-since
      last-modified
      link
      location
      max-forwards
      proxy-authenticate
      proxy-authorization
      range
      referer
      refresh
      retry-after
      server
      set-cookie
      strict-transport-security
      transfer-encoding
      user-agent
      vary
      via
      www-authenticate
      """;

  private static final List<HeaderLine> LINES = TABLE.lines().map(HeaderLine::stated).toList();

  /** How many lines it has; the dynamic table begins after them. */
  static final int SIZE = LINES.size();

  private HpackStatic() {}

  /** Returns the line at an index from 1. */
  static HeaderLine line(int index) {
    return LINES.get(index - 1);
  }

  /** Returns the first index of a name; 0 if there is none. Not for the hot path. */
  static int index(String name) {
    for (int i = 1; i <= SIZE; i++) {
      if (line(i).name().equals(name)) {
        return i;
      }
    }
    return 0;
  }
}
