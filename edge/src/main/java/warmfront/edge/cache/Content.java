package warmfront.edge.cache;

import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Gaps;

/**
 * The bytes of one object. Whoever uses them holds them; the last to let go gives them back. One
 * hold is the cache's own.
 */
sealed interface Content permits OnePiece, Sliced {
  /** Holds it for the caller, who lets go once; false if it is gone. */
  boolean hold();

  void letGo();

  /** Returns whether only the cache itself holds it. */
  boolean isIdle();

  /** Returns whether all of it has come that was to come. */
  boolean isWhole();

  /** Returns which version of the object it is. */
  long generation();

  /** Returns the length of the body, -1 if it is not known yet. */
  long bodyLength();

  /** Returns how many bytes are there, in one piece. */
  long length();

  /** Returns the only slice of a whole body of one slice, else null. */
  @Nullable Slice single();

  /**
   * Begins a reading of the bytes from {@code from} to before {@code to}; -1 for all of them.
   *
   * @param gaps asks the origin for what is lacking
   */
  Flow read(long from, long to, Gaps gaps);

  // ---- for readings

  /** What a reading gets at its position. */
  sealed interface Next {
    /**
     * Bytes, pinned for the reader.
     *
     * @param slice the bytes
     * @param also what the reader is to run, outside all locks, or null
     */
    record Part(Slice slice, @Nullable Runnable also) implements Next {}

    /**
     * Nothing yet.
     *
     * @param also what the reader is to run, outside all locks, or null
     */
    record Wait(@Nullable Runnable also) implements Next {}

    /** The end. */
    record End() implements Next {}

    /** No more will come. */
    record Broken(String reason) implements Next {}
  }

  /** Returns what is there from the reading's position on. */
  Next next(Reading reading);

  /** A reading went on. */
  void advanced();

  /** A reading ended. */
  void ended(Reading reading);
}
