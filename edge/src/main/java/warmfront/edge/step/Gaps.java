package warmfront.edge.step;

import warmfront.http.ByteRange;

/**
 * Asks the origin for parts that a stored object lacks, for the viewer who came across them. Called
 * on any thread, an event loop among them; never waits.
 */
public interface Gaps {
  /**
   * What is asked for begins and ends at multiples of so many bytes, or where the object ends: two
   * viewers who want nearly the same share it.
   */
  int GRAIN = 64 << 10;

  /** Asks nobody: what is lacking stays lacking. */
  Gaps UNFILLED =
      gap -> gap.settle(new Fetched.Failed(502, Reason.ORIGIN_BROKE_OFF, "nobody asks the origin"));

  /** Fetches a part, in the background, and settles it once. */
  void fill(Gap gap);

  /** A part that is lacking. */
  interface Gap {
    /** Returns which bytes. */
    ByteRange range();

    /** Returns the validator for If-Range: the part is wanted of this version only. */
    String ifRange();

    /**
     * Takes what the origin said; its body belongs to the cache then. Anything but the part of the
     * same version ends the readings that wait for it.
     */
    void settle(Fetched fetched);
  }
}
