package warmfront.rtt;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * A range of addresses with a common beginning, as {@code 192.0.2.0/24}.
 *
 * @param family the addresses' family
 * @param bits the first 64 bits of the first address; IPv4 stands in the upper 32
 * @param length how many bits are common, 0 to 32 or 0 to 64; the others are 0
 */
public record Prefix(Family family, long bits, int length) {
  public Prefix {
    if (length < 0 || length > Math.min(family.addressBits(), Long.SIZE)) {
      throw new IllegalArgumentException("not a prefix length of " + family + ": " + length);
    }
    if (length < Long.SIZE && (bits << length) != 0) {
      throw new IllegalArgumentException("bits are set beyond the prefix length " + length);
    }
  }

  /**
   * Reads a prefix in the usual notation; an address without a length is not one.
   *
   * @throws IllegalArgumentException if it is malformed or has bits beyond its length
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("a prefix is ADDRESS/LENGTH: " + text);
    }
    String literal = text.substring(0, slash);
    boolean dotted = literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    if (!dotted && !literal.matches("[0-9A-Fa-f:]*:[0-9A-Fa-f:]*")) {
      throw new IllegalArgumentException("not an address: " + literal);
    }
    Family family = dotted ? Family.IPV4 : Family.IPV6;
    int length = Integer.parseInt(text.substring(slash + 1));
    return new Prefix(family, firstBits(InetAddress.ofLiteral(literal)), length);
  }

  /** Returns the first 64 bits of an address; IPv4 stands in the upper 32. */
  public static long firstBits(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet4Address ? (long) bytes.getInt() << 32 : bytes.getLong();
  }

  @Override
  public String toString() {
    int bytes = family.addressBits() / Byte.SIZE;
    ByteBuffer address = ByteBuffer.allocate(Math.max(bytes, Long.BYTES)).putLong(0, bits);
    byte[] exact = new byte[bytes];
    address.get(exact);
    try {
      return InetAddress.getByAddress(exact).getHostAddress() + "/" + length;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("4 or 16 bytes are an address", impossible);
    }
  }
}
