package warmfront.streaming.rtmp;

/** When the peer has to be told how much of it was received (RTMP 1.0, section 5.4.3). */
final class Acknowledgements {
  private long window = Control.WINDOW_BYTES;
  private long received;
  private long told;

  void received(int bytes) {
    received += bytes;
  }

  /** The peer says after how many bytes it wants to be told. */
  void window(long bytes) {
    window = bytes;
  }

  /** Returns whether it is time; it then counts as done. */
  boolean isDue() {
    if (window == 0 || received - told < window) {
      return false;
    }
    told = received;
    return true;
  }

  long received() {
    return received;
  }
}
