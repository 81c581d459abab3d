package warmfront.distribution;

import java.util.List;

/**
 * A server of the fleet. What it listens on and what viewers are told differ behind NAT.
 *
 * @param id lower-case letters, digits and dashes, up to 63 characters
 * @param role what it does
 * @param location the code of its location; for DNS servers only a hint of where they stand
 * @param listen where it accepts viewers, as {@code http://ADDRESS:PORT}, {@code https://...} or
 *     {@code rtmp://...}, whoever fetches channels, {@code live://...}, and the other servers of
 *     its location, {@code peer://...}; for DNS servers {@code dns://...} and {@code
 *     heartbeat://...}
 * @param advertise4 IPv4 addresses that DNS answers give for it
 * @param advertise6 IPv6 addresses that DNS answers give for it
 * @param weight its share of its location's viewers, 0 to 255
 * @param state whether it is to be used
 */
public record Server(
    String id,
    Role role,
    String location,
    List<String> listen,
    List<String> advertise4,
    List<String> advertise6,
    int weight,
    State state)
    implements Resource {
  /** What a server of the fleet does. */
  public enum Role {
    EDGE,
    ROUTING
  }

  /** Whether a server is to be used. */
  public enum State {
    ACTIVE,
    DRAINING,
    REVOKED
  }

  private static final String CERTIFICATE_SUFFIX = ".server.fleet.warmfront";

  public Server {
    if (!id.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(
          "a server's id is up to 63 lower-case letters, digits and dashes: " + id);
    }
    if (weight < 0 || weight > 255) {
      throw new IllegalArgumentException("a weight is 0 to 255: " + weight);
    }
    listen = List.copyOf(listen);
    advertise4 = List.copyOf(advertise4);
    advertise6 = List.copyOf(advertise6);
  }

  /** Returns the name in a server's certificate, by which it proves to the fleet who it is. */
  public static String certificateName(String id) {
    return id + CERTIFICATE_SUFFIX;
  }

  /**
   * Returns the id of the server whose certificate has this subject, empty text if it is no
   * server's.
   */
  public static String idOfSubject(String subject) {
    int end = subject.indexOf(CERTIFICATE_SUFFIX);
    return subject.startsWith("CN=") && end > 0 ? subject.substring(3, end) : "";
  }

  /** Returns this server in another state. */
  public Server withState(State next) {
    return new Server(id, role, location, listen, advertise4, advertise6, weight, next);
  }
}
