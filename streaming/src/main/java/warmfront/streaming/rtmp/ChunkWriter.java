package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Writes messages as chunks (RTMP 1.0, section 5.3). Every message begins with a full header, so
 * that what was encoded once means the same on every connection, and those who join late need to
 * know nothing.
 */
final class ChunkWriter {
  /** Payload bytes of a chunk; all peers are told so before the first message that needs it. */
  static final int CHUNK = 60_000;

  /** What a message header takes with one byte of chunk stream id and an extended timestamp. */
  private static final int HEADER_MAX = 16;

  private static final int CONTINUED_MAX = 5;
  private static final int FULL = 0;
  private static final int CONTINUED = 3 << 6;
  private static final long EXTENDED = 0xFFFFFF;

  private ChunkWriter() {}

  /** Returns how many bytes a message of this length takes at most. */
  static int sizeOf(int length) {
    return HEADER_MAX + length + length / CHUNK * CONTINUED_MAX;
  }

  /** Writes a message of audio, video or data. */
  static void media(ByteBuf out, MediaHead head, Body body) {
    int chunkStream = head.kind().chunkStream();
    int length = head.length();
    out.ensureWritable(sizeOf(length));
    header(out, chunkStream, head.kind().type(), head.millis(), head.streamId(), length);
    for (int i = head.prefixLength() - 1; i >= 0; i--) {
      out.writeByte((int) (head.prefix() >>> (8 * i)));
    }
    int room = CHUNK - head.prefixLength();
    for (int at = 0; at < head.bodyLength(); ) {
      if (room == 0) {
        continued(out, chunkStream, head.millis());
        room = CHUNK;
      }
      int now = Math.min(room, head.bodyLength() - at);
      ByteBuffer target = out.internalNioBuffer(out.writerIndex(), now);
      body.copy(at, target);
      out.writerIndex(out.writerIndex() + now);
      at += now;
      room -= now;
    }
  }

  /** Writes any other message, with the timestamp 0. */
  static void message(ByteBuf out, int chunkStream, int type, int streamId, ByteBuf payload) {
    int length = payload.readableBytes();
    out.ensureWritable(sizeOf(length));
    header(out, chunkStream, type, 0, streamId, length);
    while (payload.isReadable()) {
      out.writeBytes(payload, Math.min(CHUNK, payload.readableBytes()));
      if (payload.isReadable()) {
        continued(out, chunkStream, 0);
      }
    }
  }

  /** Writes a message header of the first kind (section 5.3.1.2.1). */
  static void header(
      ByteBuf out, int chunkStream, int type, long millis, int streamId, int length) {
    long timestamp = millis & 0xFFFF_FFFFL;
    boolean extended = timestamp >= EXTENDED;
    out.writeByte(FULL | chunkStream);
    out.writeMedium((int) (extended ? EXTENDED : timestamp));
    out.writeMedium(length);
    out.writeByte(type);
    out.writeIntLE(streamId);
    if (extended) {
      out.writeInt((int) timestamp);
    }
  }

  private static void continued(ByteBuf out, int chunkStream, long millis) {
    out.writeByte(CONTINUED | chunkStream);
    long timestamp = millis & 0xFFFF_FFFFL;
    if (timestamp >= EXTENDED) {
      out.writeInt((int) timestamp); // as Adobe's own servers and ffmpeg do (section 5.3.1.3)
    }
  }
}
