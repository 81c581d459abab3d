package warmfront.streaming.rtmp;

/**
 * What a peer's messages are told to, after the handshake. Every call comes on the loop of its
 * {@link Link}, one after another; none may wait. What it sends in a call is flushed after it.
 */
public interface Session {
  /** A command came. */
  void command(Command command);

  /** Audio, video or data came; only once the session has {@link Link#admitPublisher}. */
  void media(MediaMessage message);

  /**
   * The peer says how much it buffers (RTMP 1.0, section 7.1.7, SetBufferLength).
   *
   * @param millis as it says: 0 to 2^32 - 1
   */
  void bufferLength(int streamId, long millis);

  /** All that came together from the peer has been told. */
  void settled();

  /** The link is writable again, having been asked and not been so. */
  void writable();

  /** The server drains: it ends what it does when it suits, and closes the link. */
  void drain();

  /** The link is gone, for whatever reason; the last call. */
  void closed(Ending why);
}
