package warmfront.streaming.media;

/**
 * How a file becomes a {@link Medium}: it says which bytes it needs next, is asked again when they
 * are at hand, and in the end knows. Owned by one thread at a time.
 */
public interface Opening {
  /** Goes on as far as the bytes at hand allow; after an end it says the same again. */
  Step next(Window window);

  /** What opening a file came to so far. */
  sealed interface Step {}

  /**
   * These bytes are needed next; none of those asked for before are needed any more.
   *
   * @param offset of the first byte
   * @param length at least 1, within the object
   */
  record Needs(long offset, int length) implements Step {}

  /** It can be played. */
  record Opened(Medium medium) implements Step {}

  /** It cannot; {@code reason} says why, for viewers and logs. */
  record Refused(String reason) implements Step {}
}
