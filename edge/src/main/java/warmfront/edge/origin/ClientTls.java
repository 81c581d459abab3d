package warmfront.edge.origin;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/** TLS of those who connect. Thread-safe. */
interface ClientTls extends AutoCloseable {
  /**
   * Returns what shakes hands on a new connection.
   *
   * @param handshake how long that may take
   */
  SslHandler handler(Channel channel, Peer peer, Duration handshake);

  /** Returns the same for connections over HTTP/2, which are closed with this. */
  ClientTls http2();

  @Override
  void close();
}
