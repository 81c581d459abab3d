package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;

/** Messages about the connection itself (RTMP 1.0, sections 5.4, 6.2 and 7.1). */
final class Control {
  static final int ACKNOWLEDGEMENT = 3;
  static final int USER = 4;
  static final int WINDOW = 5;
  static final int BANDWIDTH = 6;
  static final int DATA_3 = 15;
  static final int COMMAND_3 = 17;
  static final int DATA = 18;
  static final int COMMAND = 20;

  /** Events of {@link #USER}. */
  static final int BUFFER_LENGTH = 3;

  static final int PING = 6;
  static final int PONG = 7;

  /** Chunk streams. */
  static final int CONTROL_STREAM = 2;

  static final int COMMAND_STREAM = 3;

  /** What Flash Media Server says, and so what every client has seen. */
  static final int WINDOW_BYTES = 2_500_000;

  private static final int DYNAMIC = 2;

  private Control() {}

  /** Writes the window, the bandwidth and the size of our chunks. */
  static void greeting(ByteBuf out) {
    header(out, WINDOW, 4).writeInt(WINDOW_BYTES);
    header(out, BANDWIDTH, 5).writeInt(WINDOW_BYTES).writeByte(DYNAMIC);
    header(out, ChunkReader.SET_CHUNK_SIZE, 4).writeInt(ChunkWriter.CHUNK);
  }

  /** Writes how many bytes were received, of which 32 bits are told. */
  static void acknowledgement(ByteBuf out, long received) {
    header(out, ACKNOWLEDGEMENT, 4).writeInt((int) received);
  }

  /** Writes an event with a number of 32 bits. */
  static void event(ByteBuf out, int event, int value) {
    header(out, USER, 6).writeShort(event).writeInt(value);
  }

  private static ByteBuf header(ByteBuf out, int type, int length) {
    ChunkWriter.header(out, CONTROL_STREAM, type, 0, 0, length);
    return out;
  }
}
