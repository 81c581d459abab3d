package warmfront.streaming.rtmp;

/** What a server tells of a stream (RTMP 1.0, section 7.1.7). */
public enum StreamEvent {
  BEGIN(0),
  END(1),
  DRY(2),
  RECORDED(4),
  BUFFER_EMPTY(31),
  BUFFER_READY(32);

  private final int number;

  StreamEvent(int number) {
    this.number = number;
  }

  /** Returns the number of the event. */
  int number() {
    return number;
  }
}
