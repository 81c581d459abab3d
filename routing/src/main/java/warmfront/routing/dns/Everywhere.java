package warmfront.routing.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import warmfront.distribution.Rendezvous;

/**
 * Addresses that are announced from every location (anycast): they are the same for all viewers,
 * and networks choose the location. Whether servers behind them are well is the announcer's affair.
 */
public record Everywhere(AddressSet ipv4, AddressSet ipv6) {
  /** Returns a publication's addresses, which are literal; empty if it has none. */
  public static Optional<Everywhere> of(List<String> addresses) {
    if (addresses.isEmpty()) {
      return Optional.empty();
    }
    List<InetAddress> all = addresses.stream().map(InetAddress::ofLiteral).toList();
    return Optional.of(
        new Everywhere(
            AddressSet.of(AddressFamily.IPV4, all), AddressSet.of(AddressFamily.IPV6, all)));
  }

  /** Chooses the addresses of a site: of many, always the same ones. */
  public void choose(long site, AddressFamily family, Choice choice) {
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
