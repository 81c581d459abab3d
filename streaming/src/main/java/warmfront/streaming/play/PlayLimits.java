package warmfront.streaming.play;

import java.time.Duration;

/**
 * How much viewers of streaming distributions may ask for.
 *
 * @param connection what one connection may have
 * @param pace how far ahead of its time media may be sent
 * @param reading how objects are read for one viewer
 * @param library what is kept of objects for all viewers
 */
public record PlayLimits(Connection connection, Ahead pace, Reading reading, Shelf library) {
  /** Sane ones. */
  public static PlayLimits standard() {
    return new PlayLimits(
        new Connection(8, 8, 8, 100, Duration.ofMinutes(30)),
        new Ahead(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(250), 8L << 20),
        new Reading(128 << 10, 8 << 20, 4),
        new Shelf(64L << 20, 64, 256L << 20, 65_536, 10_000));
  }

  /**
   * What one connection may have.
   *
   * @param streamsMax streams at a time; one more is answered with {@code _error}
   * @param openingsMax objects that are being opened for it; one more is refused
   * @param playlistMax names that wait to be played on a stream; one more is refused
   * @param failuresMax names that could not be opened for it; at one more it is closed: signatures
   *     that are wrong and names that are not there cost more than those who guess them
   * @param rest how long nothing may be playing, or all be paused, before it is closed
   */
  public record Connection(
      int streamsMax, int openingsMax, int playlistMax, int failuresMax, Duration rest) {
    public Connection {
      positive("streamsMax", streamsMax);
      positive("openingsMax", openingsMax);
      positive("playlistMax", playlistMax);
      positive("failuresMax", failuresMax);
      positive("rest", rest.toMillis());
    }
  }

  /**
   * How far ahead of its time media may be sent.
   *
   * @param leeway beyond what the client says it buffers
   * @param buffer what a client buffers that does not say
   * @param tick how often a stream that has sent what it may goes on
   * @param burstBytesMax about how many bytes ahead, however much the client says it buffers
   */
  public record Ahead(Duration leeway, Duration buffer, Duration tick, long burstBytesMax) {
    public Ahead {
      positive("leeway", leeway.toMillis());
      positive("buffer", buffer.toMillis());
      positive("tick", tick.toMillis());
      positive("burstBytesMax", burstBytesMax);
    }
  }

  /**
   * How objects are read for one viewer.
   *
   * @param blockBytes what is asked for at a time; a multiple of it is where such a part ends
   * @param frameBytesMax a frame; playing ends at a longer one
   * @param attemptsMax how often bytes are asked for that do not come
   */
  public record Reading(int blockBytes, int frameBytesMax, int attemptsMax) {
    public Reading {
      positive("blockBytes", blockBytes);
      positive("frameBytesMax", frameBytesMax);
      positive("attemptsMax", attemptsMax);
    }
  }

  /**
   * What is kept of objects for all viewers.
   *
   * @param bytesMax media together
   * @param openingsMax objects that are being opened; one more is refused
   * @param gatheredBytesMax bytes that openings wait for, together; more is refused
   * @param headBytes what is asked for first
   * @param stepsMax how often an opening may ask for bytes
   */
  public record Shelf(
      long bytesMax, int openingsMax, long gatheredBytesMax, int headBytes, int stepsMax) {
    public Shelf {
      positive("bytesMax", bytesMax);
      positive("openingsMax", openingsMax);
      positive("gatheredBytesMax", gatheredBytesMax);
      positive("headBytes", headBytes);
      positive("stepsMax", stepsMax);
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be above 0: " + value);
    }
  }
}
