package warmfront.routing;

import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.CountryDatabase;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * Which country each range of addresses belongs to.
 *
 * @param codes the countries; a value of the ranges is an index into it
 * @param ipv4 of IPv4
 * @param ipv6 of IPv6
 */
record CountryRanges(List<String> codes, Ranges ipv4, Ranges ipv6) {
  /** Nothing is known of any address. */
  static final CountryRanges NONE =
      new CountryRanges(List.of(), Ranges.none(Family.IPV4), Ranges.none(Family.IPV6));

  /**
   * Ranges that are nobody's in particular, whatever a database says: packages made from registry
   * data are known to put 192.168.0.0/16 into a country (RFC 1918, 6598, 3927, 4193, 4291).
   */
  private static final List<Prefix> NOWHERE =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "::/8",
              "fc00::/7",
              "fe80::/10")
          .map(Prefix::parse)
          .toList();

  /** How it is kept. */
  static final PackedFile.Form<CountryRanges> FORM =
      new PackedFile.Form<>(
          "countries.ranges", 1, CountryRanges::of, CountryRanges::read, CountryRanges::write);

  CountryRanges {
    codes = List.copyOf(codes);
  }

  /**
   * Copies a database in a file into ranges.
   *
   * @throws IOException if it cannot be read or is not such a database
   */
  static CountryRanges of(Path database) throws IOException {
    return of(CountryDatabase.read(new ByteArrayInputStream(Files.readAllBytes(database))));
  }

  /**
   * Copies a database into ranges.
   *
   * @throws IOException if the database is broken
   */
  static CountryRanges of(CountryDatabase database) throws IOException {
    List<String> codes = new ArrayList<>();
    Map<String, Integer> indexes = new HashMap<>();
    Ranges.Maker ipv4 = new Ranges.Maker(Family.IPV4);
    Ranges.Maker ipv6 = new Ranges.Maker(Family.IPV6);
    try {
      database.forEach((address, length, code) -> {
        Integer known = indexes.putIfAbsent(code, codes.size());
        if (known == null) {
          codes.add(code);
        }
        Ranges.Maker maker = address.getAddress().length == 4 ? ipv4 : ipv6;
        maker.add(Prefix.firstBits(address), length, known == null ? codes.size() - 1 : known);
      });
    } catch (IllegalArgumentException disorder) {
      throw new IOException("not a database of countries", disorder);
    }
    return new CountryRanges(
        codes,
        withoutNowhere(Family.IPV4, ipv4.made(), codes.size()),
        withoutNowhere(Family.IPV6, ipv6.made(), codes.size()));
  }

  private static Ranges withoutNowhere(Family family, Ranges ranges, int unused) {
    List<Ranges.Row> rows =
        NOWHERE.stream()
            .filter(prefix -> prefix.family() == family)
            .map(prefix -> new Ranges.Row(prefix, unused))
            .toList();
    return Ranges.of(family, rows).over(ranges).map(code -> code == unused ? Ranges.NONE : code);
  }

  /** Writes all of it, as {@link #read} takes it. */
  void write(DataOutput out) throws IOException {
    out.writeShort(codes.size());
    for (String code : codes) {
      out.writeUTF(code);
    }
    ipv4.write(out);
    ipv6.write(out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is not that
   */
  static CountryRanges read(DataInput in) throws IOException {
    int count = in.readUnsignedShort();
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      codes.add(in.readUTF());
    }
    return new CountryRanges(codes, Ranges.read(Family.IPV4, in), Ranges.read(Family.IPV6, in));
  }

  boolean isEmpty() {
    return codes.isEmpty();
  }

  Ranges of(Family family) {
    return family == Family.IPV4 ? ipv4 : ipv6;
  }
}
