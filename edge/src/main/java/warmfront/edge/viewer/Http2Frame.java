package warmfront.edge.viewer;

/** Types and flags of frames (RFC 9113, section 6; RFC 9218, section 7.1). */
final class Http2Frame {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int PRIORITY_UPDATE = 16;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int WITH_PRIORITY = 0x20;

  /** The length of a frame's head. */
  static final int HEAD_BYTES = 9;

  /** The largest frame that every peer takes, and the largest that is taken here. */
  static final int BYTES_MAX = 16_384;

  private Http2Frame() {}
}
