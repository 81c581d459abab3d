package warmfront.app.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Server;
import warmfront.routing.Routing;
import warmfront.routing.RoutingConfig;
import warmfront.routing.dns.ZoneConfig;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;
import warmfront.time.Clock;

/**
 * One DNS server of a fleet, in the foreground: what {@code bench/peers/dns-warmfront} runs. It is
 * the product's as it is, only its picture does not come from a control plane: locations named AAA,
 * AAB and so on, in each an edge with four addresses, and one distribution. Settings come as
 * environment variables; bench/README.md lists them.
 */
public final class LoneDns {
  private static final String ZONE = "cdn.example.net";

  private LoneDns() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) throws IOException, InterruptedException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    InetSocketAddress at =
        new InetSocketAddress(loopback, Integer.parseInt(LoneEdge.setting("DNS_PORT")));
    ZoneConfig zone =
        ZoneConfig.of(
            ZONE,
            "hostmaster." + ZONE,
            List.of(new ZoneConfig.NameServer("ns1." + ZONE, List.of(loopback))),
            List.of());
    Routing routing =
        Routing.load(
            new RoutingConfig(
                zone,
                List.of(at),
                Optional.empty(),
                Optional.of(Path.of(LoneEdge.setting("TABLE"))),
                Optional.empty(),
                Optional.empty(),
                RoutingConfig.Limits.DEFAULT),
            Clock.system());
    Snapshot picture = picture(Integer.parseInt(LoneEdge.setting("CENTRES")));
    if (!(routing.take(picture, List.of()) instanceof Subscriber.Verdict.Applied)) {
      throw new IllegalStateException("the DNS server refused its own picture");
    }
    routing.start();
    new CountDownLatch(1).await();
  }

  private static Snapshot picture(int locations) {
    List<Snapshot.Versioned> all = new ArrayList<>();
    for (int i = 0; i < locations; i++) {
      String id = "A%c%c".formatted('A' + i / 26, 'A' + i % 26);
      double east = i * 360.0 / locations - 180;
      int number = i;
      List<String> addresses =
          IntStream.rangeClosed(1, 4).mapToObj(j -> "192.0.%d.%d".formatted(number, j)).toList();
      all.add(
          new Snapshot.Versioned(
              new Location(id, id, "ZZ", 0, east, PriceClass.PRICE_CLASS_100, 10, Optional.empty()),
              1));
      all.add(
          new Snapshot.Versioned(
              new Server(
                  id.toLowerCase(java.util.Locale.ROOT) + "-1",
                  Server.Role.EDGE,
                  id,
                  List.of(),
                  addresses,
                  List.of(),
                  100,
                  Server.State.ACTIVE),
              1));
    }
    all.add(
        new Snapshot.Versioned(
            new Publication(
                "EMEASURED00000",
                "d111111abcdef8." + ZONE,
                true,
                List.of(),
                false,
                new Publication.Terms(
                    false, PriceClass.PRICE_CLASS_ALL, true, Publication.Spoken.HTTP2, List.of())),
            1));
    return Snapshot.of(1, 1, Chain.EMPTY, all);
  }
}
