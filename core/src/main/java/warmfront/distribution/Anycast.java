package warmfront.distribution;

import java.net.InetAddress;
import java.util.List;

/**
 * Addresses that an operator announces from every location, so that networks choose the location:
 * DNS gives them to all viewers alike.
 *
 * @param listId the id of the Anycast IP list that has them
 * @param addresses IPv4 and IPv6 addresses as they are written; at least one
 */
public record Anycast(String listId, List<String> addresses) {
  public Anycast {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("an Anycast IP list has addresses: " + listId);
    }
    requireAddresses(addresses);
  }

  /**
   * Makes sure that texts are addresses.
   *
   * @throws IllegalArgumentException if one is none
   */
  static void requireAddresses(List<String> texts) {
    texts.forEach(InetAddress::ofLiteral);
  }
}
