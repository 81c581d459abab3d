package warmfront.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import warmfront.distribution.Location;
import warmfront.routing.Ranking.Estimate;
import warmfront.routing.latency.LatencyTable;
import warmfront.routing.latency.PrefixMap;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.CandidateList;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.place.Countries;
import warmfront.rtt.Family;

/** For each range of viewers, the locations in the order in which they are near. Immutable. */
final class Geography {
  /**
   * What the order is made from.
   *
   * @param latency measured times, which count first
   * @param countries the viewers' countries, which count else
   * @param places where countries are
   */
  record Tables(LatencyTable latency, CountryRanges countries, Countries places) {
    boolean isEmpty() {
      return latency.rows().isEmpty() && countries.isEmpty();
    }
  }

  private record Ordered(Basis basis, List<Integer> order) {}

  /**
   * Why a range has the order that it has, for people.
   *
   * @param mapped the map's list, if that is what it rests on
   */
  record Reason(
      Basis basis, String detail, List<Estimate> estimates, Optional<CandidateList> mapped) {}

  private final List<Location> locations;
  private final Tables tables;
  private final Ranking ranking;
  private final Basis[] bases;
  private final int[][] orders;
  private final Mapped mapped;
  private final PrefixMap ipv4;
  private final PrefixMap ipv6;

  private Geography(
      List<Location> locations,
      Tables tables,
      Ranking ranking,
      List<Ordered> lists,
      Mapped mapped,
      Map<Family, PrefixMap> maps) {
    this.locations = locations;
    this.tables = tables;
    this.ranking = ranking;
    this.bases = lists.stream().map(Ordered::basis).toArray(Basis[]::new);
    this.orders =
        lists.stream()
            .map(list -> list.order().stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    this.mapped = mapped;
    this.ipv4 = maps.getOrDefault(Family.IPV4, Ranges.none(Family.IPV4).prefixes());
    this.ipv6 = maps.getOrDefault(Family.IPV6, Ranges.none(Family.IPV6).prefixes());
  }

  /**
   * Compiles the tables for these locations, and lays the latency map over them.
   *
   * @param locations in the order of their codes
   */
  static Geography of(List<Location> locations, Tables tables, Optional<LatencyMap> map) {
    Ranking ranking = new Ranking(locations, tables.places());
    List<Ordered> lists = new ArrayList<>();
    Map<Ordered, Integer> indexes = new HashMap<>();
    int[] byRow =
        intern(
            Basis.LATENCY,
            tables.latency().rows().size(),
            i -> ranking.byTimes(tables.latency().rows().get(i)),
            lists,
            indexes);
    int[] byCountry =
        intern(
            Basis.COUNTRY,
            tables.countries().codes().size(),
            i -> ranking.byCountry(tables.countries().codes().get(i)),
            lists,
            indexes);
    Mapped.Maker mapped = new Mapped.Maker(map, locations, lists.size());
    Map<Family, PrefixMap> maps = new HashMap<>();
    for (Family family : Family.values()) {
      Ranges measured = tables.latency().ranges(family).map(row -> byRow[row]);
      Ranges guessed = tables.countries().of(family).map(country -> byCountry[country]);
      maps.put(family, mapped.lay(family, measured.over(guessed)).prefixes());
    }
    return new Geography(locations, tables, ranking, lists, mapped.made(), maps);
  }

  /** Numbers the orders, equal ones equally, so that ranges of equal answers become one. */
  private static int[] intern(
      Basis basis,
      int count,
      IntFunction<Optional<List<Estimate>>> estimates,
      List<Ordered> lists,
      Map<Ordered, Integer> indexes) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      Optional<List<Estimate>> ranked = estimates.apply(i).filter(list -> !list.isEmpty());
      if (ranked.isEmpty()) {
        numbers[i] = Ranges.NONE;
        continue;
      }
      Ordered ordered = new Ordered(basis, ranked.get().stream().map(Estimate::location).toList());
      Integer known = indexes.putIfAbsent(ordered, lists.size());
      if (known == null) {
        lists.add(ordered);
      }
      numbers[i] = known == null ? lists.size() - 1 : known;
    }
    return numbers;
  }

  List<Location> locations() {
    return locations;
  }

  Tables tables() {
    return tables;
  }

  /** Returns the disjoint ranges of a family; a value is a list's number or {@link Ranges#NONE}. */
  PrefixMap ranges(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }

  /** Returns the map's lists, which come after those of the tables. */
  Mapped mapped() {
    return mapped;
  }

  /** Returns what a list of the tables rests on. */
  Basis basis(int list) {
    return bases[list];
  }

  /** Returns how many locations a list of the tables holds: all, or none for {@code NONE}. */
  int size(int list) {
    return list == Ranges.NONE ? 0 : orders[list].length;
  }

  /** Returns the index of a list's location at {@code rank}, nearest first, from 0. */
  int location(int list, int rank) {
    return orders[list][rank];
  }

  /** Returns why an address's range has its order; empty if nothing is known of the address. */
  Optional<Reason> reason(Family family, long bits) {
    PrefixMap ranges = ranges(family);
    int list = ranges.value(ranges.find(bits));
    return mapped.has(list)
        ? Optional.of(mapped.reason(list, tabled(family, bits)))
        : tabled(family, bits);
  }

  private Optional<Reason> tabled(Family family, long bits) {
    int row = tables.latency().ranges(family).value(bits);
    if (row != Ranges.NONE) {
      LatencyTable.Row found = tables.latency().rows().get(row);
      Optional<Reason> measured =
          ranking
              .byTimes(found)
              .map(list ->
                  new Reason(
                      Basis.LATENCY, "latency row " + found.prefix(), list, Optional.empty()));
      if (measured.isPresent()) {
        return measured;
      }
    }
    int country = tables.countries().of(family).value(bits);
    if (country == Ranges.NONE) {
      return Optional.empty();
    }
    String code = tables.countries().codes().get(country);
    return ranking
        .byCountry(code)
        .map(list -> new Reason(Basis.COUNTRY, "country " + code, list, Optional.empty()));
  }
}
