package warmfront.edge.step;

/** Hears of interim responses while a request is under way (RFC 9110, section 15.2). */
@FunctionalInterface
public interface Interim {
  /** Hears nothing. */
  Interim NONE = _ -> {};

  /**
   * Takes note of one, on whatever thread it comes; never waits.
   *
   * @param head status 102 to 199, but never 101, and fields
   */
  void hears(Head head);
}
