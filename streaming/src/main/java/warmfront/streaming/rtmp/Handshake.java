package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One way of shaking hands (RTMP 1.0, section 5.2), from the peer's version byte on. */
interface Handshake {
  /**
   * Reads what it can and writes what is to be sent; what is left of {@code in} has to come again
   * with what follows.
   *
   * @return whether it is over; what is left is then the first chunk
   */
  boolean next(ByteBuf in, ByteBuf out) throws ProtocolException;

  /** Returns what enciphers everything after it, or null; asked when it is over. */
  @Nullable Ciphers ciphers();
}
