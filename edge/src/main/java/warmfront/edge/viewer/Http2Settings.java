package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;

/**
 * What one SETTINGS frame of a viewer says of how we send (RFC 9113, section 6.5.2).
 *
 * @param error that one of its values is; NO_ERROR if all are right
 * @param tableBytes SETTINGS_HEADER_TABLE_SIZE, the smallest if it stands more than once; -1 if it
 *     is not there
 * @param window SETTINGS_INITIAL_WINDOW_SIZE; -1 if it is not there
 * @param frameBytes SETTINGS_MAX_FRAME_SIZE; -1 if it is not there
 */
record Http2Settings(Http2Error error, long tableBytes, int window, int frameBytes) {
  /** The length of one setting. */
  static final int BYTES = 6;

  static final int HEADER_TABLE_SIZE = 1;
  static final int ENABLE_PUSH = 2;
  static final int MAX_CONCURRENT_STREAMS = 3;
  static final int INITIAL_WINDOW_SIZE = 4;
  static final int MAX_FRAME_SIZE = 5;
  static final int MAX_HEADER_LIST_SIZE = 6;
  static final int NO_RFC7540_PRIORITIES = 9; // RFC 9218, 2.1

  private static final int FRAME_BYTES_LEAST = 16_384;
  private static final int FRAME_BYTES_MOST = (1 << 24) - 1;

  /** Reads a frame of {@code length} bytes; ends at the first value that is wrong. */
  static Http2Settings read(ByteBuf in, int length) {
    long tableBytes = -1;
    int window = -1;
    int frameBytes = -1;
    for (int read = 0; read < length; read += BYTES) {
      int name = in.readUnsignedShort();
      long value = in.readUnsignedInt();
      switch (name) {
        case HEADER_TABLE_SIZE -> tableBytes = tableBytes < 0 ? value : Math.min(tableBytes, value);
        case ENABLE_PUSH, NO_RFC7540_PRIORITIES -> {
          if (value > 1) {
            return wrong(Http2Error.PROTOCOL_ERROR);
          }
        }
        case INITIAL_WINDOW_SIZE -> {
          if (value > Integer.MAX_VALUE) {
            return wrong(Http2Error.FLOW_CONTROL_ERROR);
          }
          window = (int) value;
        }
        case MAX_FRAME_SIZE -> {
          if (value < FRAME_BYTES_LEAST || value > FRAME_BYTES_MOST) {
            return wrong(Http2Error.PROTOCOL_ERROR);
          }
          frameBytes = (int) value;
        }
        default -> {} // RFC 9113, 6.5.2: unknown ones are ignored
      }
    }
    return new Http2Settings(Http2Error.NO_ERROR, tableBytes, window, frameBytes);
  }

  private static Http2Settings wrong(Http2Error error) {
    return new Http2Settings(error, -1, -1, -1);
  }
}
