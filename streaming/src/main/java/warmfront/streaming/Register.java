package warmfront.streaming;

import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Kind;
import warmfront.distribution.StreamingDistribution;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.streaming.play.Distributions;

/**
 * What a snapshot says of streaming: distributions by their names, the keys that may have signed
 * names of streams, and channels. An exact name beats a wildcard alias, and a longer wildcard a
 * shorter one, as for web distributions. Immutable.
 */
final class Register {
  private static final String WILDCARD = "*.";

  private final Map<String, Distributions.Streaming> byName;
  private final Map<String, PublicKey> keys;
  private final Lineup channels;

  /** The locations of this process. */
  private final Set<String> here;

  /** The servers that it is. */
  private final Set<String> own;

  private Register(
      Map<String, Distributions.Streaming> byName,
      Map<String, PublicKey> keys,
      Lineup channels,
      Set<String> here,
      Set<String> own) {
    this.byName = Map.copyOf(byName);
    this.keys = Map.copyOf(keys);
    this.channels = channels;
    this.here = Set.copyOf(here);
    this.own = Set.copyOf(own);
  }

  /**
   * Returns what says nothing.
   *
   * @param here the locations of this process
   * @param own the servers that it is
   */
  static Register empty(Set<String> here, Set<String> own) {
    return new Register(Map.of(), Map.of(), Lineup.empty(), here, own);
  }

  /**
   * Returns what the snapshot that follows says.
   *
   * @param changes what changed since; empty to compile all anew
   */
  Register next(Snapshot snapshot, List<Entry> changes) {
    boolean named = touch(changes, Kind.STREAMING_DISTRIBUTION);
    boolean keyed = touch(changes, Kind.PUBLIC_KEY);
    boolean tuned = touch(changes, Kind.CHANNEL) || touch(changes, Kind.SERVER);
    return named || keyed || tuned
        ? new Register(
            named ? names(snapshot) : byName,
            keyed ? keys(snapshot) : keys,
            tuned ? Lineup.of(snapshot, here, own) : channels,
            here,
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

  /** Returns the channels that are on. */
  Lineup channels() {
    return channels;
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
