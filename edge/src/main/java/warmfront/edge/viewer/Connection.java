package warmfront.edge.viewer;

/** A viewer's connection, as its loop sees it. */
interface Connection {
  /** Looks whether the viewer takes too long; {@code nanos} is the steady clock's time. */
  void sweep(long nanos);

  /** Ends after what is under way. */
  void drain();
}
