package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;

/** What enciphers a connection, in the order of its bytes. */
interface Ciphers {
  /** Deciphers what is readable, in its place. */
  void received(ByteBuf bytes);

  /** Enciphers what is readable, in its place. */
  void sent(ByteBuf bytes);
}
