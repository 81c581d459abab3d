package warmfront.app.journeys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration to be written: keys with dots as in the documentation, values as YAML. Immutable.
 */
record Settings(Map<String, String> values) {
  Settings {
    values = Map.copyOf(values);
  }

  /** Returns small budgets and a free port for everything that {@code up} listens at. */
  static Settings ofUp(Ports ports, List<String> locations) throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (String key :
        List.of(
            "api.listen",
            "s3.listen",
            "link.listen",
            "operator.listen",
            "dns.listen",
            "dns.heartbeat",
            "live.listen")) {
      values.put(key, "127.0.0.1:" + ports.free());
    }
    values.put("viewers.http", String.valueOf(ports.free(locations)));
    values.put("viewers.https", String.valueOf(ports.free(locations)));
    values.put("viewers.rtmp", String.valueOf(ports.free(locations)));
    values.put("edge.memory", "32 MiB");
    values.put("edge.disk", "128 MiB");
    values.put("edge.loops", "2");
    return new Settings(values);
  }

  /** Returns these with one more, or with another value. */
  Settings with(String key, String value) {
    Map<String, String> all = new TreeMap<>(values);
    all.put(key, value);
    return new Settings(all);
  }

  /** Returns the value of a key that is there. */
  String value(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("not set: " + key);
    }
    return value;
  }

  /** Writes them to a file and returns it. */
  Path write(Path file) throws IOException {
    Map<String, StringBuilder> sections = new TreeMap<>();
    values.forEach((key, value) -> {
      int dot = key.indexOf('.');
      String section = dot < 0 ? key : key.substring(0, dot);
      StringBuilder text = sections.computeIfAbsent(section, name -> new StringBuilder(name + ":"));
      text.append(dot < 0 ? " " : "\n  " + key.substring(dot + 1) + ": ").append(value);
    });
    return Files.writeString(file, String.join("\n", sections.values()) + "\n");
  }
}
