package warmfront.edge.step;

import warmfront.bytes.Flow;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * What is asked of an origin.
 *
 * @param route whose origin
 * @param method the method
 * @param target raw path and query, without the origin's path prefix
 * @param fields fields for the origin, without Host, framing, and the origin's own custom headers
 * @param host the viewer's Host if it is to be sent on, else empty: the origin's name
 * @param body the body
 * @param bodyLength its length; 0 without one, -1 if not known beforehand
 * @param viewerSecure whether the viewer came over TLS, for origins that match
 * @param interim hears what the origin says before it answers
 */
public record OriginRequest(
    Route route,
    Method method,
    String target,
    Fields fields,
    String host,
    Flow body,
    long bodyLength,
    boolean viewerSecure,
    Interim interim) {
  /** A request of which nobody hears before the answer. */
  public OriginRequest(
      Route route,
      Method method,
      String target,
      Fields fields,
      String host,
      Flow body,
      long bodyLength,
      boolean viewerSecure) {
    this(route, method, target, fields, host, body, bodyLength, viewerSecure, Interim.NONE);
  }

  /** Returns this request with another body. */
  public OriginRequest withBody(Flow other, int length) {
    return new OriginRequest(
        route, method, target, fields, host, other, length, viewerSecure, interim);
  }

  /** Returns this request with somebody who hears of interim responses. */
  public OriginRequest heardBy(Interim other) {
    return new OriginRequest(
        route, method, target, fields, host, body, bodyLength, viewerSecure, other);
  }
}
