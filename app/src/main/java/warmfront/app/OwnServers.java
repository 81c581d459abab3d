package warmfront.app;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import warmfront.app.config.Config;
import warmfront.control.identity.Fleet;
import warmfront.control.publish.ServerStatus;
import warmfront.distribution.Server;
import warmfront.edge.step.Place;
import warmfront.edge.viewer.Listener;
import warmfront.routing.Routing;

/**
 * The servers that everything in one process is: an edge at each of its locations, and a DNS
 * server. Where they listen, and how the fleet's register knows them.
 */
final class OwnServers {
  /** The DNS server's id. */
  static final String DNS = "dns";

  private static final String EDGE_PREFIX = "edge-";

  private final Config config;

  OwnServers(Config config) {
    this.config = config;
  }

  /** Returns where its edges listen for HTTP. */
  List<Listener> listeners() {
    List<Listener> listeners = new ArrayList<>();
    for (Config.Place place : config.locations()) {
      for (String address : addresses(place)) {
        listeners.add(listener(place, address, config.viewers().http(), false));
        listeners.add(listener(place, address, config.viewers().https(), true));
      }
    }
    return listeners;
  }

  private Listener listener(Config.Place place, String address, int port, boolean secure) {
    return new Listener(
        new InetSocketAddress(address, port),
        new Place(place.location(), secure, config.viewers().https()),
        secure && config.viewers().http3());
  }

  /** Returns where its edges listen for RTMP. */
  List<Delivery.Rtmp> rtmp() {
    return config.locations().stream().flatMap(this::rtmp).toList();
  }

  private Stream<Delivery.Rtmp> rtmp(Config.Place place) {
    return addresses(place).stream()
        .flatMap(address ->
            config.viewers().rtmp().stream()
                .map(port ->
                    new Delivery.Rtmp(
                        place.location(), edge(place), new InetSocketAddress(address, port))));
  }

  private static List<String> addresses(Config.Place place) {
    return Stream.concat(Stream.of(place.address()), place.address6().stream()).toList();
  }

  /** Returns the id of a location's edge. */
  static String edge(Config.Place place) {
    return edge(place.location().id());
  }

  private static String edge(String location) {
    return EDGE_PREFIX + location.toLowerCase(Locale.ROOT);
  }

  /**
   * Registers locations and servers; what this process had and has no more is removed.
   *
   * @param live where the edges serve channels, if they do
   * @throws StartException if the register refuses one
   */
  void register(Fleet fleet, Optional<InetSocketAddress> live, Routing routing)
      throws StartException {
    for (Config.Place place : config.locations()) {
      require(fleet.register(place.location()));
    }
    for (Config.Place place : config.locations()) {
      require(fleet.register(server(place, live)));
    }
    List<String> listen = new ArrayList<>();
    routing.dnsAddresses().forEach(address -> listen.add(Rooms.url("dns", address)));
    routing.heartbeatAddress().ifPresent(address -> listen.add(Rooms.url("heartbeat", address)));
    String first = config.locations().getFirst().location().id();
    require(
        fleet.register(
            new Server(
                DNS,
                Server.Role.ROUTING,
                first,
                listen,
                List.of(),
                List.of(),
                0,
                Server.State.ACTIVE)));
    forgetOthers(fleet);
  }

  private void forgetOthers(Fleet fleet) throws StartException {
    Set<String> own = config.locations().stream().map(OwnServers::edge).collect(Collectors.toSet());
    for (Server server : fleet.servers()) {
      String code = server.location();
      if (server.id().equals(edge(code)) && !own.contains(server.id())) {
        require(fleet.removeServer(server.id()));
        // Refused while servers of other processes stand there, which is right.
        fleet.removeLocation(code);
      }
    }
  }

  private static void require(Fleet.Outcome outcome) throws StartException {
    if (outcome instanceof Fleet.Outcome.Refused(String reason)) {
      throw new StartException("the fleet's register refuses this process: " + reason);
    }
  }

  private Server server(Config.Place place, Optional<InetSocketAddress> live) {
    List<String> listen = new ArrayList<>();
    for (String address : addresses(place)) {
      listen.add(Rooms.url("http", new InetSocketAddress(address, config.viewers().http())));
      listen.add(Rooms.url("https", new InetSocketAddress(address, config.viewers().https())));
    }
    rtmp(place).forEach(one -> listen.add(Rooms.url("rtmp", one.address())));
    live.ifPresent(address -> listen.add(Rooms.url("live", address)));
    return new Server(
        edge(place),
        Server.Role.EDGE,
        place.location().id(),
        listen,
        List.of(place.address()),
        place.address6().stream().toList(),
        100,
        Server.State.ACTIVE);
  }

  /** Returns whether a server is one of these: those of other processes may have joined, too. */
  static boolean has(ServerStatus server) {
    return server.serverId().equals(DNS) || server.serverId().equals(edge(server.location()));
  }
}
