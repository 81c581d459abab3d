package warmfront.routing.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * For whom an answer is: a client subnet, or the resolver that asks.
 *
 * @param origin how it is known
 * @param family its address's family
 * @param bits the first 64 bits of its address, unknown ones 0; IPv4 stands in the upper 32
 */
public record Viewer(Origin origin, AddressFamily family, long bits) {
  /** How a viewer is known. */
  public enum Origin {
    /** By a client-subnet option (RFC 7871). */
    CLIENT_SUBNET,
    /** By the resolver's address. */
    RESOLVER,
    /** Not at all: a client-subnet option of length 0 asks not to look. */
    WITHHELD
  }

  /** The viewer who asked not to be looked at. */
  public static final Viewer WITHHELD = new Viewer(Origin.WITHHELD, AddressFamily.IPV4, 0);

  /** Returns the viewer that stands for a resolver. */
  public static Viewer resolver(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet4Address
        ? new Viewer(Origin.RESOLVER, AddressFamily.IPV4, (long) bytes.getInt() << 32)
        : new Viewer(Origin.RESOLVER, AddressFamily.IPV6, bytes.getLong());
  }
}
