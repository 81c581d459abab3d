package warmfront.edge.cache;

/** What leaves memory as one: a short object, or a slice of a long one. */
sealed interface Evictable permits Resident, Piece {
  /** Returns whether nobody uses it now. Takes no lock. */
  boolean isIdle();
}
