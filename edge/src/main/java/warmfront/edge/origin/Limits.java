package warmfront.edge.origin;

import java.time.Duration;

/**
 * How much an origin may ask of an edge.
 *
 * @param wire sizes of what an origin sends
 * @param pool connections to one peer
 * @param names resolving of names
 * @param tunnelIdle how long a WebSocket, or a call whose request goes on, may be silent in both
 *     directions
 * @param calls connections over HTTP/2 to one peer
 */
public record Limits(Wire wire, PerPeer pool, Names names, Duration tunnelIdle, Calls calls) {
  /** The defaults, of which 10 minutes are CloudFront's ("Use WebSockets"). */
  public static final Limits DEFAULT = new Limits(Wire.DEFAULT, PerPeer.DEFAULT, Names.DEFAULT);

  /** Makes limits with the ordinary patience for WebSockets. */
  public Limits(Wire wire, PerPeer pool, Names names) {
    this(wire, pool, names, Duration.ofMinutes(10), Calls.DEFAULT);
  }

  /**
   * Connections over HTTP/2 to one peer, for calls of gRPC.
   *
   * @param connections at a time
   * @param streams calls under way on one of them, if the peer does not allow fewer
   * @param windowBytes what a peer may send of a call before it is read; all calls of a connection
   *     together may have so much, so that none waits for the reader of another
   * @param quiet after how much silence a connection is pinged when a call begins on it
   * @param ping how long it may take to say something then
   */
  public record Calls(
      int connections, int streams, int windowBytes, Duration quiet, Duration ping) {
    /** 64 connections of 100 calls, 256 KiB a call, pinged after 10 s and given up 10 s later. */
    public static final Calls DEFAULT =
        new Calls(64, 100, 262_144, Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  /**
   * Sizes of what an origin sends; beyond them its answer is refused.
   *
   * @param headBytes of the status line and header (CloudFront: 32768)
   * @param fields field lines in the header
   * @param informational answers with status 1xx before the final one
   * @param chunkLineBytes of a line with a chunk's size, extensions included
   * @param trailerBytes of all trailer fields, which are not passed on
   */
  public record Wire(
      int headBytes, int fields, int informational, int chunkLineBytes, int trailerBytes) {
    /** 32768 bytes, 256 fields, 8 informational, 4096 bytes a chunk line, 8192 of trailers. */
    public static final Wire DEFAULT = new Wire(32_768, 256, 8, 4096, 8192);
  }

  /**
   * Connections to one peer: host, port and TLS name.
   *
   * @param underWay requests under way at once
   * @param queued requests that wait for one of those to end
   * @param queueWait how long they wait
   * @param idle idle connections kept
   * @param unsafeIdle how long a connection may have been idle to be used for a request that cannot
   *     be sent twice
   * @param keepAlive how long an idle connection to an S3 origin is kept (custom origins say it)
   */
  public record PerPeer(
      int underWay,
      int queued,
      Duration queueWait,
      int idle,
      Duration unsafeIdle,
      Duration keepAlive) {
    /** 1024 under way, 4096 queued for 10 s, 256 idle, 1 s for unsafe ones, 5 s kept. */
    public static final PerPeer DEFAULT =
        new PerPeer(
            1024, 4096, Duration.ofSeconds(10), 256, Duration.ofSeconds(1), Duration.ofSeconds(5));
  }

  /**
   * Resolving of names.
   *
   * @param fresh how long an answer is used without asking again
   * @param retry how long after a failure nobody asks again
   * @param patience how long a fetch waits for an answer
   * @param names names remembered
   * @param threads look-ups at once
   */
  public record Names(Duration fresh, Duration retry, Duration patience, int names, int threads) {
    /** Fresh for 30 s, retried after 2 s, waited for 5 s, 10000 names, 4 threads. */
    public static final Names DEFAULT =
        new Names(Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofSeconds(5), 10_000, 4);
  }
}
