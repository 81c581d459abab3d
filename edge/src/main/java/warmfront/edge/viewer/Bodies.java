package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;

/** Bodies of responses as Netty wants them. */
final class Bodies {
  private Bodies() {}

  /**
   * Returns a slice's memory as a buffer that is made once and stays with the slice. Read from it
   * with indices only; parts of it that are written are retained slices, whose state is their own.
   */
  static ByteBuf view(Slice slice) {
    if (slice.view() instanceof View view) {
      return view.bytes;
    }
    ByteBuf bytes = Unpooled.wrappedBuffer(slice.memory());
    slice.keepView(new View(bytes));
    return bytes;
  }

  /** Lets go of a body that is not sent. */
  static void discard(Body body) {
    switch (body) {
      case Body.None() -> {}
      case Body.Pinned pinned -> pinned.slice().release();
      case Body.Flowing flowing -> flowing.flow().cancel();
    }
  }

  /** Returns whether a response of this status never has a body (RFC 9110, 6.4.1). */
  static boolean bodiless(int status) {
    return status == 204 || status == 304;
  }

  private record View(ByteBuf bytes) {}
}
