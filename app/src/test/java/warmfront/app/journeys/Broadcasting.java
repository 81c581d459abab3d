package warmfront.app.journeys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import warmfront.streaming.live.Channels;
import warmfront.streaming.live.Hub;
import warmfront.streaming.live.LiveLimits;
import warmfront.streaming.live.Upstream;
import warmfront.streaming.origin.LiveOrigin;
import warmfront.streaming.origin.OriginLimits;
import warmfront.streaming.origin.Source;
import warmfront.streaming.play.FrontDoor;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.RtmpServer;
import warmfront.streaming.segment.Cadence;
import warmfront.time.Clock;

/** ffmpeg publishes the channel {@code cam} by RTMP, and a live origin has it over HTTP. */
final class Broadcasting implements AutoCloseable {
  private static final Channels CHANNELS =
      new Channels() {
        @Override
        public Optional<String> ofKey(String key) {
          return key.equals("secret") ? Optional.of("cam") : Optional.empty();
        }

        @Override
        public boolean isOn(String name) {
          return name.equals("cam");
        }
      };

  private final Hub hub = new Hub(CHANNELS, LiveLimits.standard(), Clock.system(), Upstream.none());
  private final RtmpServer server =
      new RtmpServer(Limits.standard(), Clock.system(), new SplittableRandom(1), 1);
  private final LiveOrigin origin;
  private final Process publisher;

  private Broadcasting(Path folder) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    int port =
        server
            .start(List.of(any), new FrontDoor(Map.of("live", hub::connect)))
            .getFirst()
            .getPort();
    origin =
        LiveOrigin.start(
            any, 1, Source.of(hub, _ -> Cadence.STANDARD), OriginLimits.STANDARD, Clock.system());
    publisher = publish(folder, "rtmp://127.0.0.1:" + port + "/live/secret");
  }

  /** Starts both, and ffmpeg for as long as this is open. */
  static Broadcasting open(Path folder) throws IOException {
    return new Broadcasting(folder);
  }

  private static Process publish(Path folder, String url) throws IOException {
    String command =
        "ffmpeg -v error -re -f lavfi -i testsrc2=s=640x360:r=25 -re -f lavfi -i sine=r=44100"
            + " -c:v libx264 -preset ultrafast -tune zerolatency -g 50 -b:v 1M -c:a aac -f flv "
            + url;
    Process process =
        new ProcessBuilder(new ArrayList<>(List.of(command.split(" ", -1))))
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(folder, "publisher", ".log").toFile())
            .start();
    process.getOutputStream().close();
    return process;
  }

  int originPort() {
    return origin.address().getPort();
  }

  boolean isPublished() {
    return hub.isPublished("cam");
  }

  @Override
  public void close() {
    publisher.destroyForcibly();
    origin.close();
    server.close();
    hub.close();
  }
}
