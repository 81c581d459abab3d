package warmfront.control.api.iam;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import warmfront.control.api.wire.TagRule;

/**
 * The parameters of a request (AWS query protocol).
 *
 * @param parameters by name; of two with one name the first counts
 */
record Form(Map<String, String> parameters) {
  /** Reads a body; what is not validly encoded gives no parameters. */
  static Form of(byte[] body) {
    Map<String, String> parameters = new HashMap<>();
    try {
      for (String pair : new String(body, StandardCharsets.ISO_8859_1).split("&", -1)) {
        String[] parts = pair.split("=", 2);
        parameters.putIfAbsent(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
      }
    } catch (IllegalArgumentException malformed) {
      return new Form(Map.of());
    }
    return new Form(parameters);
  }

  private static String decoded(String raw) {
    return URLDecoder.decode(raw, StandardCharsets.UTF_8);
  }

  /** Returns a parameter; empty if it is not there, or empty itself. */
  Optional<String> text(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  /** Returns a parameter that must be there. */
  String required(String name) {
    return text(name).orElseThrow(() -> wrong(name + " is required"));
  }

  /** Returns a number from 1 to 1,000; that many if it is not there. */
  int items() {
    return text("MaxItems")
        .map(value -> {
          if (!value.matches("[0-9]{1,4}")
              || Integer.parseInt(value) < 1
              || Integer.parseInt(value) > 1_000) {
            throw wrong("MaxItems is 1 to 1000, not '%s'".formatted(value));
          }
          return Integer.parseInt(value);
        })
        .orElse(100);
  }

  /** Returns the tags. */
  Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 1; parameters.containsKey("Tags.member." + i + ".Key"); i++) {
      String key = required("Tags.member." + i + ".Key");
      String value = parameters.getOrDefault("Tags.member." + i + ".Value", "");
      TagRule.refusal(key, value)
          .ifPresent(refused -> {
            throw new IamRefused(400, "ValidationError", refused);
          });
      if (i > TagRule.MAX || tags.put(key, value) != null) {
        throw wrong("Tags are %d at most, none twice".formatted(TagRule.MAX));
      }
    }
    return tags;
  }

  static IamRefused wrong(String what) {
    return new IamRefused(400, "ValidationError", what + ".");
  }
}
