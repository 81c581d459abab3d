package warmfront.edge.viewer;

import java.time.Duration;

/**
 * How much a viewer may ask of the edge.
 *
 * @param message what one request may hold
 * @param connection what one process, and one connection, may hold
 * @param times how long a viewer may take
 */
public record Limits(Message message, Connection connection, Times times) {
  /** What CloudFront's guide says, and beyond that what other edges do. */
  public static Limits standard() {
    return new Limits(
        new Message(8192, 32_768, 256, 20L << 30, 4096, 8192),
        new Connection(100_000, 128, 100, 131_072, 65_536),
        new Times(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2)));
  }

  /**
   * What one request may hold, in bytes.
   *
   * @param targetBytesMax the URL as it stands in the request line; beyond it 414 (CloudFront's
   *     quota is 8,192)
   * @param headBytesMax request line and header together; beyond it 494 (CloudFront's quota is
   *     32,768)
   * @param fieldsMax number of header lines; beyond it 494
   * @param bodyBytesMax the body; beyond it 413 (CloudFront's quota is 20 GB)
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
   * @param streamsMax streams at a time on one HTTP/2 connection
   * @param resetsMax streams that may be reset on one HTTP/2 connection in 10 s, by either side;
   *     beyond it the connection is ended with ENHANCE_YOUR_CALM (CVE-2023-44487, CVE-2025-8671)
   * @param heldBytesMax bytes of a request's body, or of requests that came early, that wait in
   *     memory; then the connection is not read until some are taken
   * @param drainBytesMax bytes of a body nobody asked for that are read to keep the connection
   */
  public record Connection(
      int openMax, int streamsMax, int resetsMax, int heldBytesMax, int drainBytesMax) {
    public Connection {
      positive("openMax", openMax);
      positive("streamsMax", streamsMax);
      positive("resetsMax", resetsMax);
      positive("heldBytesMax", heldBytesMax);
      positive("drainBytesMax", drainBytesMax);
    }
  }

  /**
   * How long a viewer may take.
   *
   * @param head from the first byte of a request to the end of its header
   * @param idle between requests
   * @param stall without a byte while one is waited for: of a body, or taken of a response
   * @param handshake for the TLS handshake
   * @param linger for what a viewer still sends when its connection is closed, so that it sees the
   *     response instead of a reset (RFC 9112, section 9.6)
   */
  public record Times(
      Duration head, Duration idle, Duration stall, Duration handshake, Duration linger) {
    public Times {
      positive("head", head.toMillis());
      positive("idle", idle.toMillis());
      positive("stall", stall.toMillis());
      positive("handshake", handshake.toMillis());
      positive("linger", linger.toMillis());
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be above 0: " + value);
    }
  }
}
