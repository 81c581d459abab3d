package warmfront.routing.place;

import com.maxmind.db.CHMCache;
import com.maxmind.db.DeserializationException;
import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import com.maxmind.db.Reader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where within their countries single addresses are: a file in MaxMind's DB format whose records
 * have {@code city}, {@code state1}, {@code postcode} and {@code timezone} (as the ip-location-db
 * packages do) or {@code city.names.en}, {@code subdivisions}, {@code postal.code} and {@code
 * location} (as MaxMind's own do). Mapped into memory and not read as a whole: what was not asked
 * for yet may cost a look at the disk. Thread-safe.
 */
public final class SpotDatabase implements Closeable {
  /**
   * A place; each part is empty if the database does not have it.
   *
   * @param city its English name
   * @param region the code of the first part of the country it is in, without the country's
   * @param regionName that part's English name
   * @param latitude in degrees, with five decimals
   * @param longitude in degrees, with five decimals
   * @param metro the number of the television market
   * @param postalCode as it is written there
   * @param timeZone its name in the IANA database
   */
  public record Spot(
      String city,
      String region,
      String regionName,
      String latitude,
      String longitude,
      String metro,
      String postalCode,
      String timeZone) {}

  private final Reader reader;

  private SpotDatabase(Reader reader) {
    this.reader = reader;
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read or is no database
   */
  public static SpotDatabase open(Path file) throws IOException {
    return new SpotDatabase(new Reader(file.toFile(), new CHMCache()));
  }

  /**
   * Returns where an address is; empty if the database does not have it.
   *
   * @throws IOException if the database is broken
   */
  public Optional<Spot> find(InetAddress address) throws IOException {
    try {
      return Optional.ofNullable(reader.get(address, Entry.class)).map(Entry::spot);
    } catch (DeserializationException broken) {
      throw new IOException("not a database of places", broken);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** What a record says. Public because the reader makes it by reflection. */
  public static final class Entry {
    private final Spot spot;

    /** Takes the two shapes that are in use. */
    @MaxMindDbConstructor
    public Entry(
        @MaxMindDbParameter(name = "city") @Nullable Object city,
        @MaxMindDbParameter(name = "state1") @Nullable Object state,
        @MaxMindDbParameter(name = "postcode") @Nullable Object postcode,
        @MaxMindDbParameter(name = "timezone") @Nullable Object zone,
        @MaxMindDbParameter(name = "latitude") @Nullable Object latitude,
        @MaxMindDbParameter(name = "longitude") @Nullable Object longitude,
        @MaxMindDbParameter(name = "subdivisions") @Nullable List<Object> parts,
        @MaxMindDbParameter(name = "postal") @Nullable Map<String, Object> postal,
        @MaxMindDbParameter(name = "location") @Nullable Map<String, Object> location) {
      @Nullable Object part = parts == null || parts.isEmpty() ? null : parts.getFirst();
      spot =
          new Spot(
              city instanceof Map<?, ?> ? english(city) : text(city),
              text(in(part, "iso_code")),
              part == null ? text(state) : english(part),
              degrees(latitude == null ? in(location, "latitude") : latitude),
              degrees(longitude == null ? in(location, "longitude") : longitude),
              text(in(location, "metro_code")),
              postal == null ? text(postcode) : text(postal.get("code")),
              zone == null ? text(in(location, "time_zone")) : text(zone));
    }

    private static String english(Object named) {
      return text(in(in(named, "names"), "en"));
    }

    private static @Nullable Object in(@Nullable Object map, String key) {
      return map instanceof Map<?, ?> values ? values.get(key) : null;
    }

    private static String text(@Nullable Object value) {
      return value instanceof String || value instanceof Number ? value.toString() : "";
    }

    private static String degrees(@Nullable Object value) {
      return value instanceof Number number
          ? String.format(Locale.ROOT, "%.5f", number.doubleValue())
          : "";
    }

    Spot spot() {
      return spot;
    }
  }
}
