package warmfront.snapshot;

/** What came of reading an entry of the wire. */
public sealed interface Decoded {
  /**
   * It is understood.
   *
   * @param entry what it says
   */
  record Understood(Entry entry) implements Decoded {}

  /**
   * It says something this version does not know, so obeying the rest would drop a rule silently.
   *
   * @param revision the entry's
   * @param feature the name of what is not known
   */
  record NeedsFeature(long revision, String feature) implements Decoded {}

  /**
   * No version writes such an entry.
   *
   * @param revision the entry's as it claims
   * @param reason what is wrong with it
   */
  record Malformed(long revision, String reason) implements Decoded {}
}
