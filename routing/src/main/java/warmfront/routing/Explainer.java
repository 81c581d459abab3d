package warmfront.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import warmfront.distribution.PriceClass;
import warmfront.routing.Explanation.Candidate;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.Choice;
import warmfront.routing.dns.Everywhere;
import warmfront.routing.dns.Service;
import warmfront.routing.dns.Site;
import warmfront.routing.dns.Steering;
import warmfront.routing.dns.Viewer;
import warmfront.routing.map.CandidateList;
import warmfront.routing.map.LatencyMap;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/** Takes the same steps as an answer and says what they were. */
final class Explainer {
  /** Stands for a distribution that any location may serve, when none is named. */
  private static final Site ANY =
      new Site(
          "",
          0,
          true,
          PriceClass.PRICE_CLASS_ALL,
          true,
          Steering.ANYWHERE,
          Service.NONE,
          Optional.empty());

  private final Steer steer;
  private final Function<String, Optional<Site>> sites;

  /**
   * Makes one.
   *
   * @param sites finds what is published, by its id
   */
  Explainer(Steer steer, Function<String, Optional<Site>> sites) {
    this.steer = steer;
    this.sites = sites;
  }

  Explanation explain(InetAddress address, Optional<String> distribution) {
    Optional<Site> site =
        distribution.isEmpty() ? Optional.of(ANY) : sites.apply(distribution.get());
    return site.map(found -> explain(address, found, distribution))
        .orElseGet(() -> new Explanation.NotPublished(distribution.orElseThrow()));
  }

  private Explanation explain(InetAddress address, Site site, Optional<String> distribution) {
    if (site.anycast().isPresent()) {
      return everywhere(address, site, site.anycast().get());
    }
    Viewer viewer = Viewer.resolver(address);
    Family family = viewer.family() == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
    long ipv4 = steer.decide(site, viewer, AddressFamily.IPV4);
    long ipv6 = steer.decide(site, viewer, AddressFamily.IPV6);
    boolean hasIpv4 = Decision.location(ipv4) >= 0;
    AddressFamily shown = hasIpv4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
    long decision = hasIpv4 ? ipv4 : ipv6;
    Geography.Reason reason =
        steer
            .geography()
            .reason(family, viewer.bits())
            .orElseGet(() -> unknown(address, viewer, family));
    Optional<String> location =
        Decision.location(decision) < 0
            ? Optional.empty()
            : Optional.of(steer.locations().get(Decision.location(decision)).id());
    return new Explanation.Routed(
        address,
        Decision.basis(decision),
        reason.detail(),
        range(family, viewer.bits(), Decision.scope(decision)).toString(),
        distribution,
        candidates(
            reason, site, shown, range(family, viewer.bits(), Decision.scope(decision)).bits()),
        location,
        addresses(site, ipv4, AddressFamily.IPV4),
        site.ipv6() ? addresses(site, ipv6, AddressFamily.IPV6) : List.of(),
        reason.mapped().map(this::mapped),
        steer.standing().isHealthIgnored(),
        steer.standing().isFreshnessIgnored());
  }

  private Explanation everywhere(InetAddress address, Site site, Everywhere anycast) {
    Choice ipv4 = new Choice();
    anycast.choose(site.hash(), AddressFamily.IPV4, ipv4);
    Choice ipv6 = new Choice();
    anycast.choose(site.hash(), AddressFamily.IPV6, ipv6);
    Family family = address.getAddress().length == 4 ? Family.IPV4 : Family.IPV6;
    return new Explanation.Routed(
        address,
        Basis.ANYCAST,
        "its addresses are announced everywhere: networks choose the location",
        range(family, 0, 0).toString(),
        Optional.of(site.id()),
        List.of(),
        Optional.empty(),
        ipv4.addresses(),
        site.ipv6() ? ipv6.addresses() : List.of(),
        Optional.empty(),
        steer.standing().isHealthIgnored(),
        steer.standing().isFreshnessIgnored());
  }

  private Explanation.Mapped mapped(CandidateList list) {
    LatencyMap map = steer.geography().mapped().map().orElseThrow();
    List<String> explored = new ArrayList<>();
    for (int rank = 0; rank < list.size(); rank++) {
      if (list.isExplored(rank)) {
        explored.add(map.head().locations().get(list.location(rank)));
      }
    }
    return new Explanation.Mapped(
        map.head().version(),
        map.head().createdMillis(),
        list.word(),
        explored,
        list.sharePerMille());
  }

  private Geography.Reason unknown(InetAddress address, Viewer viewer, Family family) {
    long unit = range(family, viewer.bits(), family.unitLength()).bits();
    List<Ranking.Estimate> spread =
        IntStream.range(0, steer.locations().size())
            .boxed()
            .sorted(Comparator.comparingDouble(location -> -steer.score(unit, location)))
            .map(location -> new Ranking.Estimate(location, Double.NaN, false))
            .toList();
    String detail =
        steer.geography().tables().isEmpty()
            ? "no table is loaded: spread over all locations by capacity"
            : address.getHostAddress()
                + " has no latency row and no country: spread over all locations by capacity";
    return new Geography.Reason(Basis.RENDEZVOUS, detail, spread, Optional.empty());
  }

  private static Prefix range(Family family, long bits, int length) {
    return new Prefix(family, length == 0 ? 0 : bits & (-1L << (Long.SIZE - length)), length);
  }

  private List<Candidate> candidates(
      Geography.Reason reason, Site site, AddressFamily family, long range) {
    List<Candidate> candidates = new ArrayList<>();
    for (Ranking.Estimate estimate : reason.estimates()) {
      OptionalDouble millis =
          Double.isNaN(estimate.millis())
              ? OptionalDouble.empty()
              : OptionalDouble.of(estimate.millis());
      candidates.add(
          new Candidate(
              steer.locations().get(estimate.location()).id(),
              millis,
              estimate.measured(),
              steer.exclusion(estimate.location(), site, family, range)));
    }
    return candidates;
  }

  private List<InetAddress> addresses(Site site, long decision, AddressFamily family) {
    if (Decision.location(decision) < 0) {
      return List.of();
    }
    Choice choice = new Choice();
    steer.pick(site, decision, family, choice);
    return choice.addresses();
  }
}
