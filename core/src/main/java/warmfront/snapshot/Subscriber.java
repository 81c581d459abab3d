package warmfront.snapshot;

import java.util.List;

/** Something that obeys the log: an edge, a DNS server. Called by one thread at a time. */
public interface Subscriber {
  /**
   * Takes a new picture. Compiles it beside the old one and swaps; on refusal the old one stays.
   *
   * @param next the picture after the changes
   * @param changes what changed since the last picture it took; empty if it is to compile all anew
   */
  Verdict take(Snapshot next, List<Entry> changes);

  /** What came of a picture. */
  sealed interface Verdict {
    /** It is served from now on. */
    record Applied() implements Verdict {}

    /**
     * An entry could not be obeyed; the old picture goes on being served.
     *
     * @param revision the entry's
     * @param reason what was wrong, for the operator
     */
    record Rejected(long revision, String reason) implements Verdict {}

    /**
     * An entry needs something this server does not know.
     *
     * @param revision the entry's
     * @param feature the name that is not known
     */
    record NeedsFeature(long revision, String feature) implements Verdict {}
  }
}
