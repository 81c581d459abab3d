package warmfront.streaming.rtmp;

/** Why a link ended. */
public enum Ending {
  /** The peer closed it. */
  PEER,
  /** The session closed it. */
  SESSION,
  /** The peer broke the protocol or a limit. */
  PROTOCOL,
  /** The peer took too long to say what it wants. */
  UNADMITTED,
  /** Nothing came or went for too long. */
  IDLE,
  /** The peer took nothing of what waited to be sent for too long. */
  STALLED,
  /** The server ended. */
  SERVER,
  /** A fault of ours, which is logged. */
  FAULT
}
