package warmfront.http;

/**
 * Segments {@code .} and {@code ..} of a path, which are resolved away on the way to a server (RFC
 * 3986, section 5.2.4): where the name of an object is part of a path, it could leave its bucket.
 */
public final class DotSegments {
  private DotSegments() {}

  /** Returns whether a path, in which nothing is encoded, has one. */
  public static boolean areIn(String path) {
    for (String segment : path.split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        return true;
      }
    }
    return false;
  }
}
