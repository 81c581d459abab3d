package warmfront.routing;

import java.nio.file.Path;
import java.util.Optional;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.Grid;
import warmfront.routing.map.Terrain;
import warmfront.routing.place.Countries;
import warmfront.rtt.Family;

/** Reads the tables that a map maker knows addresses by. */
public final class TerrainFiles {
  private TerrainFiles() {}

  /**
   * The tables.
   *
   * @param systems which autonomous system announces an address ({@link
   *     warmfront.routing.place.SystemDatabase})
   * @param cities where addresses are ({@link warmfront.routing.place.CityDatabase}); counts before
   *     countries
   * @param countries in which country addresses are ({@link
   *     warmfront.routing.place.CountryDatabase})
   * @param kept the folder where it is kept what was made of them, for the next start; empty to
   *     make it anew each time
   */
  public record Tables(
      Optional<Path> systems,
      Optional<Path> cities,
      Optional<Path> countries,
      Optional<Path> kept) {}

  /** Reads what there is; a table that cannot be read is done without, with a loud word. */
  public static Terrain read(Tables tables) {
    SystemRanges systems = read(SystemRanges.FORM, tables.systems(), tables, SystemRanges.NONE);
    CityRanges cities = read(CityRanges.FORM, tables.cities(), tables, CityRanges.NONE);
    CountryRanges countries =
        read(CountryRanges.FORM, tables.countries(), tables, CountryRanges.NONE);
    Countries known = Countries.known();
    int[] cells =
        countries.codes().stream()
            .mapToInt(code -> known.find(code).map(Grid::cell).orElse(Ranges.NONE))
            .toArray();
    return new Terrain(
        systems.ipv4(),
        systems.ipv6(),
        cities.ipv4().over(countries.of(Family.IPV4).map(country -> cells[country])),
        cities.ipv6().over(countries.of(Family.IPV6).map(country -> cells[country])));
  }

  /** Returns what a table says; {@code nothing} if there is none, or it cannot be read. */
  static <T> T read(PackedFile.Form<T> form, Optional<Path> table, Tables tables, T nothing) {
    return table.flatMap(file -> TableFiles.packed(form, file, tables.kept())).orElse(nothing);
  }
}
