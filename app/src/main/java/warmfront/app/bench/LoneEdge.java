package warmfront.app.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import warmfront.distribution.Behavior;
import warmfront.distribution.CachePolicy;
import warmfront.distribution.Distribution;
import warmfront.distribution.Entrance;
import warmfront.distribution.Geography;
import warmfront.distribution.Location;
import warmfront.distribution.NameSet;
import warmfront.distribution.Origin;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Remedies;
import warmfront.distribution.Wishes;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.Edge;
import warmfront.edge.EdgeConfig;
import warmfront.edge.origin.Cidr;
import warmfront.edge.origin.NameService;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.time.Clock;

/**
 * One edge with one event loop and one distribution, in the foreground: what {@code
 * bench/peers/warmfront} runs. It is the product's edge as it is, only its picture does not come
 * from a control plane. Settings come as environment variables; bench/README.md lists them.
 */
public final class LoneEdge {
  private static final int LOOPS = 1;
  private static final int HTTPS_DEFAULT = 443;

  /** Addresses that are for measurements (RFC 2544). */
  private static final List<Cidr> MEASURED = List.of(Cidr.parse("198.18.0.0/15"));

  private LoneEdge() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int http = port("HTTP_PORT");
    int https = port("TLS_PORT");
    Location location =
        new Location("LOC", "here", "ZZ", 0, 0, PriceClass.PRICE_CLASS_100, 10, Optional.empty());
    List<Listener> listeners =
        List.of(
            new Listener(here(http), new Place(location, false, https)),
            new Listener(here(https), new Place(location, true, HTTPS_DEFAULT), true));
    Edge edge =
        Edge.open(
            new EdgeConfig(
                Path.of(setting("RUN")),
                listeners,
                LOOPS,
                EdgeConfig.Storage.standard(),
                new EdgeConfig.Outside(
                    new OriginRules(true, MEASURED), NameService.system(), Optional.empty()),
                "1".equals(System.getenv("LOG")),
                EdgeConfig.Limits.standard(),
                Clock.system(),
                new SecureRandom()));
    Snapshot picture = picture(port("ORIGIN_PORT"));
    if (!(edge.take(picture, List.of()) instanceof Subscriber.Verdict.Applied)) {
      throw new IllegalStateException("the edge refused its own picture");
    }
    edge.start();
    new CountDownLatch(1).await();
  }

  private static Snapshot picture(int originPort) throws IOException {
    CachePolicy policy =
        new CachePolicy(
            "measured",
            "measured",
            Duration.ofSeconds(Integer.parseInt(setting("MIN_TTL", "1"))),
            Duration.ofDays(1),
            Duration.ofDays(365),
            false,
            false,
            NameSet.NONE,
            NameSet.NONE,
            NameSet.NONE);
    Origin origin =
        new Origin(
            "origin",
            setting("ORIGIN_HOST", "origin.localhost"),
            "",
            Fields.empty(),
            new Origin.Custom(
                originPort,
                HTTPS_DEFAULT,
                Origin.Protocol.HTTP_ONLY,
                List.of("TLSv1.2"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60)),
            3,
            Duration.ofSeconds(10));
    Behavior behavior =
        new Behavior(
            "*",
            "origin",
            Behavior.ViewerProtocol.ALLOW_ALL,
            Set.of(Method.GET, Method.HEAD),
            Set.of(Method.GET, Method.HEAD),
            Optional.of(policy.id()),
            Optional.empty(),
            Behavior.Options.NONE);
    Distribution distribution =
        new Distribution(
            "EMEASURED00000",
            "bench.test",
            true,
            List.of("127.0.0.1", "localhost"),
            "",
            false,
            true,
            PriceClass.PRICE_CLASS_ALL,
            List.of(origin),
            List.of(),
            behavior,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Wishes.NONE,
            new Entrance(true, Optional.empty(), Geography.ANYWHERE),
            Remedies.NONE);
    ZoneCertificate certificate =
        new ZoneCertificate(
            "bench.test",
            Files.readString(Path.of(setting("CERT"))),
            Files.readString(Path.of(setting("KEY"))));
    return Snapshot.of(
        1,
        1,
        Chain.EMPTY,
        List.of(
            new Snapshot.Versioned(policy, 1),
            new Snapshot.Versioned(distribution, 1),
            new Snapshot.Versioned(certificate, 1)));
  }

  private static InetSocketAddress here(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(setting("ADDRESS", "127.0.0.1")), port);
  }

  private static int port(String name) {
    return Integer.parseInt(setting(name));
  }

  private static String setting(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }

  static String setting(String name) {
    return Optional.ofNullable(System.getenv(name))
        .orElseThrow(() -> new IllegalStateException(name + " is not set"));
  }
}
