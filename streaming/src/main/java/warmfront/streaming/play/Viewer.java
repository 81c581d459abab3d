package warmfront.streaming.play;

import java.net.InetSocketAddress;
import java.util.Set;
import warmfront.streaming.rtmp.Variant;

/**
 * What is known of who has connected.
 *
 * @param connection a name that no other connection of this process has
 * @param address where from
 * @param variant how RTMP is carried
 * @param distribution the id of the streaming distribution
 * @param uri what it connected to, as it said: {@code rtmp://host/cfx/st}, without the query
 * @param query the query of that URI; empty if it has none
 * @param swfUrl where the player is from, as it says; empty if it does not
 * @param pageUrl the page that the player is in, as it says; empty if it does not
 * @param flashVersion what the client calls itself; empty if it does not
 * @param enhanced the codecs of enhanced RTMP that it says it takes, as {@code hvc1}; {@code *} if
 *     any
 */
public record Viewer(
    String connection,
    InetSocketAddress address,
    Variant variant,
    String distribution,
    String uri,
    String query,
    String swfUrl,
    String pageUrl,
    String flashVersion,
    Set<String> enhanced) {
  public Viewer {
    enhanced = Set.copyOf(enhanced);
  }

  /** Returns whether it takes a codec of enhanced RTMP. */
  boolean takes(String fourCc) {
    return enhanced.contains(fourCc) || enhanced.contains("*");
  }
}
