package warmfront.control.api.keyvalue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import warmfront.control.api.keyvalue.KeyValueRefused.Kind;
import warmfront.control.api.wire.Json;

/** What bodies of requests say. */
final class Body {
  private Body() {}

  /** Reads an object. */
  static Map<String, JsonNode> read(byte[] body) {
    return Json.read(body)
        .orElseThrow(() -> new KeyValueRefused(Kind.VALIDATION, "The body is not a JSON object."));
  }

  /** Returns a text that has to be there. */
  static String text(Map<String, JsonNode> members, String name) {
    @Nullable JsonNode node = members.get(name);
    if (node == null || !node.isString()) {
      throw new KeyValueRefused(Kind.VALIDATION, name + " is a text, and required.");
    }
    return node.asString();
  }

  /** Returns a list of objects, empty if it is not there. */
  static List<Map<String, JsonNode>> objects(Map<String, JsonNode> members, String name) {
    Optional<JsonNode> node = Optional.ofNullable(members.get(name)).filter(one -> !one.isNull());
    if (node.isEmpty()) {
      return List.of();
    }
    if (!node.get().isArray() || !node.get().asArray().stream().allMatch(JsonNode::isObject)) {
      throw new KeyValueRefused(Kind.VALIDATION, name + " is a list of objects.");
    }
    return node.get().asArray().stream().map(JsonNode::asObject).toList();
  }
}
