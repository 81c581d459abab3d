package warmfront.edge;

import java.time.Instant;
import java.util.Map;
import warmfront.edge.cache.CacheCounters;
import warmfront.edge.log.Counters;
import warmfront.edge.origin.OriginCounts;
import warmfront.edge.peer.Counts;
import warmfront.edge.peer.Outcome;

/**
 * What an edge has done since its start, and what it holds now.
 *
 * @param revision of the snapshot that is served; 0 before the first
 * @param distributions how many are known, disabled ones included
 * @param exchanges how many wait for origin, disk or one another now
 * @param requests finished requests
 * @param viewers connections of viewers
 * @param origins connections to origins
 * @param coding bodies that were compressed
 * @param peers what the servers of the location did for one another
 * @param tiers requests to other locations before the origin, by the code of the location
 * @param caches of each location, by its code
 * @param reads of media at each location, by its code
 * @param certificatesEnd when each certificate ends, by the name that it covers
 */
public record EdgeCounters(
    long revision,
    int distributions,
    int exchanges,
    Counters requests,
    warmfront.edge.viewer.Counters viewers,
    OriginCounts origins,
    warmfront.edge.coding.Counts coding,
    Counts peers,
    Map<String, Map<Outcome, Long>> tiers,
    Map<String, CacheCounters> caches,
    Map<String, Reads> reads,
    Map<String, Instant> certificatesEnd) {
  /**
   * Reads of parts of objects of streaming distributions, each counted once it is answered.
   *
   * @param hits all was here
   * @param misses the origin, or another server of the location, was asked
   * @param lacking there was none
   */
  public record Reads(long hits, long misses, long lacking) {}

  public EdgeCounters {
    tiers = Map.copyOf(tiers);
    caches = Map.copyOf(caches);
    reads = Map.copyOf(reads);
    certificatesEnd = Map.copyOf(certificatesEnd);
  }
}
