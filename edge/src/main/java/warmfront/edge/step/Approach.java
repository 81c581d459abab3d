package warmfront.edge.step;

/**
 * What it took to get to an origin, or to another edge, before it could be asked: 0 each where that
 * was not needed, over a connection that was idle.
 *
 * @param nameNanos to learn its address; next to nothing if that was known
 * @param connectNanos to open a connection, TLS included
 */
public record Approach(long nameNanos, long connectNanos) {
  /** Nothing was needed. */
  public static final Approach NONE = new Approach(0, 0);

  /** Returns this one with so much more for connections. */
  public Approach connecting(long nanos) {
    return new Approach(nameNanos, connectNanos + nanos);
  }
}
