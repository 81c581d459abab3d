package warmfront.edge.step;

import java.util.Optional;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;

/**
 * A behavior with everything it refers to, compiled from one snapshot. Two routes of one snapshot
 * are the same object if they are equal, so that rooms may keep what they derived from one.
 *
 * @param site its distribution
 * @param behavior the behavior
 * @param policy its cache policy or legacy settings
 * @param origin the origin it asks
 * @param accessControl how requests to the origin are signed
 */
public record Route(
    Site site,
    Behavior behavior,
    CachePolicy policy,
    Origin origin,
    Optional<OriginAccessControl> accessControl) {}
