package warmfront.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import warmfront.app.config.Config;
import warmfront.app.config.Endpoint;
import warmfront.edge.EdgeConfig;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.log.Limits.Delivering;
import warmfront.edge.origin.Cidr;
import warmfront.edge.origin.NameService;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.peer.Limits;
import warmfront.edge.viewer.Listener;
import warmfront.routing.RoutingConfig;
import warmfront.routing.dns.DnsLimits;
import warmfront.routing.dns.IssuerRecord;
import warmfront.routing.dns.ZoneConfig;
import warmfront.time.Clock;

/** Says the operator's configuration in the words of the rooms. */
final class Rooms {
  /** What is left free on the cache's disk, as a share of what the cache may take. */
  private static final int RESERVE_SHARE = 10;

  private Rooms() {}

  /**
   * Returns what an edge is made of.
   *
   * @param data the edge's own folder
   * @param loopback whether loopback origins are allowed
   */
  static EdgeConfig edge(
      Config config, Path data, List<Listener> listeners, boolean loopback, Clock clock) {
    Config.Edge own = config.edge();
    return new EdgeConfig(
        data,
        listeners,
        loops(own),
        new EdgeConfig.Storage(
            own.memoryBytes() == 0
                ? CacheLimits.standard()
                : CacheLimits.ofMemory(own.memoryBytes()),
            own.disks().stream()
                .map(
                    disk -> new EdgeConfig.Disk(disk.path(), disk.sizeBytes(), disk.reserveBytes()))
                .toList(),
            own.diskBytes(),
            own.diskBytes() / RESERVE_SHARE),
        new EdgeConfig.Outside(
            new OriginRules(
                loopback, config.origins().privateAllowed().stream().map(Cidr::parse).toList()),
            NameService.system(),
            Optional.empty()),
        own.accessLog(),
        limits(own, config.maps().measured(), config.share()),
        clock,
        new SecureRandom());
  }

  /** Returns how many event loops an edge has, and streaming beside it. */
  static int loops(Config.Edge own) {
    return own.loops() == 0 ? Runtime.getRuntime().availableProcessors() : own.loops();
  }

  /** Returns how much patience an edge has with the other servers of its location. */
  static Limits patience(Config.Patience patience) {
    return new Limits(
        patience.connect(),
        patience.unacknowledged(),
        patience.silence(),
        patience.retryAfter(),
        patience.behind(),
        patience.hotRequests(),
        patience.hotWindow());
  }

  private static EdgeConfig.Limits limits(Config.Edge own, boolean measured, Config.Share share) {
    EdgeConfig.Limits usual = EdgeConfig.Limits.standard();
    warmfront.edge.viewer.Limits viewers =
        usual
            .viewers()
            .withAddress(
                new warmfront.edge.viewer.Limits.Address(
                    share.connections(), share.requestsPerSecond(), false));
    return new EdgeConfig.Limits(
        measured ? viewers : viewers.withoutMeasuring(),
        usual.origins(),
        usual.logs().with(Delivering.after(own.logDelivery())),
        usual.exchangesMax(),
        usual.joinMax());
  }

  /** Returns what the DNS server of an all-in-one process is told. */
  static RoutingConfig routing(Config config) {
    return routing(
        config,
        config.dns().listen().stream().map(Endpoint::socket).toList(),
        Optional.of(config.dns().heartbeat().socket()));
  }

  /** Returns what a DNS server is told that listens elsewhere than the configuration says. */
  static RoutingConfig routing(
      Config config, List<InetSocketAddress> listen, Optional<InetSocketAddress> heartbeats) {
    return new RoutingConfig(
        zone(config.zone()),
        listen,
        heartbeats,
        config.geography().latencies(),
        Tables.countries(config),
        Optional.of(config.data()),
        config.viewers().http3(),
        limits(config.dns()));
  }

  /** Returns what a DNS server bears. */
  static RoutingConfig.Limits limits(Config.Dns dns) {
    RoutingConfig.Limits usual = RoutingConfig.Limits.DEFAULT;
    DnsLimits.Unproven unproven = usual.dns().unproven();
    return new RoutingConfig.Limits(
        usual
            .dns()
            .with(
                new DnsLimits.Unproven(
                    unproven.replyPercentMax(), dns.repliesPerSecond(), unproven.slip()))
            .with(
                new DnsLimits.Connections(
                    dns.connections(), dns.connectionsPerClient(), dns.idle())),
        usual.health(),
        usual.latency());
  }

  /** Returns the zone as DNS servers know it. */
  static ZoneConfig zone(Config.Zone zone) {
    ZoneConfig usual =
        ZoneConfig.of(
            zone.name(),
            "hostmaster." + zone.name(),
            zone.nameServers().stream()
                .map(server ->
                    new ZoneConfig.NameServer(
                        server.name(),
                        server.addresses().stream().map(InetAddress::ofLiteral).toList()))
                .toList(),
            List.of());
    return new ZoneConfig(
        usual.name(),
        usual.mailbox(),
        usual.nameServers(),
        usual.apex(),
        zone.issuers().stream().map(one -> new IssuerRecord(false, "issue", one)).toList(),
        zone.ttl(),
        usual.delegationTtl(),
        usual.negativeTtl());
  }

  /** Returns {@code SCHEME://ADDRESS:PORT}, as servers are registered. */
  static String url(String scheme, InetSocketAddress address) {
    return scheme + "://" + hostAndPort(address);
  }

  /** Returns {@code ADDRESS:PORT}. */
  static String hostAndPort(InetSocketAddress address) {
    return new Endpoint(address.getAddress().getHostAddress(), address.getPort()).toString();
  }
}
