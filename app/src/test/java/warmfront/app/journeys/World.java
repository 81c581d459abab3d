package warmfront.app.journeys;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import warmfront.routing.place.Coordinates;
import warmfront.routing.place.CountryDatabase;

/**
 * Twenty edge locations, fifty groups of viewers, and how far each is from each: great circles,
 * made longer by what a viewer's network does to its traffic, as seen on the Internet, where the
 * nearest location by the map is the best one for half of the viewers. Two groups lie in the same
 * network each. All of it follows from a seed.
 */
final class World {
  /** How many /24 of the same network are groups of their own. */
  private static final int GROUPS_PER_NETWORK = 2;

  private static final double FIBRE_MILLIS_PER_KM = 0.01;
  private static final double DETOUR_MEAN_LOG = Math.log(1.5);
  private static final double DETOUR_DEVIATION = 0.3;
  private static final double DETOUR_MIN = 1.15;

  /** The share of networks and locations that meet at a place far away from both. */
  private static final double BADLY_CONNECTED = 0.1;

  /** An edge location, and the address of its edge. */
  record Site(String code, String city, String country, Coordinates place, String address) {}

  /**
   * Viewers of one /24.
   *
   * @param country its code
   * @param prefix the first address of theirs
   * @param share of all traffic
   * @param millis round-trip time to each site
   */
  record Group(String city, String country, int prefix, double share, List<Double> millis) {
    double best() {
      return Collections.min(millis);
    }
  }

  private record City(String name, String country, double latitude, double longitude) {
    Coordinates place() {
      return new Coordinates(latitude, longitude);
    }
  }

  private static final List<City> SITES =
      List.of(
          new City("CMH Columbus", "US", 40.0, -82.9),
          new City("IAD Ashburn", "US", 39.0, -77.5),
          new City("SFO San Francisco", "US", 37.6, -122.4),
          new City("DFW Dallas", "US", 32.9, -97.0),
          new City("MIA Miami", "US", 25.8, -80.3),
          new City("GRU Sao Paulo", "BR", -23.4, -46.5),
          new City("SCL Santiago", "CL", -33.4, -70.8),
          new City("LHR London", "GB", 51.5, -0.5),
          new City("FRA Frankfurt", "DE", 50.0, 8.6),
          new City("CDG Paris", "FR", 49.0, 2.5),
          new City("MAD Madrid", "ES", 40.5, -3.6),
          new City("ARN Stockholm", "SE", 59.6, 17.9),
          new City("WAW Warsaw", "PL", 52.2, 21.0),
          new City("JNB Johannesburg", "ZA", -26.1, 28.2),
          new City("DXB Dubai", "AE", 25.3, 55.4),
          new City("BOM Mumbai", "IN", 19.1, 72.9),
          new City("SIN Singapore", "SG", 1.4, 104.0),
          new City("NRT Tokyo", "JP", 35.8, 140.4),
          new City("ICN Seoul", "KR", 37.5, 126.4),
          new City("SYD Sydney", "AU", -33.9, 151.2));

  private static final List<City> NETWORKS =
      List.of(
          new City("New York", "US", 40.7, -74.0),
          new City("Los Angeles", "US", 34.1, -118.2),
          new City("Chicago", "US", 41.9, -87.6),
          new City("Houston", "US", 29.8, -95.4),
          new City("Toronto", "CA", 43.7, -79.4),
          new City("Vancouver", "CA", 49.3, -123.1),
          new City("Mexico City", "MX", 19.4, -99.1),
          new City("Bogota", "CO", 4.7, -74.1),
          new City("Fortaleza", "BR", -3.7, -38.5),
          new City("Buenos Aires", "AR", -34.6, -58.4),
          new City("Manchester", "GB", 53.5, -2.2),
          new City("Munich", "DE", 48.1, 11.6),
          new City("Marseille", "FR", 43.3, 5.4),
          new City("Lisbon", "PT", 38.7, -9.1),
          new City("Rome", "IT", 41.9, 12.5),
          new City("Moscow", "RU", 55.8, 37.6),
          new City("Istanbul", "TR", 41.0, 29.0),
          new City("Cairo", "EG", 30.0, 31.2),
          new City("Lagos", "NG", 6.5, 3.4),
          new City("Delhi", "IN", 28.6, 77.2),
          new City("Jakarta", "ID", -6.2, 106.8),
          new City("Manila", "PH", 14.6, 121.0),
          new City("Osaka", "JP", 34.7, 135.5),
          new City("Perth", "AU", -32.0, 115.9),
          new City("Auckland", "NZ", -36.8, 174.8));

  private final List<Site> sites = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final Map<Integer, Integer> siteOf = new HashMap<>();
  private final Map<Integer, Integer> groupOf = new HashMap<>();

  private World() {}

  /**
   * Makes one of real addresses.
   *
   * @param countries which addresses are in which country
   * @param systems which autonomous system announces them: each network is one's own
   */
  static World of(long seed, Path countries, Path systems) throws IOException {
    return of(seed, prefixes(countries, announced(systems)));
  }

  /** Makes one of invented addresses, a /16 for each network. */
  static World of(long seed) {
    Map<String, List<Integer>> prefixes = new HashMap<>();
    for (City city : NETWORKS) {
      int next = 1 + (int) prefixes.values().stream().mapToLong(List::size).sum();
      prefixes.computeIfAbsent(city.country(), _ -> new ArrayList<>()).add(next << 16);
    }
    return of(seed, prefixes);
  }

  private static World of(long seed, Map<String, List<Integer>> prefixes) {
    World world = new World();
    for (City city : SITES) {
      String code = city.name().substring(0, 3);
      String address = "10.201.0." + (world.sites.size() + 1);
      world.siteOf.put(number(address), world.sites.size());
      world.sites.add(
          new Site(code, city.name().substring(4), city.country(), city.place(), address));
    }
    world.settle(new Random(seed), prefixes);
    return world;
  }

  private void settle(Random random, Map<String, List<Integer>> prefixes) {
    int count = NETWORKS.size() * GROUPS_PER_NETWORK;
    List<Integer> ranks = new ArrayList<>();
    double sum = 0;
    for (int i = 1; i <= count; i++) {
      ranks.add(i);
      sum += 1.0 / i;
    }
    Collections.shuffle(ranks, random);
    Map<String, Integer> used = new HashMap<>();
    for (City city : NETWORKS) {
      double[] millis = new double[sites.size()];
      for (int i = 0; i < millis.length; i++) {
        double detour =
            Math.max(
                DETOUR_MIN, Math.exp(DETOUR_MEAN_LOG + DETOUR_DEVIATION * random.nextGaussian()));
        double far = random.nextDouble() < BADLY_CONNECTED ? 2 : 1;
        double kilometres = city.place().kilometresTo(sites.get(i).place());
        millis[i] = 1 + kilometres * FIBRE_MILLIS_PER_KM * detour * far;
      }
      int network = used.merge(city.country(), 1, Integer::sum) - 1;
      int first = prefixes.getOrDefault(city.country(), List.of()).get(network);
      for (int i = 0; i < GROUPS_PER_NETWORK; i++) {
        double access = 2 + 8 * random.nextDouble();
        List<Double> own = DoubleStream.of(millis).map(one -> one + access).boxed().toList();
        int prefix = first + (i << 8);
        groupOf.put(prefix, groups.size());
        double share = 1.0 / ranks.get(groups.size()) / sum;
        groups.add(new Group(city.name(), city.country(), prefix, share, own));
      }
    }
  }

  /** Returns the number of the system that announces each range, by its first address. */
  private static NavigableMap<Long, String> announced(Path systems) throws IOException {
    NavigableMap<Long, String> found = new TreeMap<>();
    try (Stream<String> lines = Files.lines(systems)) {
      lines.forEach(line -> {
        String[] fields = line.split(",", 4);
        if (fields[0].indexOf(':') < 0) {
          found.put(Integer.toUnsignedLong(number(fields[0])), fields[2]);
        }
      });
    }
    return found;
  }

  /** Returns, for each country, networks of different systems that are in it. */
  private static Map<String, List<Integer>> prefixes(
      Path countries, NavigableMap<Long, String> systems) throws IOException {
    Map<String, List<Integer>> found = new HashMap<>();
    Set<String> used = new HashSet<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(countries))) {
      CountryDatabase.read(in)
          .forEach((address, length, country) -> {
            // Large ones: each is one owner's.
            if (address.getAddress().length == 4 && length <= 18) {
              List<Integer> own = found.computeIfAbsent(country, _ -> new ArrayList<>());
              int first = ByteBuffer.wrap(address.getAddress()).getInt();
              Map.Entry<Long, String> system = systems.floorEntry(Integer.toUnsignedLong(first));
              if (own.size() < 8 && system != null && used.add(system.getValue())) {
                own.add(first);
              }
            }
          });
    }
    return found;
  }

  static int number(String address) {
    return ByteBuffer.wrap(InetAddress.ofLiteral(address).getAddress()).getInt();
  }

  /** Returns the address of this number. */
  static InetAddress address(int number) throws IOException {
    return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(number).array());
  }

  List<Site> sites() {
    return List.copyOf(sites);
  }

  List<Group> groups() {
    return List.copyOf(groups);
  }

  /** Returns the index of the site at an address; negative if there is none. */
  int site(int address) {
    return siteOf.getOrDefault(address, -1);
  }

  /** Returns the index of the group that an address belongs to; negative if there is none. */
  int group(int address) {
    return groupOf.getOrDefault(address & 0xffffff00, -1);
  }
}
