package warmfront.edge.step;

import java.net.InetAddress;
import java.util.Optional;

/** Knows where addresses are, on earth and on the Internet. Thread-safe; never waits. */
@FunctionalInterface
public interface Atlas {
  /** Knows of none. */
  Atlas NONE = _ -> Optional.empty();

  /**
   * Returns the country of an address.
   *
   * @return its code, two capital letters (ISO 3166-1); empty if it is in none that is known, as
   *     private addresses are
   */
  Optional<String> country(InetAddress address);

  /** Returns the number of the autonomous system that announces an address; 0 if not known. */
  default int system(InetAddress address) {
    return 0;
  }

  /** Returns where within its country an address is. */
  default Spot spot(InetAddress address) {
    return Spot.UNKNOWN;
  }

  /**
   * A place within a country; each part is empty if it is not known.
   *
   * @param city its English name
   * @param region the code of the country's part (what follows the dash in ISO 3166-2)
   * @param regionName the part's English name
   * @param latitude in degrees, as a decimal
   * @param longitude in degrees, as a decimal
   * @param metro the number of the television market, in the United States
   * @param postalCode as it is written there
   * @param timeZone its name in the IANA database
   */
  record Spot(
      String city,
      String region,
      String regionName,
      String latitude,
      String longitude,
      String metro,
      String postalCode,
      String timeZone) {
    /** Nothing is known. */
    public static final Spot UNKNOWN = new Spot("", "", "", "", "", "", "", "");
  }
}
