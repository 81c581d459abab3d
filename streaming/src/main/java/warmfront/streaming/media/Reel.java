package warmfront.streaming.media;

/** One viewer's way through a medium. Owned by one thread at a time. */
public interface Reel {
  /**
   * Returns what comes next. {@link Needs} comes again until the bytes are at hand; a {@link Frame}
   * is passed on the next call.
   */
  Turn next(Window window);

  /** What comes next. */
  sealed interface Turn {}

  /**
   * A frame, whose own bytes need not be at hand yet.
   *
   * @param kind audio or video; of FLV also script data on the way, as cue points
   * @param millis when it is decoded, in milliseconds from the medium's beginning
   * @param key whether decoding may begin here
   * @param prefix what goes before its bytes in a message: the codec's head of FLV, most
   *     significant byte first, right-aligned
   * @param prefixLength its length in bytes, 0 to 8
   * @param offset of its first byte in the object
   * @param length number of its bytes there, at least 0
   */
  record Frame(
      Tag.Kind kind,
      long millis,
      boolean key,
      long prefix,
      int prefixLength,
      long offset,
      int length)
      implements Turn {}

  /**
   * What comes next is not known before these bytes are at hand.
   *
   * @param offset of the first byte
   * @param length at least 1, within the object
   */
  record Needs(long offset, int length) implements Turn {}

  /**
   * Nothing more comes.
   *
   * @param broken whether the file is damaged here, rather than complete
   */
  record End(boolean broken) implements Turn {}
}
