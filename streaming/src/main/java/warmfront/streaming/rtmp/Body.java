package warmfront.streaming.rtmp;

import java.nio.ByteBuffer;

/** The bytes of a message that is sent; read during the call it is given to, and not after. */
@FunctionalInterface
public interface Body {
  /**
   * Fills the rest of {@code target}; whether its position moves does not matter.
   *
   * @param offset of the first byte within the body
   */
  void copy(int offset, ByteBuffer target);
}
