package warmfront.edge.step;

import warmfront.distribution.Distribution;

/**
 * A distribution as compiled from one snapshot.
 *
 * @param distribution the record it came from
 * @param revision the snapshot revision of its last change: what was dressed under another is stale
 */
public record Site(Distribution distribution, long revision) {}
