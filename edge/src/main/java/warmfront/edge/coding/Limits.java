package warmfront.edge.coding;

/**
 * What compression may take.
 *
 * @param threads how many parts are compressed at a time
 * @param bodies how many bodies at a time, each of which takes up to 16 MiB for its encoder
 */
public record Limits(int threads, int bodies) {
  private static final int BODIES_PER_THREAD = 16;

  public Limits {
    if (threads < 1 || bodies < 0) {
      throw new IllegalArgumentException(
          "threads begin at 1, bodies at 0: %d, %d".formatted(threads, bodies));
    }
  }

  /**
   * Returns half as many threads as there are event loops, and 16 bodies for each.
   *
   * @param loops number of event loops
   */
  public static Limits of(int loops) {
    int threads = Math.max(loops / 2, 1);
    return new Limits(threads, threads * BODIES_PER_THREAD);
  }
}
