package warmfront.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.AddressSet;

/** The addresses of one family that a location gives out, with their weights. Immutable. */
final class Pool {
  /**
   * An address.
   *
   * @param address what viewers are told
   * @param weight its share, above 0
   */
  record Entry(InetAddress address, double weight) {}

  /** As CloudFront: up to four addresses to an answer. */
  static final int ADDRESSES_MAX = 4;

  private final AddressFamily family;
  private final List<Entry> entries;
  private final long[] hashes;
  private final AddressSet all;

  Pool(AddressFamily family, List<Entry> entries) {
    this.family = family;
    this.entries = List.copyOf(entries);
    this.hashes =
        entries.stream()
            .mapToLong(entry -> Rendezvous.hash(entry.address().getHostAddress()))
            .toArray();
    this.all = AddressSet.of(family, entries.stream().map(Entry::address).toList());
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Returns the addresses of a distribution, its own first: always the same ones while the pool is,
   * so that its objects are where they were.
   */
  AddressSet pick(long distribution) {
    if (entries.size() == 1) {
      return all;
    }
    double[] scores = new double[entries.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Rendezvous.score(distribution, hashes[i], entries.get(i).weight());
    }
    List<InetAddress> best = new ArrayList<>(ADDRESSES_MAX);
    while (best.size() < Math.min(ADDRESSES_MAX, scores.length)) {
      int top = 0;
      for (int i = 1; i < scores.length; i++) {
        top = scores[i] > scores[top] ? i : top;
      }
      best.add(entries.get(top).address());
      scores[top] = -1;
    }
    return AddressSet.of(family, best);
  }
}
