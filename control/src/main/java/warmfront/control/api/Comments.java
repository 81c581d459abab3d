package warmfront.control.api;

import org.jspecify.annotations.Nullable;
import warmfront.control.api.wire.Refused;

/** Comments that a caller may give a resource. */
final class Comments {
  /** CloudFront allows 128 characters. */
  private static final int CHARS = 128;

  private Comments() {}

  /**
   * Checks a comment.
   *
   * @param config the structure that has it
   * @throws Refused {@code InvalidArgument} if it is too long
   */
  static void check(String config, @Nullable String comment) {
    if (comment != null && comment.codePointCount(0, comment.length()) > CHARS) {
      throw new Refused(
          "InvalidArgument",
          "The parameter %s.Comment has at most %d characters.".formatted(config, CHARS));
    }
  }
}
