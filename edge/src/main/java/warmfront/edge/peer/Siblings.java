package warmfront.edge.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Kind;
import warmfront.distribution.ListenAddress;
import warmfront.distribution.Rendezvous;
import warmfront.distribution.Server;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.ResultType;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/**
 * The servers of one location, as one of them sees them, or one of another location. Thread-safe;
 * {@link #apply} is called by one thread at a time.
 */
public final class Siblings {
  private final String own;
  private final long ownHash;
  private final String location;
  private final boolean outside;
  private final Limits limits;
  private final Clock clock;
  private final Map<Outcome, LongAdder> asked = new EnumMap<>(Outcome.class);
  private final Map<ResultType, LongAdder> served = new ConcurrentHashMap<>();
  private final LongAdder kept = new LongAdder();
  private final LongAdder alone = new LongAdder();
  private volatile Roster roster = new Roster(0, List.of(), Set.of(), null);

  /**
   * Who is there.
   *
   * @param ownWeight this server's own share; 0 if it owns nothing
   * @param others who may own something
   * @param known ids of the servers that may ask here
   * @param popularity of others' objects; null until there were others
   */
  private record Roster(
      int ownWeight, List<Sibling> others, Set<String> known, @Nullable Popularity popularity) {}

  /**
   * Makes the view of a server that is alone as yet.
   *
   * @param own its id in the fleet
   * @param location its location's code
   */
  public Siblings(String own, String location, Limits limits, Clock clock) {
    this(own, location, false, limits, clock);
  }

  /**
   * Makes the view of a server that is of another location: it owns nothing there, and keeps by
   * itself whatever it asks for.
   *
   * @param location their location's code
   */
  public static Siblings elsewhere(String location, Limits limits, Clock clock) {
    return new Siblings("", location, true, limits, clock);
  }

  private Siblings(String own, String location, boolean outside, Limits limits, Clock clock) {
    this.outside = outside;
    this.own = own;
    this.ownHash = Rendezvous.hash(own);
    this.location = location;
    this.limits = limits;
    this.clock = clock;
    for (Outcome outcome : Outcome.values()) {
      asked.put(outcome, new LongAdder());
    }
  }

  /** Takes who is registered; what is thought of those who stay remains. */
  public void apply(Snapshot snapshot) {
    Map<String, Sibling> before = new HashMap<>();
    roster.others().forEach(sibling -> before.put(sibling.id(), sibling));
    int ownWeight = 0;
    List<Sibling> others = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Server server : snapshot.all(Kind.SERVER, Server.class)) {
      if (server.role() != Server.Role.EDGE
          || server.state() == Server.State.REVOKED
          || !server.location().equals(location)) {
        continue;
      }
      int weight = server.state() == Server.State.ACTIVE ? server.weight() : 0;
      if (server.id().equals(own)) {
        ownWeight = weight;
        continue;
      }
      known.add(server.id());
      @Nullable InetSocketAddress address = address(server).orElse(null);
      if (weight > 0 && address != null) {
        @Nullable Sibling same = before.get(server.id());
        others.add(
            same != null && same.is(address, weight)
                ? same
                : new Sibling(server.id(), address, weight, limits, clock));
      }
    }
    @Nullable Popularity popularity = roster.popularity();
    if (popularity == null && !outside && !others.isEmpty()) {
      popularity = new Popularity(limits, clock);
    }
    roster = new Roster(ownWeight, List.copyOf(others), Set.copyOf(known), popularity);
  }

  /** A server that listens everywhere is reached where viewers are told that it is. */
  private static Optional<InetSocketAddress> address(Server server) {
    return server.listen().stream()
        .map(ListenAddress::parse)
        .filter(listen -> listen.scheme() == ListenAddress.Scheme.PEER)
        .flatMap(listen ->
            (listen.address().isAnyLocalAddress()
                    ? advertised(server)
                    : Stream.of(listen.address()))
                .map(address -> new InetSocketAddress(address, listen.port())))
        .findFirst();
  }

  private static Stream<InetAddress> advertised(Server server) {
    return Stream.concat(server.advertise4().stream(), server.advertise6().stream())
        .map(InetAddress::ofLiteral);
  }

  /** Returns who keeps an object, and counts that it was asked for if that is another server. */
  public Keeping keeping(CacheKey key) {
    Roster now = roster;
    if (now.others().isEmpty()) {
      return Keeping.HERE;
    }
    // Not the cache's own hash: each server has a key of its own for that.
    long hash = Rendezvous.hash(key.canonical());
    double ownScore = now.ownWeight() == 0 ? 0 : Rendezvous.score(hash, ownHash, now.ownWeight());
    @Nullable Sibling first = null;
    @Nullable Sibling second = null;
    double most = ownScore;
    double more = ownScore;
    for (int i = 0; i < now.others().size(); i++) {
      Sibling sibling = now.others().get(i);
      double score = sibling.score(hash);
      if (score <= more || !sibling.isUsable()) {
        continue;
      }
      if (score > most) {
        second = first;
        more = most;
        first = sibling;
        most = score;
      } else {
        second = sibling;
        more = score;
      }
    }
    if (first == null) {
      return Keeping.HERE;
    }
    boolean hot =
        outside
            || Objects.requireNonNull(now.popularity()).ask(key.high(), key.low())
                > limits.hotRequests();
    return new Keeping.There(second == null ? List.of(first) : List.of(first, second), hot);
  }

  /** Returns whether a server of this id may ask here. */
  public boolean isKnown(String id) {
    return roster.known().contains(id);
  }

  /** Takes leave to ask a server; who gets that says once what came of it. */
  public boolean begin(Sibling sibling) {
    return sibling.begin();
  }

  /** It answered: from its cache, or after it had asked the origin. */
  public void answered(Sibling sibling, boolean hit) {
    count(hit ? Outcome.HIT : Outcome.MISS);
    sibling.answered();
  }

  /**
   * It does not serve this.
   *
   * @param skip whether it is better not asked for a while
   */
  public void declined(Sibling sibling, boolean skip) {
    count(Outcome.DECLINED);
    if (skip) {
      sibling.failed();
    } else {
      sibling.answered();
    }
  }

  /** It was not reached, or gave no answer. */
  public void failed(Sibling sibling) {
    count(Outcome.FAILED);
    sibling.failed();
  }

  /** It was not asked after all, because this server itself has no room for it. */
  public void unasked(Sibling sibling) {
    sibling.ended();
  }

  private void count(Outcome outcome) {
    Objects.requireNonNull(asked.get(outcome)).increment(); // all are there
  }

  /** What another server answered is kept here, too. */
  public void kept() {
    kept.increment();
  }

  /** None of those who own an object could be asked for it. */
  public void alone() {
    alone.increment();
  }

  /**
   * A request of another server was answered.
   *
   * @param result what it was to the cache here
   */
  public void served(ResultType result) {
    served.computeIfAbsent(result, _ -> new LongAdder()).increment();
  }

  /** Returns what was done so far. */
  public Counts counts() {
    Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    asked.forEach((outcome, count) -> outcomes.put(outcome, count.sum()));
    Map<ResultType, Long> results = new EnumMap<>(ResultType.class);
    served.forEach((result, count) -> results.put(result, count.sum()));
    List<Sibling> others = roster.others();
    int skipped = (int) others.stream().filter(sibling -> !sibling.isUsable()).count();
    return new Counts(others.size(), skipped, outcomes, kept.sum(), alone.sum(), results);
  }
}
