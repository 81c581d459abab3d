package warmfront.routing.map;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import warmfront.rtt.Prefix;

/**
 * Reads the coverage zone file of Apache Traffic Control, so that who has one need not write rules
 * anew: each of its zones names the networks that a cache group is for, and becomes rules that
 * prefer the location that stands for the group.
 *
 * <pre>
 * {"coverageZones": {"group-west": {"network": ["192.0.2.0/24"], "network6": ["2001:db8::/32"]}}}
 * </pre>
 */
public final class CoverageZones {
  private CoverageZones() {}

  /**
   * Reads a coverage zone file.
   *
   * @param file what it says, as maps, lists and scalars
   * @param locations the code of the location that stands for each cache group
   * @return rules; or what is wrong, such as all groups that {@code locations} does not know
   */
  public static Rules.Read read(@Nullable Object file, Map<String, String> locations) {
    try {
      return new Rules.Read.Loaded(Rules.of(rules(object(file, "the file"), locations)));
    } catch (IllegalArgumentException wrong) {
      return new Rules.Read.Malformed(0, String.valueOf(wrong.getMessage()));
    }
  }

  /** Reads lines of {@code NETWORK=CODE}; empty ones and those that begin with # say nothing. */
  public static Map<String, String> locations(String text) {
    Map<String, String> locations = new HashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int equals = line.lastIndexOf('=');
      String code = line.substring(equals + 1).strip();
      if (equals < 1 || !code.matches("[A-Z]{3}")) {
        throw new IllegalArgumentException("line %d: not NETWORK=CODE: %s".formatted(number, line));
      }
      locations.put(line.substring(0, equals).strip(), code);
    }
    return locations;
  }

  private static List<Rules.Rule> rules(Map<String, Object> file, Map<String, String> locations) {
    Map<String, Object> zones = object(file.get("coverageZones"), "coverageZones");
    Set<String> unknown = new TreeSet<>(zones.keySet());
    unknown.removeAll(locations.keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "no location is given for these cache groups: " + String.join(", ", unknown));
    }
    Map<Prefix, String> groups = new HashMap<>();
    List<Rules.Rule> rules = new ArrayList<>();
    for (Map.Entry<String, Object> zone : zones.entrySet()) {
      Map<String, Object> networks = object(zone.getValue(), zone.getKey());
      String location = locations.getOrDefault(zone.getKey(), "");
      for (String key : List.of("network", "network6")) {
        for (Object network : list(networks.getOrDefault(key, List.of()), key)) {
          Prefix viewers = viewers(network, zone.getKey());
          String other = groups.putIfAbsent(viewers, zone.getKey());
          if (other != null) {
            throw new IllegalArgumentException(
                "%s is of both %s and %s".formatted(viewers, other, zone.getKey()));
          }
          rules.add(new Rules.Rule(viewers, Rules.Action.PREFER, List.of(location)));
        }
      }
    }
    if (rules.size() > Rules.RULES_MAX) {
      throw new IllegalArgumentException("there are at most %d rules".formatted(Rules.RULES_MAX));
    }
    return rules;
  }

  private static Prefix viewers(Object network, String group) {
    try {
      return Rules.viewers(String.valueOf(network));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(group + ": " + wrong.getMessage(), wrong);
    }
  }

  private static Map<String, Object> object(@Nullable Object value, String what) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(what + " is an object");
    }
    Map<String, Object> object = new HashMap<>();
    map.forEach((key, one) -> object.put(String.valueOf(key), one));
    return object;
  }

  private static List<?> list(Object value, String what) {
    if (!(value instanceof List<?> list)) {
      throw new IllegalArgumentException(what + " is a list");
    }
    return list;
  }
}
