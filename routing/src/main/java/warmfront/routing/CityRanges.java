package warmfront.routing;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import warmfront.routing.latency.Ranges;
import warmfront.routing.map.Grid;
import warmfront.routing.place.CityDatabase;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * Where each range of addresses is.
 *
 * @param ipv4 of IPv4; a value is a cell of the {@link Grid}
 * @param ipv6 of IPv6
 */
record CityRanges(Ranges ipv4, Ranges ipv6) {
  /** Nothing is known of any address. */
  static final CityRanges NONE = new CityRanges(Ranges.none(Family.IPV4), Ranges.none(Family.IPV6));

  /** How it is kept. */
  static final PackedFile.Form<CityRanges> FORM =
      new PackedFile.Form<>(
          "cities.ranges", 1, CityRanges::of, CityRanges::read, CityRanges::write);

  /**
   * Copies a database into ranges.
   *
   * @throws IOException if it cannot be read or is not such a database
   */
  static CityRanges of(Path database) throws IOException {
    Ranges.Maker ipv4 = new Ranges.Maker(Family.IPV4);
    Ranges.Maker ipv6 = new Ranges.Maker(Family.IPV6);
    try {
      CityDatabase.forEach(
          database,
          (address, length, place) -> {
            Ranges.Maker maker = address.getAddress().length == 4 ? ipv4 : ipv6;
            maker.add(Prefix.firstBits(address), length, Grid.cell(place));
          });
    } catch (IllegalArgumentException disorder) {
      throw new IOException("not a database of places", disorder);
    }
    return new CityRanges(ipv4.made(), ipv6.made());
  }

  void write(DataOutput out) throws IOException {
    ipv4.write(out);
    ipv6.write(out);
  }

  static CityRanges read(DataInput in) throws IOException {
    return new CityRanges(Ranges.read(Family.IPV4, in), Ranges.read(Family.IPV6, in));
  }
}
