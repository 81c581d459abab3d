package warmfront.link;

import java.util.Set;
import warmfront.distribution.Server;

/**
 * Who follows.
 *
 * @param serverId its id in the fleet
 * @param role what it does
 * @param incarnation grows with each start of the server (its start time in milliseconds)
 * @param features what it knows beyond the first release
 */
public record FollowerIdentity(
    String serverId, Server.Role role, long incarnation, Set<String> features) {
  public FollowerIdentity {
    features = Set.copyOf(features);
  }
}
