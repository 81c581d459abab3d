package warmfront.routing.place;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Countries by their code (ISO 3166-1 alpha-2) and where most of their people are: a country is
 * asked for as one place, so the middle of its people serves better than the middle of its land.
 * Immutable.
 */
public final class Countries {
  private final Map<String, Coordinates> places;

  private Countries(Map<String, Coordinates> places) {
    this.places = Map.copyOf(places);
  }

  /** Returns the table that comes with this program. */
  public static Countries known() {
    try (InputStream in = Countries.class.getResourceAsStream("countries.csv")) {
      return read(Objects.requireNonNull(in, "countries.csv is part of this program"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("countries.csv is part of this program", unreadable);
    }
  }

  private static Countries read(InputStream in) throws IOException {
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      lines = reader.lines().toList();
    }
    Map<String, Coordinates> places = new HashMap<>();
    for (String line : lines) {
      if (!line.startsWith("#")) {
        List<String> parts = List.of(line.split(",", -1));
        double latitude = Double.parseDouble(parts.get(1));
        double longitude = Double.parseDouble(parts.get(2));
        places.put(parts.get(0), new Coordinates(latitude, longitude));
      }
    }
    return new Countries(places);
  }

  /** Returns where a country is; empty if the code is not a country's. */
  public Optional<Coordinates> find(String code) {
    return Optional.ofNullable(places.get(code));
  }

  /** Returns how many countries are known. */
  public int size() {
    return places.size();
  }
}
