package warmfront.control.api.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One operation of the API.
 *
 * @param name its name ({@code CreateDistribution})
 * @param method its HTTP method
 * @param segments its path's segments; one in braces is a label
 * @param query parameters that it is told by; an empty value stands for any
 * @param status the status of success
 * @param root the name of its body's element; empty if it has no body
 * @param errors the codes it declares
 */
public record Operation(
    String name,
    String method,
    List<String> segments,
    Map<String, String> query,
    int status,
    Optional<String> root,
    Set<String> errors) {
  private static final Pattern READING = Pattern.compile("List|Get|Describe|Verify|Test");

  public Operation {
    segments = List.copyOf(segments);
    query = Map.copyOf(query);
    errors = Set.copyOf(errors);
  }

  /**
   * Returns the name of its path's last label.
   *
   * @throws java.util.NoSuchElementException if it has none
   */
  public String label() {
    String last =
        segments.reversed().stream().filter(one -> one.startsWith("{")).findFirst().orElseThrow();
    return last.substring(1, last.length() - 1);
  }

  /** Returns whether it changes nothing, whatever its method. */
  public boolean isReading() {
    return method.equals("GET") || isReading(name);
  }

  /** Returns whether an operation of that name, of any of the APIs, changes nothing. */
  public static boolean isReading(String name) {
    return READING.matcher(name).lookingAt();
  }

  /** Returns its path, labels in braces. */
  public String path() {
    return "/" + String.join("/", segments);
  }
}
