package warmfront.app.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.StreamingDistribution;
import warmfront.edge.Edge;
import warmfront.edge.EdgeConfig;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.streaming.Streaming;
import warmfront.streaming.StreamingConfig;
import warmfront.streaming.rtmp.Tls;
import warmfront.streaming.rtmp.Variant;
import warmfront.time.Clock;

/**
 * One edge with streaming beside it, an event loop each, and one streaming distribution, in the
 * foreground: what {@code bench/peers/films-warmfront} runs. Settings come as environment
 * variables; bench/README.md lists them.
 */
public final class LoneStreaming {
  private static final String HOST = "bench.test";
  private static final int LOOPS = 1;

  private LoneStreaming() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) throws IOException, InterruptedException {
    InetSocketAddress rtmp = loopback(Integer.parseInt(LoneEdge.setting("RTMP_PORT")));
    Location location =
        new Location("LOC", "here", "ZZ", 0, 0, PriceClass.PRICE_CLASS_100, 10, Optional.empty());
    Clock clock = Clock.system();
    Edge edge =
        Edge.open(
            new EdgeConfig(
                Path.of(LoneEdge.setting("RUN")),
                List.of(new Listener(loopback(0), new Place(location, false, 443))),
                LOOPS,
                EdgeConfig.Storage.standard(),
                EdgeConfig.Outside.oneProcess(),
                false,
                EdgeConfig.Limits.standard(),
                clock,
                new SecureRandom()));
    Streaming streaming =
        new Streaming(
            new StreamingConfig(
                List.of(
                    new StreamingConfig.Place(
                        location.id(), "bench", List.of(rtmp), edge.reader(location.id()))),
                Optional.empty(),
                Optional.empty(),
                Set.of(Variant.RTMP),
                LOOPS,
                StreamingConfig.Bounds.standard(),
                clock,
                new SecureRandom()),
            edge::isWeb,
            Tls.NONE,
            (_, _) -> {});
    Snapshot picture = picture(Integer.parseInt(LoneEdge.setting("ORIGIN_PORT")));
    if (!(edge.take(picture, List.of()) instanceof Subscriber.Verdict.Applied)) {
      throw new IllegalStateException("the edge refused its own picture");
    }
    streaming.take(picture, List.of());
    edge.start();
    streaming.start();
    new CountDownLatch(1).await();
  }

  private static Snapshot picture(int originPort) {
    S3Endpoint bucket =
        new S3Endpoint(
            "s3.amazonaws.com",
            URI.create("http://127.0.0.1:" + originPort),
            "us-east-1",
            "AKIAEXAMPLE",
            "secret");
    StreamingDistribution distribution =
        new StreamingDistribution(
            "EMEASURED00000",
            HOST,
            true,
            List.of(),
            "media.s3.amazonaws.com",
            Optional.empty(),
            false,
            PriceClass.PRICE_CLASS_ALL,
            Optional.empty());
    return Snapshot.of(
        1,
        1,
        Chain.EMPTY,
        List.of(new Snapshot.Versioned(bucket, 1), new Snapshot.Versioned(distribution, 1)));
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
