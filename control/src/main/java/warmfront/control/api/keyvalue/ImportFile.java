package warmfront.control.api.keyvalue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import warmfront.control.api.wire.Json;

/**
 * Pairs that a new store begins with, as CloudFront has them in a file: {@code
 * {"data":[{"key":"…","value":"…"}]}}.
 */
public final class ImportFile {
  private ImportFile() {}

  /**
   * Reads a file.
   *
   * @param json its text
   * @throws IllegalArgumentException if it cannot be taken; says why
   */
  public static Map<String, String> read(String json) {
    Optional<JsonNode> data =
        Json.read(json.getBytes(StandardCharsets.UTF_8))
            .map(members -> members.get("data"))
            .filter(JsonNode::isArray);
    if (data.isEmpty()) {
      throw new IllegalArgumentException("it is no JSON object with a list 'data'");
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    try {
      for (JsonNode item : data.get().asArray()) {
        if (!item.isObject()) {
          throw new IllegalArgumentException("an item of 'data' is no object");
        }
        String key = KeyValueApi.key(Body.text(item.asObject(), "key"));
        if (pairs.put(key, KeyValueApi.value(Body.text(item.asObject(), "value"))) != null) {
          throw new IllegalArgumentException("the key '%s' is there twice".formatted(key));
        }
      }
    } catch (KeyValueRefused refused) {
      throw new IllegalArgumentException(refused.message(), refused);
    }
    return pairs;
  }
}
