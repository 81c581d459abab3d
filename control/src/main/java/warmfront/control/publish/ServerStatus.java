package warmfront.control.publish;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import warmfront.distribution.Server;
import warmfront.link.Held;

/**
 * What control knows of a server of the fleet; for metrics and the status page.
 *
 * @param serverId its id
 * @param role what it does
 * @param location the code of its location
 * @param presence whether viewers may reach it
 * @param lapsed whether it may not know the latest changes, so that it is to leave DNS
 * @param revision up to which it has and obeys the log, 0 if it never said
 * @param lag how many revisions it is behind the head
 * @param silent since when it said nothing; empty if it never said a word
 * @param held what it does not obey, and why
 */
public record ServerStatus(
    String serverId,
    Server.Role role,
    String location,
    Presence presence,
    boolean lapsed,
    long revision,
    long lag,
    Optional<Duration> silent,
    List<Held> held) {
  /** Whether viewers may reach a server, as far as control knows. */
  public enum Presence {
    /** It never connected. */
    EXPECTED,
    LIVE,
    /** It is silent, but DNS servers or resolvers may still know it. */
    FADING,
    /** DNS servers let it go, and their last answers have expired: nobody is sent to it. */
    ABSENT
  }

  public ServerStatus {
    held = List.copyOf(held);
  }
}
