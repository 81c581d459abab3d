package warmfront.routing;

/** What a choice of location rests on. */
public enum Basis {
  /** The latency map. */
  MAP,
  /** The latency map, and that the location is to be measured. */
  EXPLORATION,
  /** A row of the latency table. */
  LATENCY,
  /** The viewer's country and great circles. */
  COUNTRY,
  /** Nothing is known of the viewer: rendezvous hashing spreads such viewers by capacity. */
  RENDEZVOUS,
  /** The name is one location's own, to which an edge redirected the viewer. */
  REDIRECTED,
  /** The name is a live channel's, which is at home at one location. */
  HOME,
  /** The viewer asked not to be looked at (RFC 7871, section 7.1.2). */
  WITHHELD,
  /** The name has addresses that are announced everywhere, whoever the viewer is. */
  ANYCAST
}
