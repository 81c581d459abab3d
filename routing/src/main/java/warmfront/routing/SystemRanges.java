package warmfront.routing;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import warmfront.routing.latency.Ranges;
import warmfront.routing.place.SystemDatabase;
import warmfront.rtt.Family;
import warmfront.rtt.Prefix;

/**
 * Which autonomous system announces each range of addresses.
 *
 * @param ipv4 of IPv4; a value is the number of a system
 * @param ipv6 of IPv6
 */
record SystemRanges(Ranges ipv4, Ranges ipv6) {
  /** Nothing is known of any address. */
  static final SystemRanges NONE =
      new SystemRanges(Ranges.none(Family.IPV4), Ranges.none(Family.IPV6));

  /** How it is kept. */
  static final PackedFile.Form<SystemRanges> FORM =
      new PackedFile.Form<>(
          "systems.ranges", 1, SystemRanges::of, SystemRanges::read, SystemRanges::write);

  /**
   * Copies a table into ranges.
   *
   * @throws IOException if it cannot be read, is not such a table, or does not ascend
   */
  static SystemRanges of(Path table) throws IOException {
    Ranges.Maker ipv4 = new Ranges.Maker(Family.IPV4);
    Ranges.Maker ipv6 = new Ranges.Maker(Family.IPV6);
    SystemDatabase.forEach(
        table,
        (first, last, number) -> {
          boolean four = first.getAddress().length == 4;
          add(four ? Family.IPV4 : Family.IPV6, first, last, number, four ? ipv4 : ipv6);
        });
    return new SystemRanges(ipv4.made(), ipv6.made());
  }

  /** Of systems within one unit the one before counts. */
  private static void add(
      Family family, InetAddress first, InetAddress last, int number, Ranges.Maker into) {
    into.until(family.unitOf(Prefix.firstBits(first)), Ranges.NONE);
    into.until(family.unitOf(Prefix.firstBits(last)) + 1, number);
  }

  void write(DataOutput out) throws IOException {
    ipv4.write(out);
    ipv6.write(out);
  }

  static SystemRanges read(DataInput in) throws IOException {
    return new SystemRanges(Ranges.read(Family.IPV4, in), Ranges.read(Family.IPV6, in));
  }
}
