package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import warmfront.edge.step.Tls;

/** Makes an HTTP/2 connection with our limits. */
final class Http2Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2, Http2Builder> {
  private static final int RESET_WINDOW_SECONDS = 10;

  private final Channel channel;
  private final Loop loop;
  private final Door door;
  private final Tls tls;

  Http2Builder(Channel channel, Loop loop, Door door, Tls tls) {
    this.channel = channel;
    this.loop = loop;
    this.door = door;
    this.tls = tls;
    Limits limits = loop.limits();
    server(true);
    validateHeaders(true);
    initialSettings(
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(limits.connection().streamsMax())
            .initialWindowSize(limits.connection().heldBytesMax())
            .maxHeaderListSize(limits.message().headBytesMax()));
    decoderEnforceMaxRstFramesPerWindow(limits.connection().resetsMax(), RESET_WINDOW_SECONDS);
    encoderEnforceMaxRstFramesPerWindow(limits.connection().resetsMax(), RESET_WINDOW_SECONDS);
    gracefulShutdownTimeoutMillis(limits.times().stall().toMillis());
  }

  @Override
  protected Http2 build() {
    return super.build();
  }

  @Override
  protected Http2 build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    return new Http2(decoder, encoder, settings, new Http2.Wire(channel, loop, door, tls));
  }
}
