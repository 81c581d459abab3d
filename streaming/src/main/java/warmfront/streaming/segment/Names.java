package warmfront.streaming.segment;

/** Names of a rendition's media, as {@link Resource#read} reads them. */
record Names(Broadcast broadcast, Rendition rendition) {
  /** Returns what all of them begin with. */
  String stem() {
    return rendition.word() + "-" + broadcast.name() + "-";
  }

  String initial(int number) {
    return stem() + "i" + number + ".mp4";
  }

  String segment(long sequence) {
    return stem() + sequence + ".m4s";
  }

  String part(long sequence, int part) {
    return stem() + sequence + "." + part + ".m4s";
  }
}
