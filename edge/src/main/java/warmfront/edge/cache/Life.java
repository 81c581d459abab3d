package warmfront.edge.cache;

/**
 * How long an object lives. All in milliseconds of the {@link Timeline}.
 *
 * @param born when it came
 * @param ageThen how old it was then (RFC 9111, section 4.2.3: corrected_initial_age)
 * @param freshUntil until when it is served without asking
 * @param backgroundUntil until when it is served while it is asked for (RFC 5861, section 3)
 * @param excusableUntil until when it may stand in for an origin that fails (RFC 5861, section 4)
 */
record Life(long born, long ageThen, long freshUntil, long backgroundUntil, long excusableUntil) {
  /** Returns its age at {@code now}. */
  long age(long now) {
    return ageThen + Math.max(0, now - born);
  }

  /**
   * Returns {@code freshUntil} in seconds, as it fits an index entry; enough for 2106. What has to
   * be confirmed each time never expires there, as in memory: what counts is that it can be
   * confirmed.
   */
  int freshUntilSeconds() {
    return askEachTime() ? -1 : (int) Math.clamp(freshUntil / 1000, 0, 0xFFFF_FFFFL);
  }

  /** Returns whether it was stale on arrival, so that each request has to ask by itself. */
  boolean askEachTime() {
    return freshUntil <= born;
  }

  /**
   * Returns this life for a process whose clock stands at {@code now}. One that was written in the
   * future, because the wall clock went back, begins now: it lives no longer than it was to.
   */
  Life heldBack(long now) {
    return born <= now ? this : shifted(now - born);
  }

  private Life shifted(long by) {
    return new Life(born + by, ageThen, freshUntil + by, backgroundUntil + by, excusableUntil + by);
  }
}
