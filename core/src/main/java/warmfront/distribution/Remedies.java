package warmfront.distribution;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What viewers get where an origin fails.
 *
 * @param pages pages in the place of errors, by the error's status
 * @param groups groups of origins of which the second stands in for the first
 */
public record Remedies(Map<Integer, Page> pages, List<OriginGroup> groups) {
  /** Nothing but the error. */
  public static final Remedies NONE = new Remedies(Map.of(), List.of());

  /**
   * A page in the place of an error.
   *
   * @param path its raw path, begins with a slash; it is fetched as any other
   * @param status the status it is sent with
   */
  public record Page(String path, int status) {}

  /**
   * Two origins.
   *
   * @param id unique among the distribution's origins and groups
   * @param primary the id of the origin that is asked first
   * @param secondary the id of the origin that is asked if the first fails
   * @param statuses what of the first's answers counts as failure
   * @param byQuality whether the origin whose media are better is asked first, in place of the
   *     primary
   */
  public record OriginGroup(
      String id, String primary, String secondary, Set<Integer> statuses, boolean byQuality) {
    public OriginGroup {
      statuses = Set.copyOf(statuses);
    }

    /** Makes a group of which the primary is always asked first. */
    public OriginGroup(String id, String primary, String secondary, Set<Integer> statuses) {
      this(id, primary, secondary, statuses, false);
    }
  }

  public Remedies {
    pages = Map.copyOf(pages);
    groups = List.copyOf(groups);
  }

  /** Returns the group of this id. */
  public Optional<OriginGroup> group(String id) {
    return groups.stream().filter(group -> group.id().equals(id)).findFirst();
  }

  Set<Feature> features() {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    if (!pages.isEmpty()) {
      features.add(Feature.ERROR_PAGES);
    }
    if (!groups.isEmpty()) {
      features.add(Feature.ORIGIN_GROUPS);
    }
    if (groups.stream().anyMatch(OriginGroup::byQuality)) {
      features.add(Feature.MEDIA_QUALITY);
    }
    return features;
  }
}
