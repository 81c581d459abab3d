package warmfront.distribution;

import java.util.List;
import java.util.Set;

/**
 * Objects of a distribution that are stale if their fetch began before this entry's revision.
 *
 * @param id {@code I...}
 * @param distributionId whose objects
 * @param items each is a path, which begins with {@code /} and of which only a last character
 *     {@code *} is a wildcard; or a cache tag behind {@code #}, whatever its case
 */
public record Invalidation(String id, String distributionId, List<String> items)
    implements Resource {
  private static final char TAG = '#';

  public Invalidation {
    items = List.copyOf(items);
    for (String item : items) {
      if (!item.startsWith("/") && !isTag(item)) {
        throw new IllegalArgumentException(
            "an item of an invalidation begins with / or #: " + item);
      }
    }
  }

  /** Returns whether an item is a cache tag and not a path. */
  public static boolean isTag(String item) {
    return !item.isEmpty() && item.charAt(0) == TAG;
  }

  @Override
  public Set<Feature> features() {
    return items.stream().anyMatch(Invalidation::isTag) ? Set.of(Feature.CACHE_TAGS) : Set.of();
  }
}
