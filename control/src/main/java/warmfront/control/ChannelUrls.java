package warmfront.control;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import warmfront.distribution.Channel;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.ListenAddress.Scheme;
import warmfront.distribution.Server;

/**
 * Where a channel is published, played and fetched: lines with the ports that servers at its home
 * are registered with. All of these speak RTMP within TLS or without.
 */
final class ChannelUrls {
  private final Channel channel;
  private final String host;
  private final List<Server> home;

  /**
   * Looks at the servers of the fleet.
   *
   * @param zone the DNS zone, in which the channel has a name
   */
  ChannelUrls(Channel channel, String zone, List<Server> servers) {
    this.channel = channel;
    host = channel.hostName(zone);
    home =
        servers.stream()
            .filter(server -> server.location().equals(channel.location()))
            .filter(server -> server.state() != Server.State.REVOKED)
            .toList();
  }

  /**
   * Returns a name and a URL, or a name and what is missing, for each line.
   *
   * @param key the stream key, which ends URLs for publishing; empty where it is not known
   */
  List<List<String>> lines(String key) {
    List<List<String>> lines = new ArrayList<>();
    for (String at : places(Scheme.RTMP)) {
      String secret = key.isEmpty() ? "" : "/" + key;
      lines.add(List.of("publish", "rtmp://%s/live%s".formatted(at, secret)));
      lines.add(List.of("publish", "rtmps://%s/live%s".formatted(at, secret)));
      lines.add(List.of("play", "rtmp://%s/live/%s".formatted(at, channel.id())));
      lines.add(List.of("play", "rtmps://%s/live/%s".formatted(at, channel.id())));
    }
    if (lines.isEmpty()) {
      lines.add(List.of("publish", lacking("rtmp")));
    }
    List<String> origins = places(Scheme.LIVE);
    for (String at : origins) {
      lines.add(List.of("hls", "http://%s/%s/index.m3u8".formatted(at, channel.id())));
      lines.add(List.of("dash", "http://%s/%s/manifest.mpd".formatted(at, channel.id())));
      lines.add(List.of("flv", "http://%s/%s.flv".formatted(at, channel.id())));
    }
    if (origins.isEmpty()) {
      lines.add(List.of("hls", lacking("live")));
    }
    listeners(Scheme.LIVE)
        .map(Listener::port)
        .distinct()
        .forEach(port -> lines.add(List.of("origin", "%s port %d".formatted(host, port))));
    return lines;
  }

  private String lacking(String scheme) {
    return "no server at %s is registered with %s://".formatted(channel.location(), scheme);
  }

  private List<String> places(Scheme scheme) {
    return listeners(scheme).map(this::place).distinct().toList();
  }

  /** Where a server listens first for a scheme. */
  private record Listener(Server server, InetAddress address, int port) {}

  private Stream<Listener> listeners(Scheme scheme) {
    return home.stream()
        .flatMap(server ->
            server.listen().stream()
                .map(ListenAddress::parse)
                .filter(listen -> listen.scheme() == scheme)
                .limit(1)
                .map(listen -> new Listener(server, listen.address(), listen.port())));
  }

  /** Returns host and port: of an address of this machine alone itself, as no name leads there. */
  private String place(Listener listener) {
    String literal = listener.address.getHostAddress();
    boolean isHere =
        listener.address.isLoopbackAddress() && !listener.server.advertise4().contains(literal);
    String shown = !isHere ? host : literal.indexOf(':') < 0 ? literal : "[" + literal + "]";
    return shown + ":" + listener.port;
  }
}
