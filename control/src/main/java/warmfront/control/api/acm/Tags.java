package warmfront.control.api.acm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import warmfront.control.api.wire.Asked;

/** The tags in a request, and as they are told. */
final class Tags {
  /** CloudFront and ACM allow 50 tags for a resource. */
  private static final int MAX = 50;

  private static final int KEY_CHARS_MAX = 128;
  private static final int VALUE_CHARS_MAX = 256;

  private Tags() {}

  /** Returns the tags in {@code Tags}. */
  static Map<String, String> of(Asked asked) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Asked tag : asked.inners("Tags")) {
      String key = tag.text("Key").orElse("");
      String value = tag.text("Value").orElse("");
      if (key.isEmpty()
          || key.length() > KEY_CHARS_MAX
          || value.length() > VALUE_CHARS_MAX
          || key.startsWith("aws:")) {
        throw new AcmRefused(
            400,
            "InvalidTagException",
            "A tag has a key of 1 to %d characters, not aws:, and a value of at most %d: '%s'."
                .formatted(KEY_CHARS_MAX, VALUE_CHARS_MAX, key));
      }
      tags.put(key, value);
    }
    if (tags.size() > MAX) {
      throw new AcmRefused(
          400, "TooManyTagsException", "A certificate may have %d tags.".formatted(MAX));
    }
    return tags;
  }

  static List<Map<String, String>> said(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
        .toList();
  }
}
