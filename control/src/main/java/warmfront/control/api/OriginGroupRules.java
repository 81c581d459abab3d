package warmfront.control.api;

import static warmfront.control.api.DistributionRules.invalid;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginGroup;
import software.amazon.awssdk.services.cloudfront.model.OriginGroupMember;
import warmfront.control.api.wire.Refused;

/** The rules of a distribution's origin groups. */
final class OriginGroupRules {
  /** Statuses after which the second origin may be asked (CloudFront, "Create an origin group"). */
  private static final Set<Integer> STATUSES =
      new TreeSet<>(List.of(400, 403, 404, 416, 429, 500, 502, 503, 504));

  /** CloudFront's quota of origin groups of a distribution. */
  private static final int GROUPS_MAX = 10;

  private static final int ID_CHARS = 128;
  private static final int MEMBERS = 2;

  private OriginGroupRules() {}

  /**
   * Checks the groups of a completed configuration.
   *
   * @throws Refused naming the field
   */
  static void check(DistributionConfig config) {
    List<OriginGroup> groups = config.originGroups().items();
    if (groups.size() > GROUPS_MAX) {
      throw new Refused(
          "TooManyOriginGroupsPerDistribution",
          "%d origin groups; %d are allowed.".formatted(groups.size(), GROUPS_MAX));
    }
    Set<String> origins =
        config.origins().items().stream().map(Origin::id).collect(Collectors.toSet());
    Set<String> ids = new HashSet<>(origins);
    for (int i = 0; i < groups.size(); i++) {
      OriginGroup group = groups.get(i);
      String path = "OriginGroups.Items[" + i + "]";
      if (group.id().isEmpty() || group.id().length() > ID_CHARS) {
        throw invalid(path + ".Id", "has 1 to %d characters".formatted(ID_CHARS));
      }
      if (!ids.add(group.id())) {
        throw invalid(
            path + ".Id", "is that of another origin or group: '%s'".formatted(group.id()));
      }
      statuses(group.failoverCriteria().statusCodes().items(), path + ".FailoverCriteria");
      members(group.members().items(), origins, path + ".Members");
    }
  }

  private static void statuses(List<Integer> statuses, String path) {
    if (statuses.isEmpty()
        || !STATUSES.containsAll(statuses)
        || new HashSet<>(statuses).size() < statuses.size()) {
      throw invalid(
          path + ".StatusCodes",
          "has one or more of %s, each once, not %s".formatted(STATUSES, statuses));
    }
  }

  private static void members(List<OriginGroupMember> members, Set<String> origins, String path) {
    List<String> ids = members.stream().map(OriginGroupMember::originId).toList();
    if (ids.size() != MEMBERS || ids.getFirst().equals(ids.getLast())) {
      throw invalid(path, "names exactly two different origins, not %s".formatted(ids));
    }
    for (String id : ids) {
      if (!origins.contains(id)) {
        throw new Refused(
            "NoSuchOrigin",
            "The parameter DistributionConfig.%s names an origin that is not there: %s."
                .formatted(path, id));
      }
    }
  }
}
