package warmfront.control.api.acm;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** A request's members, as they are asked for. */
final class Asked {
  /** CloudFront and ACM allow 50 tags for a resource. */
  private static final int TAGS_MAX = 50;

  private static final int TAG_KEY_CHARS_MAX = 128;
  private static final int TAG_VALUE_CHARS_MAX = 256;

  private final Map<String, JsonNode> members;

  private Asked(Map<String, JsonNode> members) {
    this.members = members;
  }

  /** Reads a body. */
  static Asked of(byte[] body) {
    if (body.length == 0) {
      return new Asked(Map.of());
    }
    try {
      JsonNode node = JsonNode.parser().parse(body);
      if (node.isObject()) {
        return new Asked(node.asObject());
      }
    } catch (UncheckedIOException malformed) {
      throw new AcmRefused(400, "SerializationException", "The body is not JSON.");
    }
    throw new AcmRefused(400, "SerializationException", "The body is not an object.");
  }

  /** Returns a text. */
  Optional<String> text(String member) {
    return Optional.ofNullable(members.get(member))
        .filter(node -> !node.isNull())
        .map(node -> text(member, node));
  }

  private static String text(String member, JsonNode node) {
    if (node.isString()) {
      return node.asString();
    }
    throw wrong(member, "a text");
  }

  /** Returns what is sent in Base64, as the ASCII text that it is. */
  Optional<String> blob(String member) {
    return text(member)
        .map(text -> {
          try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.US_ASCII);
          } catch (IllegalArgumentException malformed) {
            throw wrong(member, "Base64");
          }
        });
  }

  /** Returns a number. */
  OptionalInt number(String member) {
    return Optional.ofNullable(members.get(member))
        .map(node -> {
          try {
            return OptionalInt.of(Integer.parseInt(node.asNumber()));
          } catch (NumberFormatException | UnsupportedOperationException none) {
            throw wrong(member, "a whole number");
          }
        })
        .orElse(OptionalInt.empty());
  }

  /** Returns a list of texts, empty if it is not there. */
  List<String> texts(String member) {
    return list(member).stream().map(node -> text(member, node)).toList();
  }

  private List<JsonNode> list(String member) {
    return Optional.ofNullable(members.get(member))
        .filter(node -> !node.isNull())
        .map(node -> {
          if (node.isArray()) {
            return node.asArray();
          }
          throw wrong(member, "a list");
        })
        .orElse(List.of());
  }

  /** Returns a structure's members, none if it is not there. */
  Asked inner(String member) {
    return Optional.ofNullable(members.get(member))
        .filter(node -> !node.isNull())
        .map(node -> new Asked(object(member, node)))
        .orElse(new Asked(Map.of()));
  }

  private static Map<String, JsonNode> object(String member, JsonNode node) {
    if (node.isObject()) {
      return node.asObject();
    }
    throw wrong(member, "a structure");
  }

  /** Returns the tags in {@code Tags}. */
  Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (JsonNode node : list("Tags")) {
      Asked tag = new Asked(object("Tags", node));
      String key = tag.text("Key").orElse("");
      String value = tag.text("Value").orElse("");
      if (key.isEmpty()
          || key.length() > TAG_KEY_CHARS_MAX
          || value.length() > TAG_VALUE_CHARS_MAX
          || key.startsWith("aws:")) {
        throw new AcmRefused(
            400,
            "InvalidTagException",
            "A tag has a key of 1 to %d characters, not aws:, and a value of at most %d: '%s'."
                .formatted(TAG_KEY_CHARS_MAX, TAG_VALUE_CHARS_MAX, key));
      }
      tags.put(key, value);
    }
    if (tags.size() > TAGS_MAX) {
      throw new AcmRefused(
          400, "TooManyTagsException", "A certificate may have %d tags.".formatted(TAGS_MAX));
    }
    return tags;
  }

  private static AcmRefused wrong(String member, String wanted) {
    return new AcmRefused(400, "ValidationException", "%s has to be %s.".formatted(member, wanted));
  }
}
