package warmfront.streaming;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Channel;
import warmfront.distribution.Kind;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Server;
import warmfront.distribution.StreamingDistribution;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.streaming.live.Channels;
import warmfront.streaming.play.Distributions;
import warmfront.streaming.segment.Cadence;

/**
 * What a snapshot says of streaming: distributions by their names, the keys that may have signed
 * names of streams, and channels. An exact name beats a wildcard alias, and a longer wildcard a
 * shorter one, as for web distributions. Immutable.
 */
final class Register implements Channels {
  private static final String WILDCARD = "*.";

  private final Map<String, Distributions.Streaming> byName;
  private final Map<String, PublicKey> keys;

  /** Channels that are on, by the hash of their keys. */
  private final Map<String, String> channels;

  /** How channels that are on are cut, by their names. */
  private final Map<String, Cadence> cadences;

  /** The live origins of other servers that may have channels that are on, by their names. */
  private final Map<String, List<InetSocketAddress>> homes;

  /** The servers that this process is. */
  private final Set<String> own;

  private Register(
      Map<String, Distributions.Streaming> byName,
      Map<String, PublicKey> keys,
      Map<String, String> channels,
      Map<String, Cadence> cadences,
      Map<String, List<InetSocketAddress>> homes,
      Set<String> own) {
    this.byName = Map.copyOf(byName);
    this.keys = Map.copyOf(keys);
    this.channels = Map.copyOf(channels);
    this.cadences = Map.copyOf(cadences);
    this.homes = Map.copyOf(homes);
    this.own = Set.copyOf(own);
  }

  /**
   * Returns what says nothing.
   *
   * @param own the servers that this process is
   */
  static Register empty(Set<String> own) {
    return new Register(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), own);
  }

  /**
   * Returns what the snapshot that follows says.
   *
   * @param changes what changed since; empty to compile all anew
   */
  Register next(Snapshot snapshot, List<Entry> changes) {
    boolean named = touch(changes, Kind.STREAMING_DISTRIBUTION);
    boolean keyed = touch(changes, Kind.PUBLIC_KEY);
    boolean tuned = touch(changes, Kind.CHANNEL);
    boolean housed = tuned || touch(changes, Kind.SERVER);
    return named || keyed || housed
        ? new Register(
            named ? names(snapshot) : byName,
            keyed ? keys(snapshot) : keys,
            tuned ? channels(snapshot) : channels,
            tuned ? cadences(snapshot) : cadences,
            housed ? homes(snapshot) : homes,
            own)
        : this;
  }

  private static boolean touch(List<Entry> changes, Kind kind) {
    return changes.isEmpty() || changes.stream().anyMatch(entry -> entry.kind() == kind);
  }

  private static Map<String, Distributions.Streaming> names(Snapshot snapshot) {
    Map<String, Distributions.Streaming> names = new HashMap<>();
    for (StreamingDistribution one :
        snapshot.all(Kind.STREAMING_DISTRIBUTION, StreamingDistribution.class)) {
      if (one.enabled()) {
        var found = new Distributions.Streaming(one.id(), one.signed());
        names.put(one.domainName(), found);
        one.aliases().forEach(alias -> names.put(alias, found));
      }
    }
    return names;
  }

  private static Map<String, PublicKey> keys(Snapshot snapshot) {
    Map<String, PublicKey> keys = new HashMap<>();
    snapshot
        .all(Kind.PUBLIC_KEY, warmfront.distribution.PublicKey.class)
        .forEach(key -> keys.put(key.id(), key.decoded()));
    return keys;
  }

  private static Map<String, String> channels(Snapshot snapshot) {
    Map<String, String> channels = new HashMap<>();
    for (Channel channel : snapshot.all(Kind.CHANNEL, Channel.class)) {
      if (channel.enabled()) {
        channels.put(channel.keyHash(), channel.id());
      }
    }
    return channels;
  }

  private static Map<String, Cadence> cadences(Snapshot snapshot) {
    Map<String, Cadence> cadences = new HashMap<>();
    for (Channel channel : snapshot.all(Kind.CHANNEL, Channel.class)) {
      if (channel.enabled()) {
        cadences.put(channel.id(), Cadence.of(channel.segment(), channel.part()));
      }
    }
    return cadences;
  }

  private Map<String, List<InetSocketAddress>> homes(Snapshot snapshot) {
    Map<String, List<InetSocketAddress>> origins = new HashMap<>();
    for (Server server : snapshot.all(Kind.SERVER, Server.class)) {
      if (server.state() != Server.State.REVOKED && !own.contains(server.id())) {
        liveOrigin(server)
            .ifPresent(address ->
                origins.computeIfAbsent(server.location(), _ -> new ArrayList<>()).add(address));
      }
    }
    Map<String, List<InetSocketAddress>> homes = new HashMap<>();
    for (Channel channel : snapshot.all(Kind.CHANNEL, Channel.class)) {
      if (channel.enabled()) {
        homes.put(channel.id(), List.copyOf(origins.getOrDefault(channel.location(), List.of())));
      }
    }
    return homes;
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

  /** Returns the live origins of other servers where a channel is at home. */
  List<InetSocketAddress> homes(String channel) {
    return homes.getOrDefault(channel, List.of());
  }

  /** Returns how a channel is cut into segments; the usual way if it is not on. */
  Cadence cadence(String channel) {
    return cadences.getOrDefault(channel, Cadence.STANDARD);
  }

  @Override
  public Optional<String> ofKey(String key) {
    return Optional.ofNullable(channels.get(Channel.hash(key)));
  }

  @Override
  public boolean isOn(String name) {
    return cadences.containsKey(name);
  }

  /** Returns the key of an id. */
  Optional<PublicKey> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  /**
   * Returns what has a name.
   *
   * @param web whether it is one of a web distribution
   */
  Distributions.Named named(String host, Predicate<String> web) {
    Distributions.@Nullable Streaming found = byName.get(host);
    for (int dot = host.indexOf('.'); found == null && dot > 0; dot = host.indexOf('.', dot + 1)) {
      found = byName.get(WILDCARD + host.substring(dot + 1));
    }
    if (found != null) {
      return found;
    }
    return web.test(host) ? new Distributions.Web() : new Distributions.Unknown();
  }
}
