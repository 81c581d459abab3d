package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * A message of audio, video or data in chunks, encoded once to be sent to many. Made with one hold,
 * its maker's; whoever holds lets go, once. Thread-safe.
 */
public final class Packet {
  private final ByteBuf bytes;

  private Packet(ByteBuf bytes) {
    this.bytes = bytes;
  }

  /** Encodes a message. */
  public static Packet of(MediaHead head, Body body) {
    ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(ChunkWriter.sizeOf(head.length()));
    ChunkWriter.media(bytes, head, body);
    return new Packet(bytes);
  }

  /** Returns its length in bytes, with all chunk headers. */
  public int length() {
    return bytes.readableBytes();
  }

  /** Holds it once more; call it only while it is held. */
  public Packet hold() {
    bytes.retain();
    return this;
  }

  /** Lets go of one hold. */
  public void release() {
    bytes.release();
  }

  /** Returns its bytes, lent while it is held. */
  ByteBuf bytes() {
    return bytes;
  }

  /**
   * Returns a view that owns a hold of its own, with no room behind it: TLS adds what follows to a
   * buffer that has some, and this one is shared.
   */
  ByteBuf view() {
    return bytes.retain().slice(); // of no pool: making one costs less than keeping it
  }
}
