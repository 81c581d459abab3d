package warmfront.link;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a server follows the log; for readiness and metrics.
 *
 * @param epoch of the log it has
 * @param revision up to which it has the log on its disk and obeys it, but for what is held
 * @param head the last revision that control told of; empty before the first contact
 * @param connected whether the stream stands
 * @param lastContact when control last said something
 * @param ready whether it may serve: it reached the head once, or could not reach control for a
 *     while and serves what its disk has
 * @param leased whether it may be sure that it knows the latest changes
 * @param held what it does not obey
 */
public record FollowerState(
    long epoch,
    long revision,
    OptionalLong head,
    boolean connected,
    Optional<Instant> lastContact,
    boolean ready,
    boolean leased,
    List<Held> held) {
  public FollowerState {
    held = List.copyOf(held);
  }

  /** Returns how many revisions it is known to be behind. */
  public long lag() {
    return Math.max(0, head.orElse(revision) - revision);
  }
}
