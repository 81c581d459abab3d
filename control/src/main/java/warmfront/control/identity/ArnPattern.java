package warmfront.control.identity;

import java.util.List;
import warmfront.signing.Glob;

/**
 * The ARNs that a policy names: {@code *} for all, or an ARN with wildcards, {@code *} for any
 * characters and {@code ?} for one. A wildcard stays within its part of the ARN.
 */
record ArnPattern(String text) {
  private static final int PARTS = 6;

  /**
   * A pattern.
   *
   * @throws IllegalArgumentException if it is neither {@code *} nor of an ARN's six parts
   */
  ArnPattern {
    if (!text.equals("*") && (parts(text).size() != PARTS || !text.startsWith("arn:"))) {
      throw new IllegalArgumentException(
          "a resource is * or an ARN, arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, not " + text);
    }
  }

  private static List<String> parts(String arn) {
    return List.of(arn.split(":", PARTS));
  }

  /** Returns whether it stands for this resource. */
  boolean covers(String resource) {
    if (text.equals("*")) {
      return true;
    }
    List<String> own = parts(text);
    List<String> other = parts(resource);
    return sameUntil(PARTS, own, other);
  }

  /**
   * Returns whether something could be both one of its resources and one of others.
   *
   * @param resources {@code *}, or an ARN with a wildcard at its end
   */
  boolean meets(String resources) {
    if (text.equals("*") || resources.equals("*")) {
      return true;
    }
    List<String> own = parts(text);
    List<String> other = parts(resources);
    if (!sameUntil(PARTS - 1, own, other)) {
      return false;
    }
    String here = literal(own.getLast());
    String there = literal(other.getLast());
    return here.startsWith(there) || there.startsWith(here);
  }

  private static boolean sameUntil(int end, List<String> patterns, List<String> parts) {
    if (parts.size() != PARTS) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      if (!Glob.matches(patterns.get(i), parts.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns what comes before the first wildcard. */
  private static String literal(String pattern) {
    int end = 0;
    while (end < pattern.length() && "*?".indexOf(pattern.charAt(end)) < 0) {
      end++;
    }
    return pattern.substring(0, end);
  }
}
