package warmfront.streaming;

import static java.util.stream.Collectors.toMap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Server;
import warmfront.snapshot.Snapshot;
import warmfront.streaming.live.Channels;
import warmfront.streaming.segment.Cadence;

/** The channels that are on. Immutable. */
final class Lineup implements Channels {
  /** Channels that are at home here, by the hashes of their keys. */
  private final Map<String, String> byKey = new HashMap<>();

  private final Map<String, Show> byName = new HashMap<>();

  /**
   * A channel that is on.
   *
   * @param cadence how it is cut
   * @param recording where it is recorded to
   * @param homes the live origins of other servers that may have it
   */
  private record Show(
      Cadence cadence, Optional<Channel.Recording> recording, List<InetSocketAddress> homes) {}

  private Lineup() {}

  static Lineup empty() {
    return new Lineup();
  }

  /**
   * Reads what a snapshot says.
   *
   * @param here the locations of this process
   * @param own the servers that it is
   */
  static Lineup of(Snapshot snapshot, Set<String> here, Set<String> own) {
    Map<String, List<InetSocketAddress>> origins = new HashMap<>();
    for (Server server : snapshot.all(Kind.SERVER, Server.class)) {
      if (server.state() != Server.State.REVOKED && !own.contains(server.id())) {
        liveOrigin(server)
            .ifPresent(address ->
                origins.computeIfAbsent(server.location(), _ -> new ArrayList<>()).add(address));
      }
    }
    Lineup lineup = new Lineup();
    for (Channel channel : snapshot.all(Kind.CHANNEL, Channel.class)) {
      if (channel.enabled()) {
        if (here.contains(channel.location())) {
          lineup.byKey.put(channel.keyHash(), channel.id());
        }
        lineup.byName.put(
            channel.id(),
            new Show(
                Cadence.of(channel.segment(), channel.part()),
                channel.recording(),
                List.copyOf(origins.getOrDefault(channel.location(), List.of()))));
      }
    }
    return lineup;
  }

  /** A channel's name has the addresses that viewers are told; so has its relay. */
  private static Optional<InetSocketAddress> liveOrigin(Server server) {
    return server.listen().stream()
        .map(ListenAddress::parse)
        .filter(listen -> listen.scheme() == ListenAddress.Scheme.LIVE)
        .map(listen ->
            new InetSocketAddress(
                server.advertise4().stream()
                    .findFirst()
                    .map(InetAddress::ofLiteral)
                    .orElse(listen.address()),
                listen.port()))
        .findFirst();
  }

  @Override
  public Optional<String> ofKey(String key) {
    return Optional.ofNullable(byKey.get(Channel.hash(key)));
  }

  @Override
  public boolean isOn(String name) {
    return byName.containsKey(name);
  }

  /** Returns how a channel is cut into segments; the usual way if it is not on. */
  Cadence cadence(String channel) {
    @Nullable Show show = byName.get(channel);
    return show == null ? Cadence.STANDARD : show.cadence();
  }

  /** Returns the live origins of other servers where a channel is at home. */
  List<InetSocketAddress> homes(String channel) {
    @Nullable Show show = byName.get(channel);
    return show == null ? List.of() : show.homes();
  }

  /** Returns which channels are recorded, and where to. */
  Map<String, Channel.Recording> recordings() {
    return byName.entrySet().stream()
        .filter(entry -> entry.getValue().recording().isPresent())
        .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().recording().orElseThrow()));
  }
}
