package warmfront.routing.dns;

import java.time.Duration;

/**
 * What the DNS server bears.
 *
 * @param messages of queries and replies
 * @param unproven of replies to those who have not proved their address
 * @param connections of TCP
 * @param udpSockets sockets, each with a thread, that share the queries of a UDP port
 * @param warmQueries how many queries of our own the way of a query is tried with before the ports
 *     open
 */
public record DnsLimits(
    Messages messages,
    Unproven unproven,
    Connections connections,
    int udpSockets,
    int warmQueries) {
  /**
   * How large things are.
   *
   * @param udpReplyBytesMax largest reply over UDP, in bytes; it is also what we say we take
   * @param queryBytesMax largest query, in bytes; a longer one is dropped, or its connection closed
   * @param additionalRecordsMax records in a query's additional section
   * @param optionsMax EDNS options in a query
   */
  public record Messages(
      int udpReplyBytesMax, int queryBytesMax, int additionalRecordsMax, int optionsMax) {
    /** 1232 bytes pass every IPv6 path unfragmented (DNS flag day 2020). */
    public static final Messages DEFAULT = new Messages(1232, 4096, 8, 32);

    public Messages {
      if (udpReplyBytesMax < UDP_REPLY_BYTES_MIN || udpReplyBytesMax > REPLY_BYTES_MAX) {
        throw new IllegalArgumentException(
            "udpReplyBytesMax is %d to %d: %d"
                .formatted(UDP_REPLY_BYTES_MIN, REPLY_BYTES_MAX, udpReplyBytesMax));
      }
      if (queryBytesMax < UDP_REPLY_BYTES_MIN || queryBytesMax > 65_535) {
        throw new IllegalArgumentException("queryBytesMax is 512 to 65535: " + queryBytesMax);
      }
      if (additionalRecordsMax < 1 || optionsMax < 1) {
        throw new IllegalArgumentException("a query may have an OPT record with an option");
      }
    }
  }

  /**
   * What is sent over UDP to an address that may be a victim's: no cookie proves that it asked.
   *
   * @param replyPercentMax largest reply, as a percentage of its query: a larger one is cut down,
   *     or sends the client to TCP
   * @param repliesPerSecondMax replies a second to a network, a /24 or a /56
   * @param slip of the replies beyond, one of so many says that the client is to prove its address;
   *     the others are dropped
   */
  public record Unproven(int replyPercentMax, int repliesPerSecondMax, int slip) {
    /**
     * 5000 replies a second are more than a busy resolver's network asks for, and of these sizes
     * half a megabyte to a victim.
     */
    public static final Unproven DEFAULT = new Unproven(150, 5_000, 2);

    public Unproven {
      if (replyPercentMax < 150) {
        // With less not even a cookie and the word that there is more over TCP find room.
        throw new IllegalArgumentException("replyPercentMax is 150 and up: " + replyPercentMax);
      }
      if (repliesPerSecondMax < 1 || slip < 1) {
        throw new IllegalArgumentException("some replies must be sent to a network");
      }
    }
  }

  /**
   * What TCP may cost.
   *
   * @param max connections at a time; beyond, the one that has stood still longest goes
   * @param perClientMax connections at a time from one address
   * @param idle how long a connection may go without a whole query read and its reply taken
   */
  public record Connections(int max, int perClientMax, Duration idle) {
    /** Clients of ours ask one question or two; 10 s are what RFC 7766, 6.2.3, has in mind. */
    public static final Connections DEFAULT = new Connections(512, 64, Duration.ofSeconds(10));

    public Connections {
      if (max < 1 || perClientMax < 1) {
        throw new IllegalArgumentException("TCP must be served (RFC 7766, section 5)");
      }
      if (idle.isNegative() || idle.isZero()) {
        throw new IllegalArgumentException("idle must be above 0: " + idle);
      }
    }
  }

  /** A socket for each core: more would share nothing. */
  public static final DnsLimits DEFAULT =
      new DnsLimits(
          Messages.DEFAULT,
          Unproven.DEFAULT,
          Connections.DEFAULT,
          Runtime.getRuntime().availableProcessors(),
          20_000);

  private static final int UDP_SOCKETS_MAX = 256;

  /** What every client takes over UDP, in bytes (RFC 1035, section 4.2.1). */
  static final int UDP_REPLY_BYTES_MIN = 512;

  /**
   * Room for any reply of ours: a question, 13 name servers of 255 bytes and the OPT record fill
   * less.
   */
  static final int REPLY_BYTES_MAX = 4096;

  public DnsLimits {
    if (udpSockets < 1 || udpSockets > UDP_SOCKETS_MAX) {
      throw new IllegalArgumentException(
          "udpSockets is 1 to %d: %d".formatted(UDP_SOCKETS_MAX, udpSockets));
    }
    if (warmQueries < 0) {
      throw new IllegalArgumentException("warmQueries is 0 and up: " + warmQueries);
    }
  }

  /** Returns these limits with others of those who have not proved their address. */
  public DnsLimits with(Unproven other) {
    return new DnsLimits(messages, other, connections, udpSockets, warmQueries);
  }

  /** Returns these limits with others of connections. */
  public DnsLimits with(Connections other) {
    return new DnsLimits(messages, unproven, other, udpSockets, warmQueries);
  }
}
