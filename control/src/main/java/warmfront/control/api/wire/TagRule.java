package warmfront.control.api.wire;

import java.util.Optional;

/** What tags may be by the APIs beside CloudFront's (AWS, "Tagging AWS resources"). */
public final class TagRule {
  /** How many tags a resource may have. */
  public static final int MAX = 50;

  private static final int KEY_CHARS_MAX = 128;
  private static final int VALUE_CHARS_MAX = 256;

  private TagRule() {}

  /** Returns what is wrong with a tag; empty if nothing is. */
  public static Optional<String> refusal(String key, String value) {
    boolean right =
        !key.isEmpty()
            && key.length() <= KEY_CHARS_MAX
            && value.length() <= VALUE_CHARS_MAX
            && !key.startsWith("aws:");
    return right
        ? Optional.empty()
        : Optional.of(
            "A tag has a key of 1 to %d characters, not aws:, and a value of at most %d: '%s'."
                .formatted(KEY_CHARS_MAX, VALUE_CHARS_MAX, key));
  }
}
