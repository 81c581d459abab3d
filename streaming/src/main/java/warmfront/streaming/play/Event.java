package warmfront.streaming.play;

import java.time.Instant;
import java.util.Optional;

/**
 * Something a viewer did, as logs of streaming distributions have it: a row each.
 *
 * @param kind what it was
 * @param at when
 * @param viewer who
 * @param sentBytes what the connection has been sent until then, in bytes
 * @param played of which stream; empty for those of the connection
 */
public record Event(Kind kind, Instant at, Viewer viewer, long sentBytes, Optional<Played> played) {
  /** What viewers do (CloudFront's guide, access logs of RTMP distributions). */
  public enum Kind {
    CONNECT,
    PLAY,
    SEEK,
    PAUSE,
    UNPAUSE,
    STOP,
    DISCONNECT
  }

  /**
   * A stream.
   *
   * @param name as the viewer gave it, without its query
   * @param query what followed the question mark of its name; empty if nothing
   * @param extension of the object, as {@code mp4}; empty if it has none
   * @param stream number of the stream within its connection
   */
  public record Played(String name, String query, String extension, int stream) {}

  /** Hears of events. Called on the event loops of viewers, so it never waits. Thread-safe. */
  @FunctionalInterface
  public interface Listener {
    /** Takes an event; those of a connection come in their order. */
    void happened(Event event);
  }
}
