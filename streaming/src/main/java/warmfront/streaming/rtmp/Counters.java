package warmfront.streaming.rtmp;

import java.util.Map;

/**
 * What peers' connections have come to so far.
 *
 * @param open connections open now
 * @param accepted connections accepted since the start
 * @param turnedAway connections closed at once because there were too many, of all or of an address
 * @param unrecognised connections that spoke nothing that is served here
 * @param handshakesFailed TLS handshakes that failed
 * @param links links that shook hands, by how they are carried
 * @param ended links that ended, by why
 */
public record Counters(
    long open,
    long accepted,
    long turnedAway,
    long unrecognised,
    long handshakesFailed,
    Map<Variant, Long> links,
    Map<Ending, Long> ended) {
  public Counters {
    links = Map.copyOf(links);
    ended = Map.copyOf(ended);
  }
}
