package warmfront.edge.viewer;

/** Why a connection's round-trip time is not counted. The names are in metrics. */
enum Unmeasured {
  /** The kernel has none: it answered with a SYN cookie, or the connection is gone already. */
  NO_TIME,
  /** The handshake's packet was sent again, so that the time may be to either of them. */
  SENT_AGAIN,
  /** Above a second: a queue, not a distance. */
  TOO_LONG,
  /** The viewers' range was not among as many as are kept. */
  NO_ROOM
}
