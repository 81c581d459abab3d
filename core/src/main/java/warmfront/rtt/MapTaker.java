package warmfront.rtt;

/** Who answers by a latency map. Thread-safe. */
public interface MapTaker {
  /** Returns the version of the map that is held; 0 if none is. */
  long version();

  /** Returns whether maps are of any use here at the moment; if not, control sends none. */
  default boolean isWanted() {
    return true;
  }

  /** What became of an edition. */
  sealed interface Taken {
    /** It is answered by from now on. */
    record Answered() implements Taken {}

    /**
     * What was before is answered by.
     *
     * @param reason why, for people
     * @param wantsWhole whether a whole map would be taken: the change was of another map than the
     *     one held
     */
    record Refused(String reason, boolean wantsWhole) implements Taken {}
  }

  /** Takes an edition, and keeps it for the next start. */
  Taken take(MapEdition edition);
}
