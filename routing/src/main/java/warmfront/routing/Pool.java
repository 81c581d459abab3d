package warmfront.routing;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import warmfront.distribution.Rendezvous;
import warmfront.routing.dns.AddressFamily;
import warmfront.routing.dns.AddressSet;
import warmfront.routing.dns.Choice;

/** The addresses of one family that a location gives out, with their weights. Immutable. */
final class Pool {
  /**
   * An address.
   *
   * @param address what viewers are told
   * @param weight its share, above 0
   */
  record Entry(InetAddress address, double weight) {}

  private final double[] weights;
  private final boolean equal;
  private final long[] hashes;
  private final AddressSet all;

  Pool(AddressFamily family, List<Entry> entries) {
    this.weights = entries.stream().mapToDouble(Entry::weight).toArray();
    this.equal = Arrays.stream(weights).distinct().count() <= 1;
    this.hashes =
        entries.stream()
            .mapToLong(entry -> Rendezvous.hash(entry.address().getHostAddress()))
            .toArray();
    this.all = AddressSet.of(family, entries.stream().map(Entry::address).toList());
  }

  boolean isEmpty() {
    return weights.length == 0;
  }

  /**
   * Offers the addresses of a distribution, its own with the highest score: always the same ones
   * while the pool is, so that its objects are where they were.
   */
  void pick(long distribution, Choice choice) {
    if (weights.length == 1) {
      choice.offer(all, 0, 0);
      return;
    }
    for (int i = 0; i < weights.length; i++) {
      // Of equal weights the order is that of the numbers, and no logarithm is needed.
      double score =
          equal
              ? Rendezvous.uniform(distribution, hashes[i])
              : Rendezvous.score(distribution, hashes[i], weights[i]);
      choice.offer(all, i, score);
    }
  }
}
