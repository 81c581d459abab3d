package warmfront.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.health.HealthLimits;
import warmfront.routing.health.Judgement;

/**
 * Which servers serve at the moment: the fleet, judged. If too many locations look dead, health is
 * ignored: rather a dead address than none, and rather our own ears than the world. Immutable.
 */
final class Standing {
  private final Map<String, Judgement> judgements;
  private final boolean healthIgnored;
  private final List<State> states;
  private final List<Pool> serving4 = new ArrayList<>();
  private final List<Pool> serving6 = new ArrayList<>();
  private final List<Pool> any4 = new ArrayList<>();
  private final List<Pool> any6 = new ArrayList<>();

  /** How a location is. */
  enum State {
    SERVING,
    /** It has no server with an address. */
    NO_SERVER,
    /** All its servers are draining or have no weight. */
    DRAINING,
    /** No server of it was heard to serve. */
    DEAD
  }

  private Standing(Fleet fleet, Map<String, Judgement> judgements, HealthLimits limits) {
    this.judgements = Map.copyOf(judgements);
    List<State> judged = new ArrayList<>();
    for (List<Fleet.Member> location : fleet.members()) {
      judged.add(state(location));
    }
    int dead = (int) judged.stream().filter(state -> state == State.DEAD).count();
    int meant =
        (int)
            fleet.members().stream()
                .filter(location -> location.stream().anyMatch(Fleet.Member::isMeantToServe))
                .count();
    this.healthIgnored = limits.isUnbelievable(dead, meant);
    this.states = List.copyOf(judged);
    for (List<Fleet.Member> location : fleet.members()) {
      serving4.add(pool(location, AddressFamily.IPV4, this::serves));
      serving6.add(pool(location, AddressFamily.IPV6, this::serves));
      any4.add(pool(location, AddressFamily.IPV4, _ -> true));
      any6.add(pool(location, AddressFamily.IPV6, _ -> true));
    }
  }

  /** Judges a fleet; a server without a judgement is hoped for. */
  static Standing of(Fleet fleet, Map<String, Judgement> judgements, HealthLimits limits) {
    return new Standing(fleet, judgements, limits);
  }

  private State state(List<Fleet.Member> location) {
    if (location.stream().allMatch(member -> member.addresses().isEmpty())) {
      return State.NO_SERVER;
    }
    List<Fleet.Member> meant = location.stream().filter(Fleet.Member::isMeantToServe).toList();
    if (meant.stream().anyMatch(member -> judgement(member).mayServe())) {
      return State.SERVING;
    }
    boolean dead = !meant.isEmpty() && meant.stream().allMatch(m -> judgement(m).isDead());
    return dead ? State.DEAD : State.DRAINING;
  }

  private boolean serves(Fleet.Member member) {
    Judgement judgement = judgement(member);
    return member.isMeantToServe()
        && (judgement.mayServe() || (healthIgnored && judgement.isDead()));
  }

  private Judgement judgement(Fleet.Member member) {
    return judgements.getOrDefault(member.id(), Judgement.HOPED_FOR);
  }

  private static Pool pool(
      List<Fleet.Member> location, AddressFamily family, Predicate<Fleet.Member> which) {
    List<Pool.Entry> entries = new ArrayList<>();
    for (Fleet.Member member : location) {
      if (which.test(member)) {
        for (InetAddress address : member.addresses()) {
          if (address.getAddress().length == family.bytes()) {
            entries.add(new Pool.Entry(address, Math.max(1, member.weight())));
          }
        }
      }
    }
    return new Pool(family, entries);
  }

  /** Returns the addresses of a location's servers that serve. */
  Pool serving(int location, AddressFamily family) {
    return (family == AddressFamily.IPV4 ? serving4 : serving6).get(location);
  }

  /** Returns the addresses of all its servers, for when no location serves. */
  Pool any(int location, AddressFamily family) {
    return (family == AddressFamily.IPV4 ? any4 : any6).get(location);
  }

  /** Returns whether any server at all has an address of a family. */
  boolean has(AddressFamily family) {
    return (family == AddressFamily.IPV4 ? any4 : any6).stream().anyMatch(pool -> !pool.isEmpty());
  }

  /** Returns how a location is, health not ignored. */
  State state(int location) {
    return states.get(location);
  }

  /** Returns whether too many locations look dead for it to be believed. */
  boolean isHealthIgnored() {
    return healthIgnored;
  }

  /** Returns what was thought of each server. */
  Map<String, Judgement> judgements() {
    return new HashMap<>(judgements);
  }
}
