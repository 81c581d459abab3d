package warmfront.edge;

import java.time.Duration;
import warmfront.edge.origin.Limits;
import warmfront.edge.origin.Origins;
import warmfront.edge.peer.Siblings;
import warmfront.edge.viewer.PeerListener;
import warmfront.time.Clock;

/**
 * What an edge has of the other servers of its location, and of other locations.
 *
 * @param config what it was told
 * @param siblings who they are
 * @param connections the way to them
 * @param fetch how they are asked
 * @param farConnections the way to servers of other locations
 * @param progress how new what they answer must be
 * @param clock the time
 */
record Neighbours(
    PeerConfig config,
    Siblings siblings,
    Origins connections,
    PeerFetch fetch,
    Origins farConnections,
    Progress progress,
    Clock clock)
    implements AutoCloseable {
  /** Nobody waits for a place: the next server is asked instead. Idle for half as long as there. */
  private static final Limits.PerPeer POOL =
      new Limits.PerPeer(
          4096, 0, Duration.ZERO, 256, Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** Room for what the other edge adds to the header of an origin's answer. */
  private static final int HEAD_BYTES_MORE = 4096;

  private static final int FIELDS_MORE = 16;
  private static final warmfront.edge.peer.Limits FAR =
      warmfront.edge.peer.Limits.BETWEEN_LOCATIONS;

  static Neighbours of(
      PeerConfig config, Origins.Surroundings surroundings, Limits limits, Progress progress) {
    Siblings siblings =
        new Siblings(config.server(), config.location(), config.limits(), surroundings.clock());
    Limits between = new Limits(wire(limits.wire()), POOL, limits.names());
    Origins connections =
        Origins.toPeers(surroundings, config.identity(), between, config.limits().unacknowledged());
    Origins farConnections =
        Origins.toPeers(surroundings, config.identity(), between, FAR.unacknowledged());
    PeerFetch fetch = new PeerFetch(siblings, connections::ask, progress::begun, config.limits());
    return new Neighbours(
        config, siblings, connections, fetch, farConnections, progress, surroundings.clock());
  }

  /** Returns the servers of another location, of which none is known yet. */
  TierFetch.Far elsewhere(String location) {
    Siblings there = Siblings.elsewhere(location, FAR, clock);
    return new TierFetch.Far(
        there, new PeerFetch(there, farConnections::ask, progress::begun, FAR));
  }

  private static Limits.Wire wire(Limits.Wire origins) {
    return new Limits.Wire(
        origins.headBytes() + HEAD_BYTES_MORE,
        origins.fields() + FIELDS_MORE,
        origins.informational(),
        origins.chunkLineBytes(),
        origins.trailerBytes());
  }

  String location() {
    return config.location();
  }

  /**
   * Returns where they ask.
   *
   * @param tiers has the rooms of the location, and knows the fleet
   */
  PeerListener listener(TierFetch tiers) {
    return new PeerListener(
        config.address(),
        config.listener().place(),
        new PeerReception(this, tiers, config.limits().behind()),
        config.identity());
  }

  @Override
  public void close() {
    connections.close();
    farConnections.close();
  }
}
