package warmfront.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import warmfront.edge.step.TtlRule;

/** How long objects live in measurements of the cache alone. */
final class Rules {
  /** A day, unless the origin says otherwise. */
  static final TtlRule A_DAY =
      new TtlRule(
          Duration.ZERO,
          Duration.ofDays(1),
          Duration.ofDays(365),
          Map.of(),
          Optional.empty(),
          true);

  private Rules() {}
}
