package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** What carries a conversation: a socket, or a tunnel over several. On its loop. */
interface Outlet {
  /** Returns how it carries. */
  Variant variant();

  InetSocketAddress remoteAddress();

  InetSocketAddress localAddress();

  /** Takes bytes that are to be sent, and the caller's hold of them. */
  void write(ByteBuf bytes);

  /** Sends what was taken. */
  void flush();

  /** Returns how many of the bytes it took are not gone yet. */
  long pendingBytes();

  /** Wants to hear more from the peer, or nothing for now. */
  void listen(boolean wanted);

  /** Sends what was taken, and ends. */
  void close();

  /** Ends at once. */
  void abort();
}
