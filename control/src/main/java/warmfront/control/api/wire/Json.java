package warmfront.control.api.wire;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonWriter;

/** JSON, as the APIs beside CloudFront's speak it. */
public final class Json {
  private Json() {}

  /** Reads an object; empty if a body is none. */
  public static Optional<Map<String, JsonNode>> read(byte[] body) {
    if (body.length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonNode.parser().parse(body))
          .filter(JsonNode::isObject)
          .map(JsonNode::asObject);
    } catch (UncheckedIOException malformed) {
      return Optional.empty();
    }
  }

  /**
   * Writes an object: of texts, flags, whole numbers, times, lists and maps.
   *
   * @throws IllegalArgumentException if something else is in it
   */
  public static String object(Map<String, ?> members) {
    try (JsonWriter out = JsonWriter.create()) {
      write(out, members);
      return new String(out.getBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void write(JsonWriter out, Object value) {
    switch (value) {
      case String text -> out.writeValue(text);
      case Boolean flag -> out.writeValue(flag.booleanValue());
      case Integer number -> out.writeValue(number.intValue());
      case Long number -> out.writeValue(number.longValue());
      case Instant time -> out.writeValue(time);
      case List<?> items -> {
        out.writeStartArray();
        items.forEach(item -> write(out, item));
        out.writeEndArray();
      }
      case Map<?, ?> members -> {
        out.writeStartObject();
        members.forEach((name, member) -> {
          out.writeFieldName((String) name);
          write(out, member);
        });
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("not for JSON: " + value.getClass());
    }
  }
}
