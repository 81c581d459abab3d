package warmfront.edge.step;

import warmfront.bytes.Flow;
import warmfront.bytes.Slice;

/** The body of a response. */
public sealed interface Body {
  /** Lets go of a body that is not sent. */
  default void letGo() {
    switch (this) {
      case None _ -> {}
      case Pinned(Slice slice, _, _) -> slice.release();
      case Flowing(Flow flow) -> flow.cancel();
    }
  }

  /** No bytes are sent: HEAD, 204, 304, or a length of 0. */
  record None() implements Body {}

  /**
   * Bytes in memory, pinned once for the viewer room, which releases when they are written or the
   * write broke off.
   *
   * @param slice the memory
   * @param offset of the first byte, from 0
   * @param length number of bytes, at least 1
   */
  record Pinned(Slice slice, int offset, int length) implements Body {}

  /** Bytes that come part by part; the viewer room reads to the end or cancels. */
  record Flowing(Flow flow) implements Body {}
}
