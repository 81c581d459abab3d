package warmfront.routing.dns;

import java.time.Duration;

/**
 * What the DNS server bears.
 *
 * @param udpReplyBytesMax largest reply over UDP, in bytes; it is also what we say we take
 * @param queryBytesMax largest query, in bytes; a longer one is dropped, or its connection closed
 * @param additionalRecordsMax records in a query's additional section
 * @param optionsMax EDNS options in a query
 * @param tcpConnectionsMax connections at a time
 * @param tcpConnectionsPerClientMax connections at a time from one address
 * @param tcpIdle how long a connection may go without a whole query read and its reply taken
 */
public record DnsLimits(
    int udpReplyBytesMax,
    int queryBytesMax,
    int additionalRecordsMax,
    int optionsMax,
    int tcpConnectionsMax,
    int tcpConnectionsPerClientMax,
    Duration tcpIdle) {
  /** 1232 bytes pass every IPv6 path unfragmented (DNS flag day 2020). */
  public static final DnsLimits DEFAULT =
      new DnsLimits(1232, 4096, 8, 32, 512, 64, Duration.ofSeconds(10));

  /** What every client takes over UDP, in bytes (RFC 1035, section 4.2.1). */
  static final int UDP_REPLY_BYTES_MIN = 512;

  /**
   * Room for any reply of ours: a question, 13 name servers of 255 bytes and the OPT record fill
   * less.
   */
  static final int REPLY_BYTES_MAX = 4096;

  public DnsLimits {
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
    if (tcpConnectionsMax < 1 || tcpConnectionsPerClientMax < 1) {
      throw new IllegalArgumentException("TCP must be served (RFC 7766, section 5)");
    }
    if (tcpIdle.isNegative() || tcpIdle.isZero()) {
      throw new IllegalArgumentException("tcpIdle must be above 0: " + tcpIdle);
    }
  }
}
