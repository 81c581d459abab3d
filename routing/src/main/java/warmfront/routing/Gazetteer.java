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

  /** Made once, so that an answer costs no object. */
  private final List<Optional<String>> codes;

  Gazetteer(CountryRanges countries) {
    this.countries = countries;
    codes = countries.codes().stream().map(Optional::of).toList();
  }

  /** Reads the tables there are; one that cannot be read is done without, with a loud word. */
  public static Gazetteer read(TerrainFiles.Tables tables) {
    return new Gazetteer(
        TerrainFiles.read(CountryRanges.FORM, tables.countries(), tables, CountryRanges.NONE));
  }

  /**
   * Returns the country of an address, to /24 and /48.
   *
   * @return its code, two capital letters; empty if it is in none that is known
   */
  public Optional<String> country(InetAddress address) {
    Family family = address instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    int code = countries.of(family).value(Prefix.firstBits(address));
    return code == Ranges.NONE ? Optional.empty() : codes.get(code);
  }
}
