package warmfront.streaming.rtmp;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of chunks (RTMP 1.0, section 5.3). Bytes are taken as they come, so that nothing
 * but an incomplete header is left over; room for a message is made as its bytes come, so that
 * announcing a long one costs the peer as much as us.
 */
final class ChunkReader {
  /** What an incomplete header may leave over: 3 + 11 + 4 bytes, less one. */
  static final int LEFT_MAX = 17;

  static final int SET_CHUNK_SIZE = 1;
  static final int ABORT = 2;

  private static final int FIRST_CHUNK = 128;
  private static final int CHUNK_MAX = 0xFFFFFF;
  private static final int EXTENDED = 0xFFFFFF;
  private static final long WRAP = 0xFFFF_FFFFL;

  /** Lengths of the message headers of each kind (section 5.3.1.2). */
  private static final int[] HEADERS = {11, 7, 3, 0};

  private final Limits.Memory limits;
  private final Receiver receiver;
  private final Map<Integer, ChunkStream> streams = new HashMap<>();
  private int chunk = FIRST_CHUNK;
  private boolean isPublisher;
  private long held;
  private @Nullable ChunkStream current;
  private int left;

  /** Takes messages. */
  interface Receiver {
    /** Takes a message. {@code payload} is the receiver's. */
    void message(int type, int streamId, long millis, byte[] payload) throws ProtocolException;
  }

  ChunkReader(Limits.Memory limits, Receiver receiver) {
    this.limits = limits;
    this.receiver = receiver;
  }

  /** Lets the peer send what publishers send. */
  void admitPublisher() {
    isPublisher = true;
  }

  /** Returns how many bytes of memory messages take that are not complete. */
  long held() {
    return held;
  }

  /** Reads as far as possible; what is left of {@code in} has to come again with what follows. */
  void read(ByteBuf in) throws ProtocolException {
    while (true) {
      @Nullable ChunkStream stream = current != null ? current : header(in);
      if (stream == null) {
        return;
      }
      current = stream;
      payload(stream, in);
      if (left > 0) {
        return;
      }
      current = null;
      if (stream.missing() == 0) {
        complete(stream);
      }
    }
  }

  /** Reads a chunk's header; null if it is not all there. */
  private @Nullable ChunkStream header(ByteBuf in) throws ProtocolException {
    int at = in.readerIndex();
    int readable = in.readableBytes();
    if (readable == 0) {
      return null;
    }
    int first = in.getUnsignedByte(at);
    int kind = first >> 6;
    int id = first & 0x3F;
    int basic = id == 0 ? 2 : id == 1 ? 3 : 1;
    int message = HEADERS[kind];
    if (readable < basic + message) {
      return null;
    }
    if (basic == 2) {
      id = 64 + in.getUnsignedByte(at + 1);
    } else if (basic == 3) {
      id = 64 + in.getUnsignedShortLE(at + 1);
    }
    ChunkStream stream = stream(id, kind);
    int end = at + basic + message;
    boolean isExtended =
        kind == 3 ? stream.isExtended : in.getUnsignedMedium(at + basic) == EXTENDED;
    if (isExtended && readable < basic + message + 4) {
      return null;
    }
    if (kind < 3) {
      fields(stream, kind, in, at + basic, isExtended);
      end += isExtended ? 4 : 0;
    } else if (isExtended && in.getUnsignedInt(end) == stream.field) {
      end += 4; // some encoders do not repeat it, and then these are bytes of the message
    }
    in.readerIndex(end);
    if (!stream.isUnderWay()) {
      begin(stream, kind);
    }
    left = Math.min(chunk, stream.missing());
    return stream;
  }

  private ChunkStream stream(int id, int kind) throws ProtocolException {
    @Nullable ChunkStream known = streams.get(id);
    if (known != null) {
      if (kind < 3 && known.isUnderWay()) {
        throw new ProtocolException("a message begins within another on chunk stream " + id);
      }
      return known;
    }
    if (kind > 1) { // librtmp begins its control stream with the second kind
      throw new ProtocolException("chunk stream %d begins with header kind %d".formatted(id, kind));
    }
    if (streams.size() == limits.chunkStreamsMax()) {
      throw new ProtocolException("more than %d chunk streams".formatted(streams.size()));
    }
    ChunkStream made = new ChunkStream(id);
    streams.put(id, made);
    return made;
  }

  private static void fields(ChunkStream stream, int kind, ByteBuf in, int at, boolean isExtended) {
    stream.isExtended = isExtended;
    stream.field = isExtended ? in.getUnsignedInt(at + HEADERS[kind]) : in.getUnsignedMedium(at);
    if (kind < 2) {
      stream.length = in.getUnsignedMedium(at + 3);
      stream.type = in.getUnsignedByte(at + 6);
    }
    if (kind == 0) {
      stream.streamId = in.getIntLE(at + 7);
    }
  }

  private void begin(ChunkStream stream, int kind) throws ProtocolException {
    // a header of the last kind repeats the field, also if that was no delta (section 5.3.1.2.4)
    stream.timestamp = kind == 0 ? stream.field : stream.timestamp + stream.field & WRAP;
    int max = lengthMax(stream.type);
    if (stream.length > max) {
      throw new ProtocolException(
          "a message of type %d has %d bytes, %d at most"
              .formatted(stream.type, stream.length, max));
    }
    stream.begin();
  }

  private int lengthMax(int type) {
    boolean isMedia =
        type == MediaKind.AUDIO.type() || type == MediaKind.VIDEO.type() || type == Aggregate.TYPE;
    return isPublisher && isMedia ? limits.publishedBytesMax() : limits.messageBytesMax();
  }

  private void payload(ChunkStream stream, ByteBuf in) throws ProtocolException {
    int count = Math.min(left, in.readableBytes());
    if (count == 0) {
      return;
    }
    held += stream.growth(count);
    int max = isPublisher ? limits.publishedPartialBytesMax() : limits.partialBytesMax();
    if (held > max) {
      throw new ProtocolException("messages under way of more than %d bytes".formatted(max));
    }
    stream.fill(in, count);
    left -= count;
  }

  private void complete(ChunkStream stream) throws ProtocolException {
    held -= stream.room();
    byte[] payload = stream.take();
    switch (stream.type) {
      case SET_CHUNK_SIZE -> {
        int size = (int) number(payload);
        if (size < 1) { // its first bit is 0 (section 5.4.1)
          throw new ProtocolException("a chunk size of %d".formatted(size));
        }
        chunk = Math.min(size, CHUNK_MAX);
      }
      case ABORT -> abort((int) number(payload));
      default -> receiver.message(stream.type, stream.streamId, stream.timestamp, payload);
    }
  }

  private void abort(int id) {
    @Nullable ChunkStream stream = streams.get(id);
    if (stream != null) {
      held -= stream.room();
      stream.drop();
    }
  }

  /** Returns the number of four bytes that a control message begins with. */
  static long number(byte[] payload) throws ProtocolException {
    if (payload.length < 4) {
      throw new ProtocolException("a control message of %d bytes".formatted(payload.length));
    }
    return ((payload[0] & 0xFFL) << 24)
        | ((payload[1] & 0xFF) << 16)
        | ((payload[2] & 0xFF) << 8)
        | (payload[3] & 0xFF);
  }
}
