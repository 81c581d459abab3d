package warmfront.edge;

/** Hears of what viewers wrote to at an origin, to have it invalidated everywhere; never waits. */
@FunctionalInterface
public interface Writes {
  /** Hears nothing. */
  Writes NONE = (_, _) -> {};

  /**
   * Takes note of a write that the origin took.
   *
   * @param distribution its id, which asks for that
   * @param path raw, without the query
   */
  void wrote(String distribution, String path);
}
