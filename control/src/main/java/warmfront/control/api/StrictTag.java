package warmfront.control.api;

import java.util.Map;
import java.util.Optional;
import warmfront.control.api.wire.Refused;
import warmfront.control.store.Transaction;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;

/**
 * The tag {@code warmfront:strict} of a distribution: whether an edge that may not know the latest
 * changes asks the origin for every hit. CloudFront has no such setting; a tag is what every client
 * of its API can write and none of them takes away.
 */
final class StrictTag {
  static final String KEY = "warmfront:strict";

  private StrictTag() {}

  /**
   * Checks tags that a caller gave.
   *
   * @throws Refused {@code InvalidTagging} if the value is neither true nor false
   */
  static void check(Map<String, String> tags) {
    String value = tags.getOrDefault(KEY, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new Refused(
          "InvalidTagging", "The tag %s is true or false, not '%s'.".formatted(KEY, value));
    }
  }

  static boolean isIn(Map<String, String> tags) {
    return Boolean.parseBoolean(tags.get(KEY));
  }

  /** Publishes a distribution anew if its tags have made it strict, or no longer so. */
  static void obey(Transaction tx, String id, Map<String, String> tags) {
    Optional<Resource> published = tx.latest(Kind.DISTRIBUTION, id);
    if (published.isPresent() && published.get() instanceof Distribution before) {
      Distribution after = before.withStrict(isIn(tags));
      if (!after.equals(before)) {
        long revision = tx.append(Kind.DISTRIBUTION, id, Optional.of(after));
        tx.find(DistributionFamily.TYPE, id)
            .ifPresent(row -> tx.update(row.withRevision(revision).withStatus("InProgress")));
      }
    }
  }
}
