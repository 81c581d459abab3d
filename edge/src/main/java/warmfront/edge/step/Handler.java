package warmfront.edge.step;

import java.util.Optional;

/** Steps 2 to 10, as the viewer room sees them. */
public interface Handler {
  /** Takes a request, on the viewer's event loop; must not block. Ends in {@link Reply#send}. */
  void handle(Request request, Reply reply);

  /**
   * Takes note of a request that the viewer room answered itself, because its syntax, size or time
   * was not right.
   */
  void refused(Place place, String requestId, int status, Reason reason, Delivery delivery);

  /** Returns whether HTTP/2 is offered to viewers who name this host, in lower case. */
  default boolean speaksHttp2(String host) {
    return true;
  }

  /** Returns what is asked of the certificates of viewers who name this host, in lower case. */
  default Optional<ClientCheck> clients(String host) {
    return Optional.empty();
  }

  /** Returns whether viewers may ask for a host, in lower case, over HTTP/3. */
  default boolean speaksHttp3(String host) {
    return false;
  }
}
