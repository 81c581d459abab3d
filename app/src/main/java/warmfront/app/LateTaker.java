package warmfront.app;

import org.jspecify.annotations.Nullable;
import warmfront.rtt.MapEdition;
import warmfront.rtt.MapTaker;

/**
 * Takes latency maps for a DNS server that is opened after it has begun to follow the log. Until
 * then it holds none, and the next one is offered a window later. Thread-safe.
 */
final class LateTaker implements MapTaker {
  private volatile @Nullable MapTaker open;

  /** Gives what comes to the one that is there from now on. */
  void open(MapTaker taker) {
    open = taker;
  }

  @Override
  public long version() {
    MapTaker there = open;
    return there == null ? 0 : there.version();
  }

  @Override
  public Taken take(MapEdition edition) {
    MapTaker there = open;
    return there == null
        ? new Taken.Refused("this server does not answer yet", false)
        : there.take(edition);
  }
}
