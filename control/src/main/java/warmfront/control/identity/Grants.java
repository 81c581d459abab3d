package warmfront.control.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a user is granted.
 *
 * @param named policies that come with the product, by name
 * @param document a policy of the user's own, in JSON
 */
public record Grants(List<String> named, Optional<String> document) {
  /** The policies that come with the product. */
  public static final Set<String> NAMES =
      Set.of("AdministratorAccess", "CloudFrontFullAccess", "CloudFrontReadOnlyAccess");

  /**
   * What is granted.
   *
   * @throws IllegalArgumentException if no such policy comes with the product, or the document is
   *     none that is obeyed here; says what is wrong with it
   */
  public Grants {
    named = List.copyOf(named);
    for (String name : named) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "there is no policy %s; there are %s"
                .formatted(name, NAMES.stream().sorted().toList()));
      }
    }
    if (new HashSet<>(named).size() < named.size()) {
      throw new IllegalArgumentException("a policy is named twice");
    }
    document.ifPresent(PolicyReader::read);
  }

  /** Returns what they say. */
  List<Policy> policies() {
    List<Policy> policies = new ArrayList<>();
    named.forEach(name -> policies.add(PolicyReader.read(packed(name))));
    document.ifPresent(json -> policies.add(PolicyReader.read(json)));
    return policies;
  }

  private static String packed(String name) {
    try (InputStream in = Grants.class.getResourceAsStream(name + ".json")) {
      if (in == null) {
        throw new IllegalStateException(name + ".json is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ".json cannot be read", e);
    }
  }

  /** Returns them as one text: names, and from the second line on the document. */
  String text() {
    return String.join(",", named) + document.map(json -> "\n" + json).orElse("");
  }

  /** Returns what {@link #text} was made of. */
  static Grants of(String text) {
    String[] parts = text.split("\n", 2);
    return new Grants(
        parts[0].isEmpty() ? List.of() : List.of(parts[0].split(",", -1)),
        parts.length == 2 ? Optional.of(parts[1]) : Optional.empty());
  }
}
