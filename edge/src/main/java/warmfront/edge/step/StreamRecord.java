package warmfront.edge.step;

import java.net.InetAddress;
import java.util.Optional;
import warmfront.distribution.Location;

/**
 * Something that a viewer of a streaming distribution did, as logs see it.
 *
 * @param location where
 * @param viewer the viewer's address
 * @param event what it was, as the log names it: {@code play}
 * @param sentBytes what the connection has been sent until then
 * @param status how it went: {@code OK}, or why not
 * @param client names the connection
 * @param uri what it connected to, without the query
 * @param query the query of that; empty if there is none
 * @param referrer the player's URL, as it says; empty if it does not
 * @param page the page's URL, as it says; empty if it does not
 * @param agent what the player calls itself; empty if it does not
 * @param stream which stream; empty for events of the connection
 * @param millis when, in milliseconds since 1970
 */
public record StreamRecord(
    Location location,
    InetAddress viewer,
    String event,
    long sentBytes,
    String status,
    String client,
    String uri,
    String query,
    String referrer,
    String page,
    String agent,
    Optional<Stream> stream,
    long millis) {
  /**
   * A stream of a connection.
   *
   * @param name its name, without query
   * @param query the query of its name; empty if there is none
   * @param type the kind of file, as {@code mp4}; empty if it is not known
   * @param id its number in the connection
   */
  public record Stream(String name, String query, String type, long id) {}
}
