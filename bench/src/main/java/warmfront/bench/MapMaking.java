package warmfront.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.Grid;
import warmfront.routing.map.LatencyMap;
import warmfront.routing.map.MapLimits;
import warmfront.routing.map.MapMaker;
import warmfront.routing.map.Terrain;
import warmfront.routing.place.Coordinates;
import warmfront.rtt.Family;
import warmfront.rtt.MapEdition;
import warmfront.rtt.Measured;
import warmfront.rtt.Prefix;
import warmfront.rtt.RttReport;
import warmfront.time.Clock;

/**
 * What it costs to make latency maps of a large network and to load them: {@code ./warmfront bench
 * map}. Ranges lie in blocks of their systems, and are measured from twelve locations each.
 */
public final class MapMaking {
  private static final int LOCATIONS = 400;
  private static final int MEASURED = 12;
  private static final int TOGETHER = 20;
  private static final int CHANGED_SHARE = 100;
  private static final int ROUNDS = 9;

  /** Until then code is compiled and ranges are still new. */
  private static final int ROUNDS_NEW = 2;

  /** Windows until another location that is better has been so for long enough. */
  private static final int ROUNDS_MOVING = 7;

  /** The location that all move to, by the order in which they were near at first. */
  private static final int BETTER = 3;

  private static final double NANOS_PER_MILLI = 1e6;

  private final Random random = new Random(1);
  private final int prefixes;

  /** So many ranges in a row are of one system, and at one place. */
  private final int perSystem;

  private final List<Location> locations = new ArrayList<>();
  private final MapMaker maker;

  /** Which of its twelve locations a range is nearest to. */
  private int nearest;

  private MapMaking(int prefixes, int perSystem) {
    this.prefixes = prefixes;
    this.perSystem = perSystem;
    for (int i = 0; i < LOCATIONS; i++) {
      locations.add(location(i));
    }
    maker = new MapMaker(terrain(), MapLimits.DEFAULT, Clock.system());
  }

  /**
   * Makes maps and writes the last one to a file, of ranges that lie together as they are near, or
   * of such that do not, or has all of these move at once, or loads a map: {@code
   * together|apart|moving|load FILE PREFIXES}.
   */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    switch (args[0]) {
      case "together" -> new MapMaking(Integer.parseInt(args[2]), TOGETHER).make(file);
      case "apart" -> new MapMaking(Integer.parseInt(args[2]), 1).make(file);
      case "moving" -> new MapMaking(Integer.parseInt(args[2]), 1).move();
      default -> load(file);
    }
  }

  private void make(Path file) throws IOException {
    maker.make(locations, Map.of());
    long begun = processor();
    measure(1);
    System.out.printf(
        Locale.ROOT, "take %,d rows: %.0f ms of CPU%n", (long) prefixes * MEASURED, used(begun));
    MapMaker.Made made = null;
    List<Double> usual = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      begun = processor();
      Optional<MapMaker.Made> now = maker.make(locations, Map.of());
      double used = used(begun);
      System.out.printf(Locale.ROOT, "make, round %d: %.0f ms of CPU%n", round + 1, used);
      if (round >= ROUNDS_NEW) {
        usual.add(used);
      }
      made = now.orElse(made);
      measure(CHANGED_SHARE);
    }
    usual.sort(Comparator.naturalOrder());
    System.out.printf(
        Locale.ROOT, "make, in the median: %.0f ms of CPU%n", usual.get(usual.size() / 2));
    System.out.printf(
        Locale.ROOT, "memory of measurements: %.1f MB%n", maker.measurementBytes() / 1e6);
    LatencyMap map = maker.newest().orElseThrow();
    int prefixesOfMap = map.ranges(Family.IPV4).prefixes().size();
    System.out.printf(
        Locale.ROOT, "ranges of the map: %,d, lists: %,d%n", prefixesOfMap, map.lists().size());
    MapEdition whole = map.edition();
    System.out.printf(Locale.ROOT, "whole edition: %,d bytes%n", whole.content().remaining());
    if (made != null && made.change().isPresent()) {
      System.out.printf(
          Locale.ROOT,
          "change after %d %% was measured anew: %,d bytes%n",
          100 / CHANGED_SHARE,
          made.change().get().content().remaining());
    }
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer content = whole.content();
      while (content.hasRemaining()) {
        out.write(content);
      }
    }
  }

  /** Has all ranges move at once: more want to than may, so an edition is written twice. */
  private void move() {
    maker.make(locations, Map.of());
    measure(1);
    for (int round = 0; round < ROUNDS_NEW; round++) {
      maker.make(locations, Map.of());
    }
    nearest = BETTER;
    for (int round = 0; round < ROUNDS_MOVING; round++) {
      measure(1);
      long moved = maker.counts().moved();
      long begun = processor();
      maker.make(locations, Map.of());
      System.out.printf(
          Locale.ROOT,
          "make, %,d ranges move: %.0f ms of CPU%n",
          maker.counts().moved() - moved,
          used(begun));
    }
  }

  private static void load(Path file) throws IOException {
    long begun = System.nanoTime();
    LatencyMap.Read read = LatencyMap.read(ByteBuffer.wrap(Files.readAllBytes(file)));
    double loaded = since(begun);
    if (!(read instanceof LatencyMap.Read.Sound(LatencyMap map))) {
      throw new IOException("not a map: " + read);
    }
    begun = System.nanoTime();
    int ranges = map.ranges(Family.IPV4).prefixes().size();
    System.out.printf(
        Locale.ROOT,
        "load by a cold JVM: %.0f ms, and %.0f ms for %,d prefixes%n",
        loaded,
        since(begun),
        ranges);
  }

  /** Measures one range in {@code share}, each from its twelve locations. */
  private void measure(int share) {
    List<List<Measured>> rows = new ArrayList<>();
    locations.forEach(_ -> rows.add(new ArrayList<>()));
    for (int i = 0; i < prefixes; i++) {
      if (random.nextInt(share) != 0) {
        continue;
      }
      int home = home(i / perSystem);
      for (int j = 0; j < MEASURED; j++) {
        int far = (j - nearest + MEASURED) % MEASURED;
        double millis = 8 + 3 * far + 6 * random.nextDouble();
        int location = (home + j) % LOCATIONS;
        rows.get(location)
            .add(new Measured(viewers(i), 4, Math.log(millis * 1000), 0.1, (int) (millis * 1000)));
        if (rows.get(location).size() == RttReport.ROWS_MAX) {
          report(location, rows.get(location));
        }
      }
    }
    for (int location = 0; location < LOCATIONS; location++) {
      report(location, rows.get(location));
    }
  }

  private int servers;

  private void report(int location, List<Measured> rows) {
    maker.take(new RttReport("s" + servers++, locations.get(location).id(), 0, rows));
    rows.clear();
  }

  /** Every second unit from 1.0.0.0 on is measured. */
  private static Prefix viewers(int i) {
    return new Prefix(Family.IPV4, (0x010000L + 2L * i) << 40, 24);
  }

  private Terrain terrain() {
    Ranges.Maker systems = new Ranges.Maker(Family.IPV4);
    Ranges.Maker places = new Ranges.Maker(Family.IPV4);
    systems.until(0x010000, Ranges.NONE);
    places.until(0x010000, Ranges.NONE);
    for (int i = 0; i < prefixes / perSystem; i++) {
      long end = 0x010000 + 2L * perSystem * (i + 1);
      Location home = locations.get(home(i));
      systems.until(end, 1 + i);
      places.until(end, Grid.cell(new Coordinates(home.latitude(), home.longitude())));
    }
    Ranges none = Ranges.none(Family.IPV6);
    return new Terrain(systems.made(), none, places.made(), none);
  }

  private Location location(int i) {
    String code = "" + (char) ('A' + i / 676) + (char) ('A' + i / 26 % 26) + (char) ('A' + i % 26);
    return new Location(
        code,
        code,
        "ZZ",
        0,
        i * 0.85 - 170, // 95 km apart
        PriceClass.PRICE_CLASS_100,
        10,
        Optional.empty());
  }

  /** Returns the location that a system is near to: neighbours are near to others. */
  private static int home(int system) {
    return (int) (system * 173L % LOCATIONS);
  }

  /** Returns the CPU time of this process: on a machine that others use, too, it alone counts. */
  private static long processor() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double used(long begun) {
    return (processor() - begun) / NANOS_PER_MILLI;
  }

  private static double since(long begun) {
    return (System.nanoTime() - begun) / NANOS_PER_MILLI;
  }
}
