package warmfront.routing;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import warmfront.distribution.Rendezvous;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.AddressSet;
import warmfront.routing.dns.Choice;

/**
 * Addresses that are announced from every location (anycast): they are the same for all viewers,
 * and networks choose the location. Whether servers behind them are well is the announcer's affair.
 */
record Everywhere(AddressSet ipv4, AddressSet ipv6) {
  /** Returns the addresses of a publication; empty if it has none. */
  static Optional<Everywhere> of(List<String> addresses) {
    if (addresses.isEmpty()) {
      return Optional.empty();
    }
    List<InetAddress> all = addresses.stream().map(InetAddress::ofLiteral).toList();
    return Optional.of(
        new Everywhere(
            AddressSet.of(AddressFamily.IPV4, all), AddressSet.of(AddressFamily.IPV6, all)));
  }

  /** Chooses the addresses of a site: of many, always the same ones. */
  void choose(long site, AddressFamily family, Choice choice) {
    AddressSet set = family == AddressFamily.IPV4 ? ipv4 : ipv6;
    if (set.isEmpty()) {
      choice.noSuchFamily();
      return;
    }
    choice.begin(family, 0);
    for (int i = 0; i < set.size(); i++) {
      choice.offer(set, i, Rendezvous.uniform(site, i));
    }
  }
}
