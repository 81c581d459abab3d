package warmfront.control.api.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which operation a request asks for. */
public final class Routes {
  private final List<Operation> operations;

  /**
   * What was found.
   *
   * @param operation the operation
   * @param labels the path's labels by name, decoded
   */
  public record Found(Operation operation, Map<String, String> labels) {}

  /** Makes the routes of all operations. */
  public Routes(Facts facts) {
    // The one that is told by more of the query comes first: CreateDistributionWithTags.
    this.operations =
        facts.operations().stream()
            .sorted(
                Comparator.comparingInt((Operation operation) -> -operation.query().size())
                    .thenComparingInt(Routes::labels))
            .toList();
  }

  /**
   * Finds the operation.
   *
   * @param method the HTTP method
   * @param rawPath the path as it was sent
   * @param query the parameters, decoded
   * @return the operation and its labels; empty if there is none
   */
  public Optional<Found> find(String method, String rawPath, Map<String, String> query) {
    if (!rawPath.startsWith("/")) {
      return Optional.empty();
    }
    List<String> path = List.of(rawPath.substring(1).split("/", -1));
    return operations.stream()
        .filter(operation -> operation.method().equals(method))
        .filter(operation -> tells(operation.query(), query))
        .filter(operation -> fits(operation.segments(), path))
        .findFirst()
        .map(operation -> new Found(operation, values(operation.segments(), path)));
  }

  /**
   * Returns the parameters of a query string, decoded; of two with one name the first counts.
   *
   * @throws Refused {@code MalformedInput} if it is not validly encoded
   */
  public static Map<String, String> query(String raw) {
    Map<String, String> parameters = new HashMap<>();
    if (raw.isEmpty()) {
      return parameters;
    }
    for (String pair : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      parameters.putIfAbsent(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
    }
    return parameters;
  }

  private static int labels(Operation operation) {
    return (int) operation.segments().stream().filter(Routes::isLabel).count();
  }

  private static boolean isLabel(String segment) {
    return segment.startsWith("{");
  }

  private static boolean tells(Map<String, String> wanted, Map<String, String> given) {
    return wanted.entrySet().stream()
        .allMatch(entry -> {
          String value = given.get(entry.getKey());
          return value != null && (entry.getValue().isEmpty() || value.equals(entry.getValue()));
        });
  }

  private static boolean fits(List<String> segments, List<String> path) {
    if (segments.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      String segment = segments.get(i);
      if (isLabel(segment) ? path.get(i).isEmpty() : !segment.equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> values(List<String> segments, List<String> path) {
    Map<String, String> labels = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String segment = segments.get(i);
      if (isLabel(segment)) {
        // A plus sign stands for itself in a path.
        String value = decode(path.get(i).replace("+", "%2B"));
        labels.put(segment.substring(1, segment.length() - 1), value);
      }
    }
    return labels;
  }

  private static String decode(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refused("MalformedInput", "not validly percent-encoded: " + raw);
    }
  }
}
