package warmfront.edge.viewer;

import java.time.Duration;
import warmfront.rtt.RttReport;

/**
 * How much a viewer may ask of the edge.
 *
 * @param message what one request may hold
 * @param connection what one process, and one connection, may hold
 * @param http2 what one connection over HTTP/2 or HTTP/3 may hold and demand
 * @param http3 what a connection over HTTP/3 may besides
 * @param times how long a viewer may take
 * @param address what one address may have
 */
public record Limits(
    Message message,
    Connection connection,
    Http2 http2,
    Http3 http3,
    Times times,
    Address address) {
  /** What CloudFront's guide says, and beyond that what other edges do. */
  public static Limits standard() {
    return new Limits(
        new Message(8192, 32_768, 256, 64L << 30, 4096, 8192),
        new Connection(100_000, 131_072, 65_536, RttReport.ROWS_MAX),
        new Http2(128, 65_536, 1000, 100),
        new Http3(256, 1000, Duration.ofMinutes(3)),
        new Times(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            7200,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2)),
        new Address(1_000, 10_000, false));
  }

  /** Returns these with another share for one address. */
  public Limits withAddress(Address other) {
    return new Limits(message, connection, http2, http3, times, other);
  }

  /** Returns these without any measuring of round-trip times. */
  public Limits withoutMeasuring() {
    Connection other =
        new Connection(
            connection.openMax(), connection.heldBytesMax(), connection.drainBytesMax(), 0);
    return new Limits(message, other, http2, http3, times, address);
  }

  /**
   * What one request may hold, in bytes.
   *
   * @param targetBytesMax the URL as it stands in the request line; beyond it 414 (CloudFront's
   *     quota is 8,192)
   * @param headBytesMax request line and header together; beyond it 494 (CloudFront's quota is
   *     32,768)
   * @param fieldsMax number of header lines; beyond it 494
   * @param bodyBytesMax the body; beyond it 413 (CloudFront's quota is 64 GB)
   * @param chunkExtensionBytesMax chunk extensions of one body together; beyond it 400
   * @param trailerBytesMax the trailer section, which is dropped; beyond it 400
   */
  public record Message(
      int targetBytesMax,
      int headBytesMax,
      int fieldsMax,
      long bodyBytesMax,
      int chunkExtensionBytesMax,
      int trailerBytesMax) {
    public Message {
      positive("targetBytesMax", targetBytesMax);
      positive("headBytesMax", headBytesMax);
      positive("fieldsMax", fieldsMax);
      positive("bodyBytesMax", bodyBytesMax);
      positive("chunkExtensionBytesMax", chunkExtensionBytesMax);
      positive("trailerBytesMax", trailerBytesMax);
    }
  }

  /**
   * What connections may hold.
   *
   * @param openMax open connections of the process; one more is closed at once
   * @param heldBytesMax bytes of a request's body, or of requests that came early, that wait in
   *     memory; then the connection is not read until some are taken
   * @param drainBytesMax bytes of a body nobody asked for that are read to keep the connection
   * @param rangesMax ranges of viewers whose round-trip times an event loop gathers for a location
   *     in one window; those of one more are not counted. 0: none are measured
   */
  public record Connection(int openMax, int heldBytesMax, int drainBytesMax, int rangesMax) {
    public Connection {
      positive("openMax", openMax);
      positive("heldBytesMax", heldBytesMax);
      positive("drainBytesMax", drainBytesMax);
      if (rangesMax < 0) {
        throw new IllegalArgumentException("rangesMax begins at 0: " + rangesMax);
      }
    }
  }

  /**
   * What one connection over HTTP/2 or HTTP/3 may hold and demand.
   *
   * @param streamsMax streams at a time
   * @param blockBytesMax a header block as it is sent, in all its frames; beyond it the connection
   *     is ended with ENHANCE_YOUR_CALM (CVE-2024-27316), or the stream with 494 over HTTP/3, where
   *     no later block needs it
   * @param toilMax what frames may cost together that ask for nothing, each kind as {@code Toil}
   *     says; beyond it the connection is ended with ENHANCE_YOUR_CALM or H3_EXCESSIVE_LOAD. What
   *     is served earns some of it back. The default lets 100 streams be reset at once
   *     (CVE-2023-44487)
   * @param toilPerSecond how much of it time gives back in a second
   */
  public record Http2(int streamsMax, int blockBytesMax, int toilMax, int toilPerSecond) {
    public Http2 {
      positive("streamsMax", streamsMax);
      positive("blockBytesMax", blockBytesMax);
      positive("toilMax", toilMax);
      positive("toilPerSecond", toilPerSecond);
    }
  }

  /**
   * What connections over HTTP/3 may.
   *
   * @param unprovenMax handshakes under way on one event loop; beyond it a viewer has to prove its
   *     address by a Retry, before anything is kept for it (RFC 9000, section 8.1)
   * @param unfinishedMax requests of one connection that are answered or cancelled before their
   *     viewer has sent them to the end: the QUIC library remembers each. Then the viewer is asked
   *     to connect anew
   * @param silence after which a connection of which nothing is heard is dropped, responses or not;
   *     a viewer may announce less (RFC 9000, section 10.1)
   */
  public record Http3(int unprovenMax, int unfinishedMax, Duration silence) {
    public Http3 {
      if (unprovenMax < 0) {
        throw new IllegalArgumentException("unprovenMax begins at 0: " + unprovenMax);
      }
      positive("unfinishedMax", unfinishedMax);
      positive("silence", silence.toMillis());
    }
  }

  /**
   * How long a viewer may take.
   *
   * @param head from the first byte of a request to the end of its header
   * @param idle between requests
   * @param stall without enough bytes while they are waited for: of a body, or taken of a response
   * @param stallBytes how many are enough in that time, if there are as many; of a body of unknown
   *     length one is. The default is 240 a second, which is what IIS asks for
   * @param handshake for the TLS handshake
   * @param settings until it acknowledges our settings over HTTP/2
   * @param linger for what a viewer still sends when its connection is closed, so that it sees the
   *     response instead of a reset (RFC 9112, section 9.6)
   */
  public record Times(
      Duration head,
      Duration idle,
      Duration stall,
      int stallBytes,
      Duration handshake,
      Duration settings,
      Duration linger) {
    public Times {
      positive("head", head.toMillis());
      positive("idle", idle.toMillis());
      positive("stall", stall.toMillis());
      positive("stallBytes", stallBytes);
      positive("handshake", handshake.toMillis());
      positive("settings", settings.toMillis());
      positive("linger", linger.toMillis());
    }
  }

  /**
   * What one address may have; an IPv6 one is counted with the others of its 64 bits.
   *
   * @param connectionsMax open connections; one more is closed at once. 0: any number
   * @param requestsPerSecond requests in a second; beyond it 503. 0: any number
   * @param loopback whether addresses of this machine are counted, too: what connects from there
   *     may stand for many viewers
   */
  public record Address(int connectionsMax, int requestsPerSecond, boolean loopback) {
    public Address {
      if (connectionsMax < 0 || requestsPerSecond < 0) {
        throw new IllegalArgumentException(
            "limits of an address begin at 0: %d, %d".formatted(connectionsMax, requestsPerSecond));
      }
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be above 0: " + value);
    }
  }
}
