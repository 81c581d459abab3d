package warmfront.edge.behavior;

/**
 * A path as it is matched: percent-encoded unreserved characters decoded, {@code .} and {@code ..}
 * segments resolved (RFC 3986, 6.2.2.2 and 6.2.2.3), runs of slashes made one. Only matching sees
 * it; the origin gets the path as it came.
 */
final class NormalPath {
  private NormalPath() {}

  /** Returns the normal form of a path that begins with a slash; the same object if it is one. */
  static String of(String path) {
    if (isNormal(path)) {
      return path;
    }
    return withoutDots(decoded(path));
  }

  private static boolean isNormal(String path) {
    char before = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%' || (before == '/' && (c == '/' || c == '.'))) {
        return false;
      }
      before = c;
    }
    return true;
  }

  private static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int decoded = c == '%' && i + 2 < path.length() ? octet(path, i + 1) : -1;
      if (isUnreserved(decoded)) {
        out.append((char) decoded);
        i += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int octet(String path, int at) {
    int high = Character.digit(path.charAt(at), 16);
    int low = Character.digit(path.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static String withoutDots(String path) {
    StringBuilder out = new StringBuilder(path.length());
    int at = 0;
    while (at < path.length()) {
      int end = path.indexOf('/', at + 1);
      boolean isLast = end < 0;
      String segment = path.substring(at + 1, isLast ? path.length() : end);
      switch (segment) {
        case "", "." -> {}
        case ".." -> out.setLength(Math.max(0, out.lastIndexOf("/")));
        default -> out.append('/').append(segment);
      }
      boolean isFolder = segment.isEmpty() || segment.equals(".") || segment.equals("..");
      if (isLast && isFolder) {
        out.append('/');
      }
      at = isLast ? path.length() : end;
    }
    return out.toString();
  }
}
