package warmfront.streaming;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import warmfront.bytes.RangedReader;
import warmfront.streaming.live.LiveLimits;
import warmfront.streaming.origin.OriginLimits;
import warmfront.streaming.play.PlayLimits;
import warmfront.streaming.recording.Buckets;
import warmfront.streaming.recording.RecordingLimits;
import warmfront.streaming.rtmp.Limits;
import warmfront.streaming.rtmp.Variant;
import warmfront.time.Clock;

/**
 * What streaming is made of.
 *
 * @param places where viewers connect; one process may be several locations
 * @param live where channels are served over HTTP, to web distributions; port 0 takes a free one
 * @param recordings how channels are recorded; empty for none that are
 * @param variants of RTMP that are spoken
 * @param loops number of event loops, shared by all places; the live origin has as many again
 * @param limits how much may be asked
 * @param clock the time
 * @param random chance: a {@link java.security.SecureRandom} but in tests
 */
public record StreamingConfig(
    List<Place> places,
    Optional<InetSocketAddress> live,
    Optional<Recordings> recordings,
    Set<Variant> variants,
    int loops,
    Bounds limits,
    Clock clock,
    RandomGenerator random) {
  /**
   * A location.
   *
   * @param location its code
   * @param server the id of the server that it is there
   * @param addresses where it listens; port 0 takes a free one
   * @param reader reads objects through the location's cache
   */
  public record Place(
      String location, String server, List<InetSocketAddress> addresses, RangedReader reader) {
    public Place {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * How channels are recorded.
   *
   * @param folder for what is not in its bucket yet
   * @param buckets where it goes
   * @param limits what that may take
   */
  public record Recordings(Path folder, Buckets buckets, RecordingLimits limits) {}

  /**
   * How much may be asked.
   *
   * @param rtmp of connections and messages
   * @param play of streaming distributions, at each location
   * @param live of channels
   * @param origin of channels over HTTP
   */
  public record Bounds(Limits rtmp, PlayLimits play, LiveLimits live, OriginLimits origin) {
    /** The rooms' own. */
    public static Bounds standard() {
      return new Bounds(
          Limits.standard(), PlayLimits.standard(), LiveLimits.standard(), OriginLimits.STANDARD);
    }
  }

  public StreamingConfig {
    places = List.copyOf(places);
    variants = Set.copyOf(variants);
    if (places.isEmpty() || loops < 1) {
      throw new IllegalArgumentException("streaming has a place and an event loop at least");
    }
  }
}
