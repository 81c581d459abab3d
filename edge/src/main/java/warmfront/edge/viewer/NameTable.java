package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/** The names that most requests are made of, so that each is not made anew. Immutable. */
final class NameTable {
  private static final int SIZE = 512;
  private static final String[] NAMES = {
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "Host",
    "User-Agent",
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "DNT",
    "Expect",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Origin",
    "Pragma",
    "Priority",
    "Range",
    "Referer",
    "Sec-Ch-Ua",
    "Sec-Ch-Ua-Mobile",
    "Sec-Ch-Ua-Platform",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Sec-Fetch-User",
    "TE",
    "Transfer-Encoding",
    "Upgrade",
    "Upgrade-Insecure-Requests",
    "Via",
    "X-Forwarded-For",
  };

  private final @Nullable String[] slots = new @Nullable String[SIZE];

  NameTable() {
    for (String name : NAMES) {
      put(name);
      if (!name.equals("GET")) {
        put(Ascii.lower(name));
      }
    }
  }

  private void put(String name) {
    byte[] bytes = Ascii.bytes(name);
    int slot = slot(bytes, 0, bytes.length);
    if (slots[slot] == null) { // a second one in a slot is made anew each time
      slots[slot] = name;
    }
  }

  /** Returns the text of these bytes. */
  String text(byte[] bytes, int from, int to) {
    @Nullable String name = slots[slot(bytes, from, to)];
    if (name != null && is(name, bytes, from, to)) {
      return name;
    }
    return new String(bytes, from, to - from, ISO_8859_1);
  }

  private static int slot(byte[] bytes, int from, int to) {
    int middle = bytes[from + (to - from) / 2];
    int hash = (to - from) * 31 + bytes[from] * 7 + middle * 131 + bytes[to - 1] * 17;
    return (hash ^ hash >>> 7) & (SIZE - 1);
  }

  private static boolean is(String name, byte[] bytes, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (name.charAt(i - from) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
