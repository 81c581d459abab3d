package warmfront.routing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import warmfront.routing.latency.Ranges;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/** Says of single addresses what the tables say of ranges. Immutable. */
public final class Gazetteer {
  private final CountryRanges countries;
  private final SystemRanges systems;

  /** Made once, so that an answer costs no object. */
  private final List<Optional<String>> codes;

  Gazetteer(CountryRanges countries) {
    this(countries, SystemRanges.NONE);
  }

  private Gazetteer(CountryRanges countries, SystemRanges systems) {
    this.countries = countries;
    this.systems = systems;
    codes = countries.codes().stream().map(Optional::of).toList();
  }

  /**
   * Reads the table of countries; if it cannot be read it is done without, with a loud word. Others
   * are not read: few ask for them.
   */
  public static Gazetteer read(TerrainFiles.Tables tables) {
    return new Gazetteer(
        TerrainFiles.read(CountryRanges.FORM, tables.countries(), tables, CountryRanges.NONE));
  }

  /** Returns what this says, and what the table of systems says; done without like countries. */
  public Gazetteer withSystems(TerrainFiles.Tables tables) {
    return new Gazetteer(
        countries,
        TerrainFiles.read(SystemRanges.FORM, tables.systems(), tables, SystemRanges.NONE));
  }

  /**
   * Returns the country of an address, to /24 and /56.
   *
   * @return its code, two capital letters; empty if it is in none that is known
   */
  public Optional<String> country(InetAddress address) {
    Family family = family(address);
    int code = countries.of(family).value(Prefix.firstBits(address));
    return code == Ranges.NONE ? Optional.empty() : codes.get(code);
  }

  /**
   * Returns the number of the autonomous system that announces an address, to /24 and /56; 0 if
   * none is known.
   */
  public int system(InetAddress address) {
    Ranges ranges = family(address) == Family.IPV4 ? systems.ipv4() : systems.ipv6();
    return Math.max(ranges.value(Prefix.firstBits(address)), 0);
  }

  private static Family family(InetAddress address) {
    return address instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
  }
}
