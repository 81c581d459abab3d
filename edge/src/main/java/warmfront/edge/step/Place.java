package warmfront.edge.step;

import warmfront.distribution.Location;

/**
 * Where a request was received: the edge location a listener belongs to.
 *
 * @param location the edge location
 * @param secure whether the listener speaks TLS
 * @param httpsPort the port of the same location that speaks TLS, for redirects
 */
public record Place(Location location, boolean secure, int httpsPort) {}
