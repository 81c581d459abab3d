package warmfront.edge.policy;

import java.util.Optional;
import warmfront.distribution.Distribution;
import warmfront.distribution.LocationName;
import warmfront.edge.step.Admission.Redirected;
import warmfront.edge.step.Directions;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;

/**
 * Step 3, admit: whether a viewer is sent to the location that serves it better. DNS sees the
 * resolver, which may be far from the viewer; the edge sees the viewer. A distribution asks for it
 * with the tag {@code warmfront:routing}; it pays for large downloads. Who shows a signature stays,
 * because that names the host.
 */
final class Detour {
  /** The method stays, and no cache keeps it (RFC 9110, section 15.4.8). */
  private static final int TEMPORARY = 307;

  private static final int HTTPS_PORT = 443;

  private Detour() {}

  /** Returns where to send the viewer of an admitted request; empty to serve it here. */
  static Optional<Redirected> of(Route route, Request request, Directions directions) {
    Distribution distribution = route.site().distribution();
    if (!distribution.wishes().redirects()
        || !request.method().isRead()
        || isAtOneLocation(distribution, request.host())) {
      return Optional.empty();
    }
    return directions
        .better(
            request.viewer().getAddress(),
            request.place().location().id(),
            distribution.priceClass())
        .map(code ->
            new Redirected(
                TEMPORARY,
                (request.place().secure() ? "https://" : "http://")
                    + LocationName.of(distribution.domainName(), code)
                    + port(request)
                    + request.target()));
  }

  /** Who was redirected is never redirected again. */
  private static boolean isAtOneLocation(Distribution distribution, String host) {
    return LocationName.domainName(host).filter(distribution.domainName()::equals).isPresent();
  }

  /** Returns the port as the viewer named it: locations of a fleet listen at the same ones. */
  private static String port(Request request) {
    if (request.place().secure()) {
      int port = request.place().httpsPort();
      return port == HTTPS_PORT ? "" : ":" + port;
    }
    String host = request.fields().first("Host").orElse("");
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(colon) : "";
  }
}
