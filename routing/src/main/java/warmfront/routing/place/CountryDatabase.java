package warmfront.routing.place;

import com.maxmind.db.CHMCache;
import com.maxmind.db.DeserializationException;
import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which country an address is registered or announced in: a file in MaxMind's DB format whose
 * records have {@code country_code} (as the ip-location-db packages do) or {@code country.iso_code}
 * (as MaxMind's own do). Held in memory. Thread-safe.
 */
public final class CountryDatabase {
  /** Takes the networks of a database, in ascending order, IPv4 before IPv6. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one network.
     *
     * @param address its first address
     * @param length its prefix length, of 32 or 128 bits
     * @param country the code, two capital letters
     */
    void network(InetAddress address, int length, String country);
  }

  private final Reader reader;

  private CountryDatabase(Reader reader) {
    this.reader = reader;
  }

  /**
   * Reads a database into memory; the stream is left to the caller to close.
   *
   * @throws IOException if the stream fails or is not such a database
   */
  public static CountryDatabase read(InputStream in) throws IOException {
    return new CountryDatabase(new Reader(in, new CHMCache()));
  }

  /**
   * Returns the code of an address's country; empty if it has none, as private addresses.
   *
   * @throws IOException if the database is broken
   */
  public Optional<String> country(InetAddress address) throws IOException {
    try {
      @Nullable Entry entry = reader.get(address, Entry.class);
      return entry == null ? Optional.empty() : entry.code();
    } catch (DeserializationException broken) {
      throw new IOException("not a database of countries", broken);
    }
  }

  /**
   * Shows all networks that have a country.
   *
   * @throws IOException if the database is broken
   */
  public void forEach(Visitor visitor) throws IOException {
    NetworkWalk.forEach(
        reader,
        Entry.class,
        (address, length, entry) ->
            entry.code().ifPresent(code -> visitor.network(address, length, code)));
  }

  /** What a record says. Public because the reader makes it by reflection. */
  public static final class Entry {
    private final @Nullable String code;

    /** Takes the two shapes that are in use. */
    @MaxMindDbConstructor
    public Entry(
        @MaxMindDbParameter(name = "country_code") @Nullable String flat,
        @MaxMindDbParameter(name = "country") @Nullable Map<String, Object> nested) {
      Object code = flat != null ? flat : nested == null ? null : nested.get("iso_code");
      this.code = code instanceof String text && text.matches("[A-Z]{2}") ? text : null;
    }

    Optional<String> code() {
      return Optional.ofNullable(code);
    }
  }
}
