package warmfront.edge;

import java.time.Duration;
import warmfront.edge.origin.Limits;
import warmfront.edge.origin.Origins;
import warmfront.edge.peer.Siblings;
import warmfront.edge.viewer.PeerListener;

/**
 * What an edge has of the other servers of its location.
 *
 * @param config what it was told
 * @param siblings who they are
 * @param connections the way to them
 * @param fetch how they are asked
 */
record Neighbours(PeerConfig config, Siblings siblings, Origins connections, PeerFetch fetch)
    implements AutoCloseable {
  /** Nobody waits for a place: the next server is asked instead. Idle for half as long as there. */
  private static final Limits.PerPeer POOL =
      new Limits.PerPeer(
          4096, 0, Duration.ZERO, 256, Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** Room for what the other edge adds to the header of an origin's answer. */
  private static final int HEAD_BYTES_MORE = 4096;

  private static final int FIELDS_MORE = 16;

  static Neighbours of(
      PeerConfig config, Origins.Surroundings surroundings, Limits limits, Progress progress) {
    Siblings siblings =
        new Siblings(config.server(), config.location(), config.limits(), surroundings.clock());
    Origins connections =
        Origins.toPeers(
            surroundings,
            config.identity(),
            new Limits(wire(limits.wire()), POOL, limits.names()),
            config.limits().unacknowledged());
    PeerFetch fetch = new PeerFetch(siblings, connections::ask, progress::begun, config.limits());
    return new Neighbours(config, siblings, connections, fetch);
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
   * @param here the rooms of the location
   */
  PeerListener listener(Rooms here, Progress progress) {
    Rooms forPeers = here.forPeers(siblings::served);
    return new PeerListener(
        config.address(),
        config.listener().place(),
        new PeerReception(forPeers, siblings, progress, config.limits().behind()),
        config.identity());
  }

  @Override
  public void close() {
    connections.close();
  }
}
