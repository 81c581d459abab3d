package warmfront.routing.dns;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Who asks: the address that a query came from. Set anew for each; owned by one thread. */
final class Client {
  /** The bits of an IPv4 address that a socket of both families gives out (RFC 4291, 2.5.5.2). */
  private static final long MAPPED = 0xffffL << 32;

  private AddressFamily family = AddressFamily.IPV4;
  private long high;
  private long low;

  void set(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    if (bytes.capacity() == AddressFamily.IPV4.bytes()) {
      setIpv4(bytes.getInt());
    } else {
      setIpv6(bytes.getLong(), bytes.getLong());
    }
  }

  void setIpv4(int address) {
    family = AddressFamily.IPV4;
    high = (long) address << 32;
    low = 0;
  }

  void setIpv6(long first, long last) {
    if (first == 0 && (last & (-1L << 32)) == MAPPED) {
      setIpv4((int) last);
      return;
    }
    family = AddressFamily.IPV6;
    high = first;
    low = last;
  }

  /** Returns whether it is this machine, as which no other machine can pose (RFC 1122, 3.2.1.3). */
  boolean isLoopback() {
    return family == AddressFamily.IPV4 ? high >>> 56 == 127 : high == 0 && low == 1;
  }

  AddressFamily family() {
    return family;
  }

  /** Returns the first 64 bits of the address; IPv4 stands in the upper 32. */
  long high() {
    return high;
  }

  /** Returns the other 64 bits of an IPv6 address. */
  long low() {
    return low;
  }
}
