package warmfront.control.api.wire;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * The members of a request of JSON 1.1, as they are asked for. What is not as it has to be is
 * {@link Refused} as {@code ValidationException}, what is no object as {@code
 * SerializationException}.
 */
public final class Asked {
  private final Map<String, JsonNode> members;

  private Asked(Map<String, JsonNode> members) {
    this.members = members;
  }

  /** Reads a body. */
  public static Asked of(byte[] body) {
    if (body.length == 0) {
      return new Asked(Map.of());
    }
    try {
      JsonNode node = JsonNode.parser().parse(body);
      if (node.isObject()) {
        return new Asked(node.asObject());
      }
    } catch (UncheckedIOException malformed) {
      throw new Refused("SerializationException", "The body is not JSON.");
    }
    throw new Refused("SerializationException", "The body is not an object.");
  }

  /** Returns a text. */
  public Optional<String> text(String member) {
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
  public Optional<String> blob(String member) {
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
  public OptionalInt number(String member) {
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

  /** Returns a switch, off if it is not there. */
  public boolean flag(String member) {
    return Optional.ofNullable(members.get(member))
        .filter(node -> !node.isNull())
        .map(node -> {
          if (node.isBoolean()) {
            return node.asBoolean();
          }
          throw wrong(member, "true or false");
        })
        .orElse(false);
  }

  /** Returns a list of texts, empty if it is not there. */
  public List<String> texts(String member) {
    return list(member).stream().map(node -> text(member, node)).toList();
  }

  /** Returns a list of structures, empty if it is not there. */
  public List<Asked> inners(String member) {
    return list(member).stream().map(node -> new Asked(object(member, node))).toList();
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
  public Asked inner(String member) {
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

  /** Returns the names of the members that are there. */
  public Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  private static Refused wrong(String member, String wanted) {
    return new Refused("ValidationException", "%s has to be %s.".formatted(member, wanted));
  }
}
