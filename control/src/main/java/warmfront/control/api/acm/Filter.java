package warmfront.control.api.acm;

import java.util.List;
import java.util.Optional;
import warmfront.control.api.wire.Asked;

/**
 * Which certificates are listed.
 *
 * @param after the ARN that ended the page before
 * @param max how many a page has
 * @param statuses of these statuses; of any if there are none
 * @param keyTypes with these kinds of keys; with any if there are none
 */
record Filter(Optional<String> after, int max, List<String> statuses, List<String> keyTypes) {
  private static final int PAGE_MAX = 1000;
  private static final int PAGE = 100;

  static Filter of(Asked asked) {
    int max = asked.number("MaxItems").orElse(PAGE);
    if (max < 1 || max > PAGE_MAX) {
      throw new AcmRefused(
          400, "ValidationException", "MaxItems is 1 to %d: %d.".formatted(PAGE_MAX, max));
    }
    return new Filter(
        asked.text("NextToken"),
        max,
        asked.texts("CertificateStatuses"),
        asked.inner("Includes").texts("keyTypes"));
  }

  boolean passes(Said one) {
    return (statuses.isEmpty() || statuses.contains(one.status()))
        && (keyTypes.isEmpty() || keyTypes.contains(one.keyAlgorithm()));
  }
}
