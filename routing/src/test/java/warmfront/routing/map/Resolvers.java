package warmfront.routing.map;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import warmfront.routing.latency.PrefixMap;
import warmfront.rtt.Family;

/**
 * Who asks for the viewers of a {@link SmallInternet}: each system has a resolver of its own, and
 * some public ones have sites in several parts of the world; a viewer's range uses one or the
 * other.
 */
final class Resolvers {
  private static final double PUBLIC_SHARE = 0.15;

  private final SmallInternet net;
  private final int[] resolverOf;
  private final int count;

  /**
   * Assigns ranges to resolvers.
   *
   * @param companies of public resolvers
   * @param sites of each; a range uses the one that is nearest to its system
   */
  Resolvers(SmallInternet net, int companies, int sites, long seed) {
    this.net = net;
    Random random = new Random(seed);
    int systems = net.size.systems();
    int[] siteOf = new int[systems];
    for (int i = 0; i < systems; i++) {
      siteOf[i] = random.nextInt(sites);
    }
    resolverOf = new int[net.units.length];
    for (int i = 0; i < resolverOf.length; i++) {
      boolean isPublic = random.nextDouble() < PUBLIC_SHARE;
      resolverOf[i] =
          isPublic
              ? systems + random.nextInt(companies) * sites + siteOf[net.systemOf[i]]
              : net.systemOf[i];
    }
    count = systems + companies * sites;
  }

  /**
   * Returns how many answers for one name a resolver keeps for all its viewers, where it would keep
   * one without client subnets: distinct scopes (RFC 7871), on average over the resolvers that have
   * viewers.
   */
  double answersOf(LatencyMap map) {
    PrefixMap prefixes = map.ranges(Family.IPV4).prefixes();
    long scopes = 0;
    int asking = 0;
    for (int resolver = 0; resolver < count; resolver++) {
      Set<Integer> own = new HashSet<>();
      for (int i = 0; i < resolverOf.length; i++) {
        if (resolverOf[i] == resolver) {
          own.add(prefixes.find(net.units[i] << 40));
        }
      }
      scopes += own.size();
      asking += own.isEmpty() ? 0 : 1;
    }
    return scopes / (double) asking;
  }
}
