package warmfront.edge.step;

import java.util.Optional;
import warmfront.distribution.Distribution;

/**
 * A distribution as compiled from one snapshot.
 *
 * @param distribution the record it came from
 * @param revision the snapshot revision of its last change: what was dressed under another is stale
 * @param clients what it asks of viewers' own certificates; empty for nothing
 */
public record Site(Distribution distribution, long revision, Optional<ClientCheck> clients) {
  /** Makes one that asks nobody who it is. */
  public Site(Distribution distribution, long revision) {
    this(distribution, revision, Optional.empty());
  }
}
