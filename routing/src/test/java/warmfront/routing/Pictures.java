package warmfront.routing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import warmfront.distribution.Channel;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Publication;
import warmfront.distribution.Resource;
import warmfront.distribution.Server;
import warmfront.distribution.TextRecord;
import warmfront.routing.dns.Site;
import warmfront.routing.dns.ZoneConfig;
import warmfront.snapshot.Chain;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/** Makes pictures of small fleets: the five locations of one process, and what tests add. */
final class Pictures {
  static final String ZONE = "warmfront.localhost";
  static final byte[] KEY = new byte[32];

  private final List<Resource> resources = new ArrayList<>();

  static Pictures five() {
    return new Pictures()
        .location("CMH", "US", 40.0, -82.9, PriceClass.PRICE_CLASS_100)
        .location("FRA", "DE", 50.0, 8.6, PriceClass.PRICE_CLASS_100)
        .location("NRT", "JP", 35.8, 140.4, PriceClass.PRICE_CLASS_200)
        .location("GRU", "BR", -23.4, -46.5, PriceClass.PRICE_CLASS_ALL)
        .location("SYD", "AU", -33.9, 151.2, PriceClass.PRICE_CLASS_ALL)
        .server("cmh-1", "CMH", List.of("127.0.0.1"), List.of("fd00::1"))
        .server("fra-1", "FRA", List.of("127.0.0.2"), List.of("fd00::2"))
        .server("nrt-1", "NRT", List.of("127.0.0.3"), List.of("fd00::3"))
        .server("gru-1", "GRU", List.of("127.0.0.4"), List.of("fd00::4"))
        .server("syd-1", "SYD", List.of("127.0.0.5"), List.of("fd00::5"));
  }

  Pictures location(String id, String country, double north, double east, PriceClass priceClass) {
    resources.add(new Location(id, id, country, north, east, priceClass, 10, Optional.empty()));
    return this;
  }

  Pictures server(String id, String location, List<String> ipv4, List<String> ipv6) {
    return server(id, location, ipv4, ipv6, 100, Server.State.ACTIVE);
  }

  Pictures server(
      String id,
      String location,
      List<String> ipv4,
      List<String> ipv6,
      int weight,
      Server.State state) {
    resources.removeIf(one -> one instanceof Server && one.id().equals(id));
    resources.add(new Server(id, Server.Role.EDGE, location, List.of(), ipv4, ipv6, weight, state));
    return this;
  }

  /** Has every server listen for TLS on a port. */
  Pictures secure(int port) {
    resources.replaceAll(one ->
        one instanceof Server server
            ? new Server(
                server.id(),
                server.role(),
                server.location(),
                List.of("https://127.0.0.1:" + port),
                server.advertise4(),
                server.advertise6(),
                server.weight(),
                server.state())
            : one);
    return this;
  }

  Pictures alias(String id, String name, String alias) {
    resources.add(new Publication(id, name, true, List.of(alias), false, Publication.Terms.USUAL));
    return this;
  }

  Pictures guest(String id, String name, String alias) {
    resources.add(new Publication(id, name, true, List.of(alias), true, Publication.Terms.USUAL));
    return this;
  }

  Pictures published(String id, String name, boolean ipv6, PriceClass priceClass) {
    resources.add(
        new Publication(
            id,
            name,
            true,
            List.of(),
            false,
            new Publication.Terms(ipv6, priceClass, true, Publication.Spoken.HTTP2, List.of())));
    return this;
  }

  /** Adds a distribution whose viewers are all given the same addresses. */
  Pictures anycast(String id, String name, String... addresses) {
    resources.add(
        new Publication(
            id,
            name,
            true,
            List.of(),
            false,
            new Publication.Terms(
                true,
                PriceClass.PRICE_CLASS_ALL,
                true,
                Publication.Spoken.HTTP2,
                List.of(addresses))));
    return this;
  }

  /** Adds what is made elsewhere. */
  Pictures with(Resource resource) {
    resources.add(resource);
    return this;
  }

  static Channel channel(String name, String location) {
    return new Channel(
        name, Channel.hash(name), location, true, Optional.empty(), Channel.PART, Channel.SEGMENT);
  }

  /** Returns what the choice for a distribution of a price class depends on. */
  static Site site(String id, PriceClass priceClass) {
    return Sites.site(
        new Publication(
            id,
            "d1." + ZONE,
            true,
            List.of(),
            false,
            new Publication.Terms(true, priceClass, true, Publication.Spoken.HTTP2, List.of())),
        false);
  }

  Pictures texts(String name, String... values) {
    resources.add(new TextRecord(name, List.of(values)));
    return this;
  }

  /** Adds a distribution whose viewers explore no location. */
  Pictures unexploring(String id, String name) {
    resources.add(
        new Publication(
            id,
            name,
            true,
            List.of(),
            false,
            new Publication.Terms(
                true, PriceClass.PRICE_CLASS_ALL, false, Publication.Spoken.HTTP2, List.of())));
    return this;
  }

  /** Adds a distribution whose viewers may speak this. */
  Pictures speaking(String id, String name, Publication.Spoken spoken) {
    resources.add(
        new Publication(
            id,
            name,
            true,
            List.of(),
            false,
            new Publication.Terms(true, PriceClass.PRICE_CLASS_ALL, true, spoken, List.of())));
    return this;
  }

  Pictures key() {
    resources.add(new HeartbeatKey("1", Base64.getEncoder().encodeToString(KEY)));
    return this;
  }

  Snapshot snapshot() {
    return Snapshot.of(
        1, 42, Chain.EMPTY, resources.stream().map(one -> new Snapshot.Versioned(one, 7)).toList());
  }

  /** Returns the entry that follows a picture and says this of a resource. */
  static Entry after(Snapshot picture, Kind kind, String id, Optional<Resource> value) {
    return new Entry(1, picture.revision() + 1, kind, id, Set.of(), value, Chain.EMPTY, true);
  }

  static ZoneConfig zone() {
    return ZoneConfig.of(
        ZONE,
        "hostmaster." + ZONE,
        List.of(
            new ZoneConfig.NameServer(
                "ns1.dns." + ZONE,
                List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"))),
            new ZoneConfig.NameServer("ns2.elsewhere.example", List.of())),
        List.of(InetAddress.ofLiteral("127.0.0.9")));
  }

  static InetSocketAddress free(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 0);
  }
}
