package warmfront.edge.origin;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses an edge may connect to for an origin. Public ones always; others only if the
 * operator says so, lest a distribution read what only the edge's own network may. Judged after
 * resolving, before every connect.
 *
 * @param allowLoopback whether 127.0.0.0/8 and ::1 may be asked: the default in one process
 * @param allowed ranges that may be asked though they are not public
 */
public record OriginRules(boolean allowLoopback, List<Cidr> allowed) {
  /** Nothing but public addresses. */
  public static final OriginRules PUBLIC_ONLY = new OriginRules(false, List.of());

  /** Public addresses and loopback. */
  public static final OriginRules ONE_PROCESS = new OriginRules(true, List.of());

  // IANA's special-purpose registries: everything that is not globally reachable
  private static final List<Cidr> NOT_PUBLIC =
      List.of(
          Cidr.parse("0.0.0.0/8"),
          Cidr.parse("10.0.0.0/8"),
          Cidr.parse("100.64.0.0/10"),
          Cidr.parse("127.0.0.0/8"),
          Cidr.parse("169.254.0.0/16"),
          Cidr.parse("172.16.0.0/12"),
          Cidr.parse("192.0.0.0/24"),
          Cidr.parse("192.0.2.0/24"),
          Cidr.parse("192.168.0.0/16"),
          Cidr.parse("198.18.0.0/15"),
          Cidr.parse("198.51.100.0/24"),
          Cidr.parse("203.0.113.0/24"),
          Cidr.parse("224.0.0.0/3"),
          Cidr.parse("::/96"),
          Cidr.parse("64:ff9b:1::/48"),
          Cidr.parse("100::/64"),
          Cidr.parse("2001:db8::/32"),
          Cidr.parse("fc00::/7"),
          Cidr.parse("fe80::/9"),
          Cidr.parse("ff00::/8"));
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");

  public OriginRules {
    allowed = List.copyOf(allowed);
  }

  /** Returns whether {@code address} may be asked. */
  public boolean allows(InetAddress address) {
    if (allowed.stream().anyMatch(range -> range.contains(address))) {
      return true;
    }
    if (address.isLoopbackAddress()) {
      return allowLoopback;
    }
    return NOT_PUBLIC.stream().noneMatch(range -> range.contains(address))
        && embeddedAllowed(address);
  }

  /** An IPv6 address that is translated to an IPv4 one is as private as that. */
  private boolean embeddedAllowed(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (NAT64.contains(address)) {
      return allows(ipv4(bytes, 12));
    }
    return !SIX_TO_FOUR.contains(address) || allows(ipv4(bytes, 2));
  }

  private static InetAddress ipv4(byte[] bytes, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
