package warmfront.app.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import warmfront.streaming.live.Channels;
import warmfront.streaming.live.Hub;
import warmfront.streaming.live.LiveLimits;
import warmfront.streaming.live.Upstream;
import warmfront.streaming.play.FrontDoor;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.time.Clock;

/**
 * One server of live RTMP, in the foreground: what {@code bench/peers/rtmp-warmfront} runs. It is
 * the product's as it is, with one event loop and one channel, whose key is its name. Settings come
 * as environment variables; bench/README.md lists them.
 */
public final class LoneRtmp {
  private LoneRtmp() {}

  /** A channel without secrets. */
  private record Open(String name) implements Channels {
    @Override
    public Optional<String> ofKey(String key) {
      return Optional.of(key).filter(name::equals);
    }

    @Override
    public boolean isOn(String asked) {
      return name.equals(asked);
    }
  }

  /** Serves until the process is ended. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int port = Integer.parseInt(LoneEdge.setting("RTMP_PORT"));
    Open channels = new Open(LoneEdge.setting("CHANNEL"));
    Hub hub = new Hub(channels, LiveLimits.standard(), Clock.system(), Upstream.none());
    RtmpServer server = new RtmpServer(Limits.standard(), Clock.system(), new SecureRandom(), 1);
    var _ =
        server.start(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
            new FrontDoor(Map.of("live", hub::connect)));
    new CountDownLatch(1).await();
  }
}
