package warmfront.edge;

/** Hears of what viewers wrote to at an origin, to have it invalidated everywhere; never waits. */
@FunctionalInterface
public interface Writes {
  /** Hears nothing. */
  Writes NONE = (_, _) -> {};

  /**
   * Takes note of a write that the origin took.
   *
   * @param owner the id of a distribution, which asks for that, and behind a slash its tenant's
   * @param path raw, without the query
   */
  void wrote(String owner, String path);
}
