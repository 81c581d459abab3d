package warmfront.streaming.rtmp;

import java.time.Duration;

/**
 * How much a peer may ask of the server.
 *
 * @param memory what one connection may make us hold
 * @param connection how many connections there may be
 * @param times how long a peer may take
 */
public record Limits(Memory memory, Connection connection, Times times) {
  /** Sane ones. */
  public static Limits standard() {
    return new Limits(
        new Memory(65_536, 16 << 20, 1 << 20, 32 << 20, 64, 65_536, 262_144),
        new Connection(20_000, 4096),
        new Times(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2)));
  }

  /**
   * What one connection may make us hold, in bytes.
   *
   * @param messageBytesMax a message, of all but publishers
   * @param publishedBytesMax a message of a publisher: a keyframe of some megabytes is not unheard
   *     of
   * @param partialBytesMax messages that have begun, of all but publishers
   * @param publishedPartialBytesMax messages that have begun, of a publisher
   * @param chunkStreamsMax chunk streams of the peer
   * @param waterLow what may wait to be sent when the link is writable again
   * @param waterHigh what waits to be sent when the link is writable no more
   */
  public record Memory(
      int messageBytesMax,
      int publishedBytesMax,
      int partialBytesMax,
      int publishedPartialBytesMax,
      int chunkStreamsMax,
      int waterLow,
      int waterHigh) {
    public Memory {
      positive("messageBytesMax", messageBytesMax);
      positive("publishedBytesMax", publishedBytesMax);
      positive("partialBytesMax", partialBytesMax);
      positive("publishedPartialBytesMax", publishedPartialBytesMax);
      positive("chunkStreamsMax", chunkStreamsMax);
      positive("waterLow", waterLow);
      positive("waterHigh", waterHigh);
    }
  }

  /**
   * How many connections there may be.
   *
   * @param openMax of the process; one more is closed at once
   * @param ofAddressMax of one address, as many as may sit behind one NAT; one more is closed at
   *     once
   */
  public record Connection(int openMax, int ofAddressMax) {
    public Connection {
      positive("openMax", openMax);
      positive("ofAddressMax", ofAddressMax);
    }
  }

  /**
   * How long a peer may take.
   *
   * @param handshake from the first connect to the end of the handshake, TLS included
   * @param admission from the connect until the session has admitted it
   * @param ping without a byte from the peer until it is asked whether it is there
   * @param idle without a byte from or to the peer until it is taken for gone
   * @param stall without a byte taken of what waits to be sent
   * @param linger for what it still sends when the session has ended, so that it sees the last word
   */
  public record Times(
      Duration handshake,
      Duration admission,
      Duration ping,
      Duration idle,
      Duration stall,
      Duration linger) {
    public Times {
      positive("handshake", handshake.toMillis());
      positive("admission", admission.toMillis());
      positive("ping", ping.toMillis());
      positive("idle", idle.toMillis());
      positive("stall", stall.toMillis());
      positive("linger", linger.toMillis());
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be above 0: " + value);
    }
  }
}
