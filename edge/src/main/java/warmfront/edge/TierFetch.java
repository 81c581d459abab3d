package warmfront.edge;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Kind;
import warmfront.edge.Rooms.Peers.Heard;
import warmfront.edge.Rooms.Peers.Question;
import warmfront.edge.peer.Keeping;
import warmfront.edge.peer.Outcome;
import warmfront.edge.peer.Siblings;
import warmfront.edge.peer.Terrain;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Place;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Tier;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;

/**
 * Step 6 where another location is asked before the origin: the parent of a location as its
 * regional cache, and the one nearest to the region of an Origin Shield. Of another location the
 * server is asked that keeps the object there. Thread-safe; {@link #apply} is called by one thread
 * at a time.
 */
final class TierFetch {
  private final Function<String, Optional<Inside>> inside;
  private final Optional<Neighbours> neighbours;
  private final Map<Step, Rooms> rooms = new ConcurrentHashMap<>();
  private final Map<String, Map<Outcome, LongAdder>> asked = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock(); // guards what is in far
  private final Map<String, Far> far = new ConcurrentHashMap<>();
  private volatile Snapshot picture = Snapshot.empty();
  private volatile Terrain terrain = Terrain.of(Snapshot.empty());

  /**
   * A location of this process.
   *
   * @param rooms what viewers' requests go through there
   * @param place where they come in
   */
  record Inside(Rooms rooms, Place place) {}

  /** A location, asked as a tier. */
  private record Step(Tier tier, String location) {}

  /** The servers of a location elsewhere, and how they are asked. */
  record Far(Siblings siblings, PeerFetch fetch) {}

  /**
   * Makes it.
   *
   * @param inside finds the locations of this process
   * @param neighbours the way to other servers; empty if this one asks none
   */
  TierFetch(Function<String, Optional<Inside>> inside, Optional<Neighbours> neighbours) {
    this.inside = inside;
    this.neighbours = neighbours;
  }

  /** Takes where locations are, and who is registered there. */
  void apply(Snapshot next, List<Entry> changes) {
    if (!reaches(changes)) {
      return;
    }
    terrain = Terrain.of(next);
    lock.lock();
    try {
      picture = next;
      far.values().forEach(one -> one.siblings().apply(next));
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether changes may be such of where servers of the fleet are. */
  static boolean reaches(List<Entry> changes) {
    return changes.isEmpty()
        || changes.stream()
            .anyMatch(entry -> entry.kind() == Kind.LOCATION || entry.kind() == Kind.SERVER);
  }

  /** Returns whether a server of this id may ask here as an outer tier. */
  boolean isKnown(String id) {
    return terrain.isEdge(id);
  }

  /**
   * Returns what a location asks before the origin.
   *
   * @param reached as what it was asked itself; {@link Tier#LOCATION} for viewers' requests
   */
  Rooms.Tiers above(String location, Tier reached) {
    return (key, question, then, otherwise) -> {
      List<Step> steps = steps(location, reached, question.route());
      if (steps.isEmpty()) {
        otherwise.run();
      } else {
        new Climb(steps, key, question, then, otherwise).next();
      }
    };
  }

  private List<Step> steps(String location, Tier reached, Route route) {
    Terrain now = terrain;
    @Nullable String shield =
        reached == Tier.SHIELD
            ? null
            : route.origin().reach().shield().flatMap(now::shield).orElse(null);
    @Nullable String parent = reached == Tier.LOCATION ? now.parent(location).orElse(null) : null;
    if (shield == null && parent == null) {
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    if (parent != null && !parent.equals(shield) && !parent.equals(location)) {
      steps.add(new Step(Tier.REGION, parent));
    }
    if (shield != null && !shield.equals(location)) {
      steps.add(new Step(Tier.SHIELD, shield));
    }
    return steps;
  }

  /**
   * Returns the rooms for what others ask of a location of this process.
   *
   * @param results gets what each request was to the cache
   */
  Rooms rooms(String location, Tier tier, Consumer<ResultType> results) {
    Inside here = inside.apply(location).orElseThrow();
    return here.rooms().forPeers(results, above(location, tier));
  }

  /** Returns requests to other locations, by the code of the location and what came of them. */
  Map<String, Map<Outcome, Long>> counts() {
    Map<String, Map<Outcome, Long>> counts = new HashMap<>();
    asked.forEach((location, outcomes) -> {
      Map<Outcome, Long> sums = new EnumMap<>(Outcome.class);
      outcomes.forEach((outcome, count) -> sums.put(outcome, count.sum()));
      counts.put(location, Map.copyOf(sums));
    });
    return Map.copyOf(counts);
  }

  private void count(String location, Outcome outcome) {
    Map<Outcome, LongAdder> counts =
        asked.computeIfAbsent(
            location,
            _ -> {
              Map<Outcome, LongAdder> fresh = new EnumMap<>(Outcome.class);
              for (Outcome one : Outcome.values()) {
                fresh.put(one, new LongAdder());
              }
              return fresh;
            });
    Objects.requireNonNull(counts.get(outcome)).increment(); // all are there
  }

  private Optional<Far> far(String location) {
    @Nullable Far known = far.get(location);
    if (known != null || neighbours.isEmpty()) {
      return Optional.ofNullable(known);
    }
    lock.lock();
    try {
      return Optional.of(
          far.computeIfAbsent(
              location,
              _ -> {
                Far fresh = neighbours.get().elsewhere(location);
                fresh.siblings().apply(picture);
                return fresh;
              }));
    } finally {
      lock.unlock();
    }
  }

  /** One question, put to one tier after the other. Owned by whoever was called last. */
  private final class Climb {
    private final List<Step> steps;
    private final CacheKey key;
    private final Question question;
    private final Consumer<Heard> then;
    private final Runnable otherwise;
    private int asked;

    Climb(
        List<Step> steps,
        CacheKey key,
        Question question,
        Consumer<Heard> then,
        Runnable otherwise) {
      this.steps = steps;
      this.key = key;
      this.question = question;
      this.then = then;
      this.otherwise = otherwise;
    }

    void next() {
      if (asked == steps.size()) {
        otherwise.run();
        return;
      }
      Step step = steps.get(asked++);
      Question asTier = question.at(step.tier());
      Consumer<Heard> heard =
          said -> {
            count(step.location(), said.result() == ResultType.HIT ? Outcome.HIT : Outcome.MISS);
            then.accept(said);
          };
      Runnable lost =
          () -> {
            count(step.location(), Outcome.FAILED);
            next();
          };
      @Nullable Inside own = inside.apply(step.location()).orElse(null);
      if (own == null) {
        outside(step, asTier, heard, lost);
      } else {
        Rooms there =
            rooms.computeIfAbsent(step, one -> rooms(one.location(), one.tier(), _ -> {}));
        LocalFetch.ask(there, own.place(), asTier, heard, lost);
      }
    }

    private void outside(Step step, Question asTier, Consumer<Heard> heard, Runnable lost) {
      @Nullable Far there = far(step.location()).orElse(null);
      if (there != null && there.fetch().keeping(key) instanceof Keeping.There owners) {
        there.fetch().ask(owners, asTier, heard, lost);
      } else {
        lost.run();
      }
    }
  }
}
