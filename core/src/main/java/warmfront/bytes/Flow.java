package warmfront.bytes;

import java.util.List;

/**
 * A body that flows: its one reader asks for the next part and is called back once. The reader sets
 * the pace, so a slow one never makes the writer hold more than a part or two.
 *
 * <p>Not thread-safe: calls follow one another. The call-back may come on any thread, also before
 * {@link #next} returns; readers that loop must not recurse without bound.
 */
public interface Flow {
  /** Asks for the next part. Never called again before the call-back, nor after an end. */
  void next(Receiver receiver);

  /** Ends reading early; no call-back comes after the one that may be under way. Idempotent. */
  void cancel();

  /** Where the answer to one {@link #next} goes: exactly one of the three is called, once. */
  interface Receiver {
    /** Takes a part of at least one byte, pinned for the receiver, who releases it. */
    void part(Slice part);

    /** The body is complete. */
    void end();

    /** The body ends here but is not complete; {@code reason} says why. */
    void broken(String reason);
  }

  /** Returns a body without bytes. */
  static Flow empty() {
    return new Parts(List.of());
  }

  /** Returns a body of these bytes. */
  static Flow of(byte[] bytes) {
    return bytes.length == 0 ? empty() : new Parts(List.of(Slice.of(bytes)));
  }
}
