package warmfront.routing;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import warmfront.routing.map.CandidateList;

/** Why a viewer is sent where it is sent: what {@code ./warmfront route} prints. */
public sealed interface Explanation {
  /**
   * A location in its place.
   *
   * @param location its code
   * @param millis how far it is thought to be, round trip in milliseconds; empty if unknown
   * @param measured whether that was measured, not guessed from the map
   * @param excluded why it is passed over; empty if it may be chosen
   */
  record Candidate(
      String location, OptionalDouble millis, boolean measured, Optional<String> excluded) {}

  /**
   * What the latency map says of a range.
   *
   * @param version the map's
   * @param createdMillis when it was made, in milliseconds since 1970
   * @param word what the operator said of the range
   * @param explored the locations that are explored
   * @param sharePerMille in how many of a thousand slots one of them is
   */
  record Mapped(
      long version,
      long createdMillis,
      CandidateList.Word word,
      List<String> explored,
      int sharePerMille) {
    public Mapped {
      explored = List.copyOf(explored);
    }
  }

  /**
   * The viewer is sent somewhere.
   *
   * @param viewer the address asked about
   * @param basis what the choice rests on
   * @param detail the same in words, as {@code country DE}
   * @param range the range that has this answer, as {@code 192.0.2.0/24}
   * @param distribution for which distribution; empty for one of all locations
   * @param candidates all locations in the order in which they are tried
   * @param location the location chosen; empty if none has an address
   * @param ipv4 the addresses that an A record gives
   * @param ipv6 the addresses that an AAAA record gives
   * @param mapped what the latency map says, if the choice rests on it
   * @param healthIgnored whether so many locations look dead that it is not believed
   * @param freshnessIgnored whether so few locations have the latest changes that all serve
   */
  record Routed(
      InetAddress viewer,
      Basis basis,
      String detail,
      String range,
      Optional<String> distribution,
      List<Candidate> candidates,
      Optional<String> location,
      List<InetAddress> ipv4,
      List<InetAddress> ipv6,
      Optional<Mapped> mapped,
      boolean healthIgnored,
      boolean freshnessIgnored)
      implements Explanation {
    public Routed {
      candidates = List.copyOf(candidates);
      ipv4 = List.copyOf(ipv4);
      ipv6 = List.copyOf(ipv6);
    }
  }

  /**
   * There is no such distribution, or it is not published yet.
   *
   * @param id the one asked about
   */
  record NotPublished(String id) implements Explanation {}
}
