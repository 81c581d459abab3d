package warmfront.routing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Kind;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.CandidateList;
import warmfront.routing.map.LatencyMap;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;
import warmfront.snapshot.Snapshot;

/**
 * Where a viewer who is at an edge already is served so much better that a detour pays: by what was
 * measured or by the operator's word, never by a guess. Thread-safe.
 */
public final class Detours {
  /** A redirect costs round trips to here and to there: what is won must be more, and be felt. */
  private static final double GAIN_MILLIS_MIN = 20;

  private static final double GAIN_SHARE_MIN = 1 / 3.0;

  private final Supplier<Optional<LatencyMap>> map;
  private volatile Map<String, PriceClass> classes = Map.of();

  /**
   * Makes detours that know of no location yet.
   *
   * @param map the newest latency map
   */
  public Detours(Supplier<Optional<LatencyMap>> map) {
    this.map = map;
  }

  /** Takes which locations there are. */
  public void apply(Snapshot snapshot) {
    classes =
        snapshot.all(Kind.LOCATION, Location.class).stream()
            .collect(Collectors.toUnmodifiableMap(Location::id, Location::priceClass));
  }

  /**
   * Returns the location that a viewer is to be sent to.
   *
   * @param viewer its address
   * @param here the code of the location where it is
   * @param asked of which price class the locations may be
   * @return a code; empty if the viewer is to stay
   */
  public Optional<String> better(InetAddress viewer, String here, PriceClass asked) {
    @Nullable LatencyMap now = map.get().orElse(null);
    if (now == null) {
      return Optional.empty();
    }
    long bits = Prefix.firstBits(viewer);
    Family family = viewer instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    int number = now.ranges(family).value(bits);
    return number == Ranges.NONE
        ? Optional.empty()
        : better(now.lists().get(number), now, here, asked);
  }

  private Optional<String> better(
      CandidateList list, LatencyMap now, String here, PriceClass asked) {
    int first = -1;
    int own = -1;
    for (int rank = 0; rank < list.size(); rank++) {
      String code = now.head().locations().get(list.location(rank));
      if (code.equals(here)) {
        own = rank;
      }
      if (first < 0 && !list.isAvoided(rank) && isOfClass(code, asked)) {
        first = rank;
      }
    }
    return first < 0 || first == own || !pays(list, first, own)
        ? Optional.empty()
        : Optional.of(now.head().locations().get(list.location(first)));
  }

  private boolean isOfClass(String code, PriceClass asked) {
    @Nullable PriceClass own = classes.get(code);
    return own != null && asked.includes(own);
  }

  /** Returns whether the way from one rank to another is worth it; {@code own} may be none. */
  private static boolean pays(CandidateList list, int first, int own) {
    boolean told =
        list.word() == CandidateList.Word.PIN
            || list.word() == CandidateList.Word.PREFER
            || (own >= 0 && list.isAvoided(own));
    if (told) {
      return true;
    }
    if (own < 0 || !list.isMeasured(first) || !list.isMeasured(own)) {
      return false;
    }
    double gain = list.millis(own) - list.millis(first);
    return gain > GAIN_MILLIS_MIN && gain > GAIN_SHARE_MIN * list.millis(own);
  }
}
