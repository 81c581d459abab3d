package warmfront.control.api.logs;

import java.util.LinkedHashMap;
import java.util.Map;
import warmfront.control.api.wire.Asked;
import warmfront.control.api.wire.Refused;
import warmfront.control.api.wire.TagRule;
import warmfront.control.store.Transaction;

/** Tags as CloudWatch Logs has them: an object of keys and values. */
final class Tags {
  private Tags() {}

  /** Returns the tags in a request. */
  static Map<String, String> of(Asked asked) {
    Asked inner = asked.inner("tags");
    Map<String, String> tags = new LinkedHashMap<>();
    for (String key : inner.names()) {
      String value = inner.text(key).orElse("");
      TagRule.refusal(key, value)
          .ifPresent(wrong -> {
            throw new Refused("ValidationException", wrong);
          });
      tags.put(key, value);
    }
    return tags;
  }

  static void add(Transaction tx, String arn, Map<String, String> tags) {
    if (tags.isEmpty()) {
      return;
    }
    tx.tag(arn, tags);
    if (tx.tags(arn).size() > TagRule.MAX) {
      throw new Refused(
          "TooManyTagsException", "A resource may have %d tags.".formatted(TagRule.MAX));
    }
  }

  /** Puts the tags of a resource into what is told of it. */
  static void tell(Transaction tx, String arn, Map<String, Object> said) {
    Map<String, String> tags = tx.tags(arn);
    if (!tags.isEmpty()) {
      said.put("tags", tags);
    }
  }
}
