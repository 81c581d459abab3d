package warmfront.streaming.media;

/** The bytes of an object that are at hand, as those who read containers see them. */
public interface Window {
  /** Returns the length of the object, in bytes. */
  long objectLength();

  /** Returns whether all of these bytes are at hand; always false beyond the object's end. */
  boolean has(long offset, int length);

  /** Returns a byte that is at hand, 0 to 255. */
  int at(long offset);

  /** Copies bytes that are at hand. */
  void copy(long offset, byte[] into, int at, int length);
}
