package warmfront.heartbeat;

/**
 * What an edge says of itself once a second.
 *
 * <p>A receiver takes a heartbeat of a server only if its (incarnation, sequence) is above the last
 * one taken: an old datagram sent again changes nothing.
 *
 * @param serverId the server's id in the fleet
 * @param location the code of its location
 * @param incarnation grows with each start of the server (its start time in milliseconds)
 * @param sequence grows with each heartbeat of an incarnation, from 1
 * @param revision the revision of the log that it serves
 * @param serving whether it answers viewers
 * @param draining whether it wants no new viewers
 * @param shedPercent the share of its viewers that it wants to be sent elsewhere, 0 to 100
 */
public record Heartbeat(
    String serverId,
    String location,
    long incarnation,
    long sequence,
    long revision,
    boolean serving,
    boolean draining,
    int shedPercent) {
  /** Longest id of a server, in characters. */
  static final int ID_MAX = 63;

  public Heartbeat {
    if (!serverId.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException("not a server's id: " + serverId);
    }
    if (!location.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("not a location's code: " + location);
    }
    if (incarnation < 0 || sequence < 1 || revision < 0) {
      throw new IllegalArgumentException(
          "incarnation >= 0, sequence >= 1, revision >= 0: %d,%d,%d"
              .formatted(incarnation, sequence, revision));
    }
    if (shedPercent < 0 || shedPercent > 100) {
      throw new IllegalArgumentException("shedPercent is 0 to 100: " + shedPercent);
    }
  }

  /** Makes a heartbeat of a server that sheds no viewers. */
  public Heartbeat(
      String serverId,
      String location,
      long incarnation,
      long sequence,
      long revision,
      boolean serving,
      boolean draining) {
    this(serverId, location, incarnation, sequence, revision, serving, draining, 0);
  }

  /** Returns whether this was said after {@code earlier} by the same server. */
  public boolean isAfter(Heartbeat earlier) {
    return incarnation > earlier.incarnation
        || (incarnation == earlier.incarnation && sequence > earlier.sequence);
  }
}
