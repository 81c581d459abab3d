package warmfront.streaming.rtmp;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

/** What may be spoken on a connection, known by its first byte. */
final class Dialects {
  private static final int LINE_MAX = 4096;
  private static final int HEADER_MAX = 8192;
  private static final int BODY_MAX = 65_536;

  /**
   * Has a connection spoken to as its first byte wants it, by handlers at the end of its pipeline.
   *
   * @param since when the peer connected, on the steady clock
   * @return false if nothing here begins so
   */
  boolean speak(int first, Channel channel, Loop loop, long since) {
    return switch (first) {
      case OpenHandshake.VERSION -> {
        Handshake handshake = new OpenHandshake(loop.chance());
        channel.pipeline().addLast(new Socket(channel, Variant.RTMP, loop, handshake, since));
        yield true;
      }
      case 'G', 'H', 'P', 'O' -> {
        channel
            .pipeline()
            .addLast(new HttpServerCodec(LINE_MAX, HEADER_MAX, HEADER_MAX))
            .addLast(new HttpObjectAggregator(BODY_MAX))
            .addLast(new WebDoor(loop, channel));
        yield true;
      }
      default -> false;
    };
  }
}
