package warmfront.edge.origin;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import warmfront.distribution.Reach;

/** Which of a peer's addresses are asked, and in which order. */
final class Families {
  private Families() {}

  /**
   * Returns the addresses of a family; of both one after the other in turn, IPv6 first (RFC 8305,
   * section 4).
   */
  static List<InetAddress> asked(List<InetAddress> all, Reach.Family family) {
    List<InetAddress> four = all.stream().filter(Inet4Address.class::isInstance).toList();
    List<InetAddress> six = all.stream().filter(one -> !(one instanceof Inet4Address)).toList();
    return switch (family) {
      case IPV4 -> four;
      case IPV6 -> six;
      case DUALSTACK -> inTurn(six, four);
    };
  }

  /** Returns what is missing if there is none. */
  static String missing(Reach.Family family) {
    return switch (family) {
      case IPV4 -> "no IPv4 address";
      case IPV6 -> "no IPv6 address";
      case DUALSTACK -> "no address";
    };
  }

  private static List<InetAddress> inTurn(List<InetAddress> first, List<InetAddress> second) {
    List<InetAddress> both = new ArrayList<>();
    Iterator<InetAddress> ones = first.iterator();
    Iterator<InetAddress> others = second.iterator();
    while (ones.hasNext() || others.hasNext()) {
      if (ones.hasNext()) {
        both.add(ones.next());
      }
      if (others.hasNext()) {
        both.add(others.next());
      }
    }
    return List.copyOf(both);
  }
}
