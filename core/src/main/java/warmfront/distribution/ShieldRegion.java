package warmfront.distribution;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A region of AWS as an Origin Shield names it, and where on earth it is: the place that AWS gives
 * for it, to a tenth of a degree.
 *
 * @param name as {@code us-east-1}
 * @param latitude degrees north
 * @param longitude degrees east
 */
public record ShieldRegion(String name, double latitude, double longitude) {
  private static final Map<String, ShieldRegion> ALL =
      Stream.of(
              new ShieldRegion("us-east-1", 38.9, -77.5),
              new ShieldRegion("us-east-2", 40.0, -83.0),
              new ShieldRegion("us-west-1", 37.4, -121.9),
              new ShieldRegion("us-west-2", 45.8, -119.7),
              new ShieldRegion("ca-central-1", 45.5, -73.6),
              new ShieldRegion("ca-west-1", 51.0, -114.1),
              new ShieldRegion("mx-central-1", 20.6, -100.4),
              new ShieldRegion("sa-east-1", -23.5, -46.6),
              new ShieldRegion("eu-west-1", 53.3, -6.3),
              new ShieldRegion("eu-west-2", 51.5, -0.1),
              new ShieldRegion("eu-west-3", 48.9, 2.4),
              new ShieldRegion("eu-central-1", 50.1, 8.7),
              new ShieldRegion("eu-central-2", 47.4, 8.5),
              new ShieldRegion("eu-north-1", 59.3, 18.1),
              new ShieldRegion("eu-south-1", 45.5, 9.2),
              new ShieldRegion("eu-south-2", 41.6, -0.9),
              new ShieldRegion("il-central-1", 32.1, 34.8),
              new ShieldRegion("me-south-1", 26.1, 50.6),
              new ShieldRegion("me-central-1", 24.5, 54.4),
              new ShieldRegion("af-south-1", -33.9, 18.4),
              new ShieldRegion("ap-south-1", 19.1, 72.9),
              new ShieldRegion("ap-south-2", 17.4, 78.5),
              new ShieldRegion("ap-southeast-1", 1.4, 103.8),
              new ShieldRegion("ap-southeast-2", -33.9, 151.2),
              new ShieldRegion("ap-southeast-3", -6.2, 106.8),
              new ShieldRegion("ap-southeast-4", -37.8, 145.0),
              new ShieldRegion("ap-southeast-5", 3.1, 101.7),
              new ShieldRegion("ap-southeast-7", 13.8, 100.5),
              new ShieldRegion("ap-east-1", 22.3, 114.2),
              new ShieldRegion("ap-east-2", 25.0, 121.5),
              new ShieldRegion("ap-northeast-1", 35.7, 139.7),
              new ShieldRegion("ap-northeast-2", 37.6, 127.0),
              new ShieldRegion("ap-northeast-3", 34.7, 135.5))
          .collect(Collectors.toUnmodifiableMap(ShieldRegion::name, Function.identity()));

  /** Returns the region of this name, if it is known. */
  public static Optional<ShieldRegion> named(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** Returns the names of all regions that are known, in ascending order. */
  public static List<String> names() {
    return ALL.keySet().stream().sorted().toList();
  }

  /**
   * Returns the location that stands for the region: the nearest, of equally near ones the first by
   * code; empty if there is none.
   */
  public Optional<Location> nearest(Collection<Location> locations) {
    return locations.stream()
        .min(Comparator.comparingDouble(this::haversine).thenComparing(Location::id));
  }

  /** Grows with the distance on the earth's surface. */
  private double haversine(Location location) {
    double north = Math.toRadians(location.latitude() - latitude);
    double east = Math.toRadians(location.longitude() - longitude);
    return square(Math.sin(north / 2))
        + Math.cos(Math.toRadians(latitude))
            * Math.cos(Math.toRadians(location.latitude()))
            * square(Math.sin(east / 2));
  }

  private static double square(double x) {
    return x * x;
  }
}
