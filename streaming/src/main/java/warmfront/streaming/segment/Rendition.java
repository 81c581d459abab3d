package warmfront.streaming.segment;

/** What is sent apart: players choose and buffer sound and picture by themselves (decision 67). */
public enum Rendition {
  VIDEO("video", 1),
  AUDIO("audio", 2);

  private final String word;
  private final int track;

  Rendition(String word, int track) {
    this.word = word;
    this.track = track;
  }

  /** Returns its word in names of objects. */
  public String word() {
    return word;
  }

  /** Returns its number as a track. */
  int track() {
    return track;
  }

  /** Returns the other one. */
  Rendition other() {
    return this == VIDEO ? AUDIO : VIDEO;
  }
}
