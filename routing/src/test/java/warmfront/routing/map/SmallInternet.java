package warmfront.routing.map;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.Coordinates;
import warmfront.rtt.Family;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.ManualClock;

/**
 * An Internet for experiments, the same for the same seed: systems with ranges around a home, paths
 * to locations that are longer than geography has it by a system's own factor, a table of places
 * with gross errors, viewers by Zipf. Its times are stationary and alike within a system; it
 * compares ways of choosing, and says nothing of the real one.
 */
final class SmallInternet {
  private static final double GROSS_ERRORS = 0.12;
  private static final double DETOURS = 0.15;

  /**
   * How large it is.
   *
   * @param connections of all viewers in a minute
   */
  record Size(int systems, int prefixes, int locations, int connections) {}

  final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
  final List<Location> locations = new ArrayList<>();
  final Size size;
  final long[] units;
  final int[] systemOf;
  final double[] traffic;
  final float[][] trueMillis;
  final Terrain terrain;
  final MapMaker maker;
  private final Random random;
  private final int[] guessedCell;
  private final Coordinates[] homes;
  private final double[][] factors;
  private final double[][] detours;
  private final Coordinates[] places;
  private final double[] access;
  double exploredMillis;
  double millis;

  /** What it would have taken if all had been sent by the table of places. */
  double placeMillis;

  /** The location that is not there yet; negative if all are. */
  int absent = -1;

  double connections;

  SmallInternet(Size size, long seed) {
    this.size = size;
    random = new Random(seed);
    for (int i = 0; i < size.locations(); i++) {
      locations.add(location(i));
      indexes.put(locations.get(i).id(), i);
    }
    homes = new Coordinates[size.systems()];
    for (int i = 0; i < homes.length; i++) {
      homes[i] = somewhere();
    }
    units = new long[size.prefixes()];
    systemOf = new int[units.length];
    traffic = new double[units.length];
    guessedCell = new int[units.length];
    places = new Coordinates[units.length];
    access = new double[units.length];
    factors = new double[size.systems()][size.locations()];
    detours = new double[size.systems()][size.locations()];
    trueMillis = new float[units.length][size.locations()];
    for (int i = 0; i < homes.length; i++) {
      for (int j = 0; j < size.locations(); j++) {
        path(i, j);
      }
    }
    terrain = prefixes();
    for (int i = 0; i < units.length; i++) {
      for (int j = 0; j < size.locations(); j++) {
        trueMillis[i][j] = (float) truth(i, j);
      }
    }
    maker = new MapMaker(terrain, MapLimits.DEFAULT, clock);
  }

  private Location location(int i) {
    Coordinates at = somewhere();
    String code = "" + (char) ('A' + i / 676) + (char) ('A' + i / 26 % 26) + (char) ('A' + i % 26);
    return new Location(
        code,
        code,
        "ZZ",
        at.latitude(),
        at.longitude(),
        PriceClass.PRICE_CLASS_100,
        10,
        Optional.empty());
  }

  /** People and locations live in the same dozen regions. */
  private Coordinates somewhere() {
    double[][] regions = {
      {40, -80},
      {37, -120},
      {50, 5},
      {48, 15},
      {52, -1},
      {35, 138},
      {22, 114},
      {-23, -46},
      {19, 73},
      {1, 104},
      {-33, 150},
      {30, 31}
    };
    double[] region = regions[random.nextInt(regions.length)];
    return new Coordinates(
        Math.clamp(region[0] + random.nextGaussian() * 6, -80, 80),
        Math.clamp(region[1] + random.nextGaussian() * 8, -179, 179));
  }

  private void path(int system, int location) {
    factors[system][location] = 1.1 - 0.5 * Math.log(1 - random.nextDouble());
    detours[system][location] =
        random.nextDouble() < DETOURS ? -20 * Math.log(1 - random.nextDouble()) : 0;
  }

  private Terrain prefixes() {
    Ranges.Maker systems = new Ranges.Maker(Family.IPV4);
    Ranges.Maker cells = new Ranges.Maker(Family.IPV4);
    int made = 0;
    long unit = 0x010000;
    double sum = 0;
    for (int i = 0; i < homes.length; i++) {
      int left = homes.length - i - 1;
      int rest = size.prefixes() - made - left;
      int count = left == 0 ? rest : 1 + random.nextInt(Math.max(1, 2 * rest / (left + 1)));
      count = Math.min(count, rest);
      // Blocks are of a power of two units, as registries give them, and not full.
      long block = Long.highestOneBit(Math.max(1, 3L * count / 2)) * 2;
      long first = (unit + block - 1) / block * block;
      long after = first + block;
      unit = first;
      double spread = random.nextInt(8) == 0 ? 8 : 2;
      for (int j = 0; j < count; j++) {
        long free = after - unit - (count - j);
        unit += free == 0 ? 0 : random.nextLong(Math.min(free, 3) + 1);
        units[made] = unit++;
        systemOf[made] = i;
        places[made] =
            new Coordinates(
                Math.clamp(homes[i].latitude() + random.nextGaussian() * spread, -85, 85),
                Math.clamp(homes[i].longitude() + random.nextGaussian() * spread, -179, 179));
        boolean wrong = random.nextDouble() < GROSS_ERRORS;
        guessedCell[made] = Grid.cell(wrong ? homes[random.nextInt(homes.length)] : places[made]);
        access[made] = 2 + 6 * Math.exp(random.nextGaussian() * 0.5);
        cells.until(units[made], Ranges.NONE);
        cells.until(units[made] + 1, guessedCell[made]);
        traffic[made] = 1 / Math.pow(1 + random.nextInt(size.prefixes()), 0.8);
        sum += traffic[made++];
      }
      systems.until(first, Ranges.NONE);
      unit = after;
      systems.until(unit, 64_000 + i);
    }
    for (int i = 0; i < traffic.length; i++) {
      traffic[i] /= sum;
    }
    return new Terrain(
        systems.made(), Ranges.none(Family.IPV6), cells.made(), Ranges.none(Family.IPV6));
  }

  private double truth(int prefix, int location) {
    Location one = locations.get(location);
    double km = places[prefix].kilometresTo(new Coordinates(one.latitude(), one.longitude()));
    int system = systemOf[prefix];
    double noise = Math.exp(new Random(prefix * 1009L + location).nextGaussian() * 0.05);
    return (access[prefix] + km * 0.01 * factors[system][location] + detours[system][location])
        * noise;
  }

  /** Lives through a minute: viewers connect, edges report, an edition is made. */
  void minute() {
    Map<Integer, Map<Integer, List<Double>>> measured = new TreeMap<>();
    Optional<LatencyMap> map = maker.newest();
    for (int i = 0; i < units.length; i++) {
      int[] slots = new int[60];
      for (int left = poisson(traffic[i] * size.connections()); left > 0; left--) {
        slots[random.nextInt(slots.length)]++;
      }
      for (int slot = 0; slot < slots.length; slot++) {
        if (slots[slot] > 0) {
          connect(i, slot, slots[slot], map, measured);
        }
      }
    }
    clock.advance(Duration.ofMinutes(1));
    measured.forEach((location, rows) -> {
      List<Measured> report = new ArrayList<>();
      rows.forEach((prefix, logs) -> report.add(row(prefix, logs)));
      String code = locations.get(location).id();
      maker.take(new RttReport(code + "-1", code, 0, report));
    });
    maker.make(present(), Map.of());
  }

  private List<Location> present() {
    List<Location> present = new ArrayList<>(locations);
    if (absent >= 0) {
      present.remove(absent);
    }
    return present;
  }

  /** Returns the share of viewers whose best location is this one. */
  double shareWhoseBestIs(int location) {
    double share = 0;
    for (int i = 0; i < units.length; i++) {
      int best = 0;
      for (int j = 1; j < locations.size(); j++) {
        best = trueMillis[i][j] < trueMillis[i][best] ? j : best;
      }
      share += best == location ? traffic[i] : 0;
    }
    return share;
  }

  /** Returns the share of viewers that the newest map sends to a location. */
  double shareSentTo(int location) {
    double share = 0;
    for (int i = 0; i < units.length; i++) {
      int prefix = i;
      boolean mapped = maker.newest().flatMap(map -> list(map, prefix)).isPresent();
      share += mapped && given(maker.newest(), i) == location ? traffic[i] : 0;
    }
    return share;
  }

  private void connect(
      int prefix,
      int slot,
      int samples,
      Optional<LatencyMap> map,
      Map<Integer, Map<Integer, List<Double>>> measured) {
    int usual = given(map, prefix);
    int location = usual;
    Optional<CandidateList> list = map.flatMap(one -> list(one, prefix));
    if (list.isPresent()) {
      long time = clock.millis() / 1000 + slot;
      int rank = list.get().explored(range(map.get(), prefix), time);
      location = index(map.get(), list.get().location(rank));
    }
    connections += samples;
    millis += samples * trueMillis[prefix][location];
    placeMillis += samples * trueMillis[prefix][nearest(prefix)];
    exploredMillis += samples * (trueMillis[prefix][location] - trueMillis[prefix][usual]);
    List<Double> logs =
        measured
            .computeIfAbsent(location, _ -> new TreeMap<>())
            .computeIfAbsent(prefix, _ -> new ArrayList<>());
    for (int i = 0; i < samples; i++) {
      double queue = random.nextInt(20) == 0 ? 1 + 2 * random.nextDouble() : 1;
      double millis = trueMillis[prefix][location] * queue * Math.exp(random.nextGaussian() * 0.1);
      logs.add(Math.log(Math.min(millis * 1000, Measured.MICROS_MAX)));
    }
  }

  private long range(LatencyMap map, int prefix) {
    Ranges ranges = map.ranges(Family.IPV4);
    int low = 0;
    int high = ranges.steps() - 1;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (ranges.start(middle) <= units[prefix]) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return ranges.start(low);
  }

  private Measured row(int prefix, List<Double> logs) {
    double mean = logs.stream().mapToDouble(one -> one).average().orElseThrow();
    double squares = logs.stream().mapToDouble(one -> (one - mean) * (one - mean)).sum();
    return new Measured(viewers(prefix), logs.size(), mean, squares, 1);
  }

  Prefix viewers(int prefix) {
    return new Prefix(Family.IPV4, units[prefix] << 40, 24);
  }

  Optional<CandidateList> list(LatencyMap map, int prefix) {
    int list = map.ranges(Family.IPV4).value(units[prefix] << 40);
    return list == Ranges.NONE ? Optional.empty() : Optional.of(map.lists().get(list));
  }

  /** Returns where a range is sent: by the map, else by the table of places. */
  int given(Optional<LatencyMap> map, int prefix) {
    return map.flatMap(one -> list(one, prefix))
        .map(list -> index(map.orElseThrow(), list.location(0)))
        .orElseGet(() -> nearest(prefix));
  }

  private int index(LatencyMap map, int number) {
    return indexes.getOrDefault(map.head().locations().get(number), -1);
  }

  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<Integer, Integer> nearest = new HashMap<>();

  int nearest(int prefix) {
    return nearest.computeIfAbsent(
        guessedCell[prefix],
        cell -> {
          Coordinates from = Grid.middle(cell);
          int best = 0;
          for (int j = 1; j < locations.size(); j++) {
            best = millis(from, j) < millis(from, best) ? j : best;
          }
          return best;
        });
  }

  private double millis(Coordinates from, int location) {
    Location one = locations.get(location);
    return from.millisTo(new Coordinates(one.latitude(), one.longitude()));
  }

  private int poisson(double mean) {
    if (mean > 30) {
      return (int) Math.max(0, Math.round(mean + random.nextGaussian() * Math.sqrt(mean)));
    }
    double limit = Math.exp(-mean);
    int count = 0;
    for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
      count++;
    }
    return count;
  }

  /**
   * How viewers fare.
   *
   * @param optimal share at their best location
   * @param near share within 5 ms of it
   * @param far share more than 25 ms worse
   * @param meanMillis mean round-trip time
   */
  record Fare(double optimal, double near, double far, double meanMillis) {}

  Fare fare(Optional<LatencyMap> map) {
    double optimal = 0;
    double near = 0;
    double far = 0;
    double mean = 0;
    for (int i = 0; i < units.length; i++) {
      float[] row = trueMillis[i];
      double best = Double.MAX_VALUE;
      for (float one : row) {
        best = Math.min(best, one);
      }
      double own = row[given(map, i)];
      optimal += own == best ? traffic[i] : 0;
      near += own <= best + 5 ? traffic[i] : 0;
      far += own > best + 25 ? traffic[i] : 0;
      mean += own * traffic[i];
    }
    return new Fare(optimal, near, far, mean);
  }
}
