package warmfront.routing.place;

import com.maxmind.db.CHMCache;
import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where addresses are: a file in MaxMind's DB format whose records have {@code latitude} and {@code
 * longitude} (as the ip-location-db packages do) or {@code location.latitude} and {@code
 * location.longitude} (as MaxMind's own do), in degrees.
 */
public final class CityDatabase {
  /** Takes the networks of a database, in ascending order, IPv4 before IPv6. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes one network: its first address, its prefix length, and where it is. */
    void network(InetAddress address, int length, Coordinates place);
  }

  private CityDatabase() {}

  /**
   * Shows all networks of which a file says where they are.
   *
   * @throws IOException if it cannot be read or is broken
   */
  public static void forEach(Path file, Visitor visitor) throws IOException {
    try (Reader reader = new Reader(file.toFile(), new CHMCache())) {
      NetworkWalk.forEach(
          reader,
          Entry.class,
          (address, length, entry) ->
              entry.place().ifPresent(place -> visitor.network(address, length, place)));
    }
  }

  /** What a record says. Public because the reader makes it by reflection. */
  public static final class Entry {
    private final Optional<Coordinates> place;

    /** Takes the two shapes that are in use. */
    @MaxMindDbConstructor
    public Entry(
        @MaxMindDbParameter(name = "latitude") @Nullable Object latitude,
        @MaxMindDbParameter(name = "longitude") @Nullable Object longitude,
        @MaxMindDbParameter(name = "location") @Nullable Map<String, Object> nested) {
      Object north = latitude == null && nested != null ? nested.get("latitude") : latitude;
      Object east = longitude == null && nested != null ? nested.get("longitude") : longitude;
      this.place =
          north instanceof Number lat && east instanceof Number lon
              ? at(lat.doubleValue(), lon.doubleValue())
              : Optional.empty();
    }

    private static Optional<Coordinates> at(double latitude, double longitude) {
      boolean onEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
      return onEarth ? Optional.of(new Coordinates(latitude, longitude)) : Optional.empty();
    }

    Optional<Coordinates> place() {
      return place;
    }
  }
}
