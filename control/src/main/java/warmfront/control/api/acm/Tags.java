package warmfront.control.api.acm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.TagRule;

/** The tags in a request, and as they are told. */
final class Tags {
  private Tags() {}

  /** Returns the tags in {@code Tags}. */
  static Map<String, String> of(Asked asked) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Asked tag : asked.inners("Tags")) {
      String key = tag.text("Key").orElse("");
      String value = tag.text("Value").orElse("");
      TagRule.refusal(key, value)
          .ifPresent(wrong -> {
            throw new AcmRefused(400, "InvalidTagException", wrong);
          });
      tags.put(key, value);
    }
    if (tags.size() > TagRule.MAX) {
      throw new AcmRefused(
          400, "TooManyTagsException", "A certificate may have %d tags.".formatted(TagRule.MAX));
    }
    return tags;
  }

  static List<Map<String, String>> said(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
        .toList();
  }
}
