package warmfront.distribution;

import java.util.List;

/**
 * Objects of a distribution that are stale if their fetch began before this entry's revision.
 *
 * @param id {@code I...}
 * @param distributionId whose objects
 * @param paths each begins with {@code /}; only a last character {@code *} is a wildcard
 */
public record Invalidation(String id, String distributionId, List<String> paths)
    implements Resource {
  public Invalidation {
    paths = List.copyOf(paths);
    for (String path : paths) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("an invalidation path begins with /: " + path);
      }
    }
  }
}
