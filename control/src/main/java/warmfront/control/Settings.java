package warmfront.control;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters of a query; one that nobody asked for is refused. */
final class Settings {
  private final Map<String, List<String>> values = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  static Settings of(String query) {
    Settings settings = new Settings();
    if (!query.isEmpty()) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        settings.values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return settings;
  }

  List<String> list(String name) {
    asked.add(name);
    return values.getOrDefault(name, List.of());
  }

  String text(String name, String otherwise) {
    List<String> given = list(name);
    if (given.size() > 1) {
      throw new IllegalArgumentException(name + " is given more than once");
    }
    return given.isEmpty() ? otherwise : given.getFirst();
  }

  String required(String name) {
    String text = text(name, "");
    if (text.isEmpty()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return text;
  }

  double number(String name, double otherwise) {
    String text = text(name, "");
    try {
      return text.isEmpty() ? otherwise : Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(name + " is a number, not " + text);
    }
  }

  void refuseUnknown() {
    for (String name : values.keySet()) {
      if (!asked.contains(name)) {
        throw new IllegalArgumentException("there is no setting " + name);
      }
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
