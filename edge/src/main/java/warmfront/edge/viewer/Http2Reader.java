package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of one HTTP/2 connection apart into frames, and judges what a frame alone can be
 * judged by: lengths, padding, order of header blocks (RFC 9113, sections 3.4, 4 and 6).
 */
final class Http2Reader {
  private static final byte[] PREFACE = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  /** What the frames say. */
  interface Events {
    /** Returns whether more frames are to be read. */
    boolean reading();

    /** The connection must end. */
    void fail(Http2Error error, String why);

    /** The stream must end, because of a frame that came for it. */
    void fail(int stream, Http2Error error);

    /** Something came that brings nothing forward. */
    void toil(Toil toil);

    /**
     * A part of a body.
     *
     * @param data to read {@code length} bytes from; not to be kept
     * @param padding more bytes that count for the windows
     */
    void data(int stream, ByteBuf data, int length, int padding, boolean ended);

    /**
     * A header block, whole.
     *
     * @param block lent; it begins at 0
     * @param right false if the stream is an error for another reason than what is in the block
     */
    void headers(int stream, byte[] block, int length, boolean ended, boolean right);

    /** The viewer ends a stream. */
    void reset(int stream);

    /** Settings, to be acknowledged. */
    void settings(Http2Settings settings);

    /** Our settings are acknowledged. */
    void settled();

    /** A ping, or the answer to one. */
    void ping(boolean answer, long data);

    /** The viewer begins no more streams. */
    void goAway();

    /** More room, for a stream or, if it is 0, the connection. */
    void window(int stream, int increment);

    /** A new priority (RFC 9218, 7.1). */
    void priority(int stream, String field);
  }

  private final ByteBufAllocator memory;
  private final Http2Desk desk;
  private final Events events;
  private final int blockBytesMax;
  private @Nullable ByteBuf rest;
  private boolean greeted;
  private boolean settled;

  // of a header block that goes on
  private int blockStream;
  private boolean blockEnds;
  private boolean blockRight;
  private byte[] block = new byte[0];
  private int blockBytes;

  // of the frame at hand
  private int length;
  private int flags;
  private int stream;
  private long progress;

  Http2Reader(ByteBufAllocator memory, Http2Desk desk, Limits.Http2 limits, Events events) {
    this.memory = memory;
    this.desk = desk;
    this.events = events;
    blockBytesMax = limits.blockBytesMax();
  }

  /** Takes bytes over, and tells what they say. */
  void read(ByteBuf bytes) {
    ByteBuf in = rest == null ? bytes : joined(rest, bytes);
    rest = null;
    boolean keep = false;
    try {
      boolean more = greeted || greeting(in);
      while (more) {
        more = events.reading() && frame(in);
      }
      keep = in.isReadable() && events.reading();
    } finally {
      if (keep) {
        rest = in;
      } else {
        in.release();
      }
    }
  }

  /** Returns whether a frame or header block has begun and not ended. */
  boolean isInside() {
    return rest != null || blockStream != 0 || !settled;
  }

  /** Returns how many frames have come to their end, a header block counted as one. */
  long progress() {
    return progress;
  }

  /** Lets go of what was read of a frame. */
  void close() {
    if (rest != null) {
      rest.release();
      rest = null;
    }
  }

  private ByteBuf joined(ByteBuf first, ByteBuf second) {
    ByteBuf both = first;
    if (first.writableBytes() < second.readableBytes() || first.refCnt() > 1) {
      int bytes = first.readableBytes() + second.readableBytes();
      both = memory.directBuffer(Math.max(bytes, Http2Frame.HEAD_BYTES + Http2Frame.BYTES_MAX));
      both.writeBytes(first);
      first.release();
    }
    both.writeBytes(second);
    second.release();
    return both;
  }

  private boolean greeting(ByteBuf in) {
    int bytes = Math.min(PREFACE.length, in.readableBytes());
    for (int i = 0; i < bytes; i++) {
      if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
        events.fail(Http2Error.PROTOCOL_ERROR, "no HTTP/2 preface");
        return false;
      }
    }
    if (bytes < PREFACE.length) {
      return false;
    }
    in.skipBytes(bytes);
    greeted = true;
    return true;
  }

  private boolean frame(ByteBuf in) {
    if (in.readableBytes() < Http2Frame.HEAD_BYTES) {
      return false;
    }
    int at = in.readerIndex();
    length = in.getUnsignedMedium(at);
    if (length > Http2Frame.BYTES_MAX) {
      events.fail(Http2Error.FRAME_SIZE_ERROR, "a frame is too large");
      return false;
    }
    if (in.readableBytes() < Http2Frame.HEAD_BYTES + length) {
      return false;
    }
    int type = in.getUnsignedByte(at + 3);
    flags = in.getByte(at + 4);
    stream = in.getInt(at + 5) & Integer.MAX_VALUE;
    int end = at + Http2Frame.HEAD_BYTES + length;
    in.readerIndex(at + Http2Frame.HEAD_BYTES);
    if (isInOrder(type)) {
      dispatch(type, in);
    }
    progress += blockStream == 0 ? 1 : 0;
    in.readerIndex(end);
    return true;
  }

  private boolean isInOrder(int type) {
    boolean continues = type == Http2Frame.CONTINUATION;
    if (continues != (blockStream != 0) || (continues && stream != blockStream)) {
      return wrong("a header block is interrupted");
    }
    if (!settled && (type != Http2Frame.SETTINGS || (flags & Http2Frame.ACK) != 0)) {
      return wrong("the first frame is not SETTINGS"); // RFC 9113, 3.4
    }
    return true;
  }

  private void dispatch(int type, ByteBuf in) {
    switch (type) {
      case Http2Frame.DATA -> data(in);
      case Http2Frame.HEADERS -> headers(in);
      case Http2Frame.PRIORITY -> priority(in);
      case Http2Frame.RST_STREAM -> {
        if (ofStream(true) && has(4)) {
          events.reset(stream);
        }
      }
      case Http2Frame.SETTINGS -> settings(in);
      case Http2Frame.PUSH_PROMISE -> wrong("a viewer cannot push");
      case Http2Frame.PING -> {
        if (ofStream(false) && has(8)) {
          events.ping((flags & Http2Frame.ACK) != 0, in.readLong());
        }
      }
      case Http2Frame.GOAWAY -> {
        if (ofStream(false) && (length >= 8 || has(8))) {
          events.goAway();
        }
      }
      case Http2Frame.WINDOW_UPDATE -> {
        if (has(4)) {
          events.window(stream, in.readInt() & Integer.MAX_VALUE);
        }
      }
      case Http2Frame.CONTINUATION -> {
        events.toil(Toil.CONTINUATION);
        fragment(in, length);
      }
      case Http2Frame.PRIORITY_UPDATE -> priorityUpdate(in);
      default -> events.toil(Toil.IDLE); // RFC 9113, 4.1: ignored
    }
  }

  private boolean ofStream(boolean wanted) {
    return (stream != 0) == wanted || wrong("a frame is on a stream where it cannot be");
  }

  private boolean has(int bytes) {
    if (length != bytes) {
      events.fail(Http2Error.FRAME_SIZE_ERROR, "a frame has not the length of its type");
    }
    return length == bytes;
  }

  private boolean wrong(String why) {
    events.fail(Http2Error.PROTOCOL_ERROR, why);
    return false;
  }

  /** Returns the padding with the byte that says so; -1 if it is more than there is. */
  private int padding(ByteBuf in) {
    if ((flags & Http2Frame.PADDED) == 0) {
      return 0;
    }
    int padding = length == 0 ? length : in.readUnsignedByte() + 1;
    if (padding > length || length == 0) {
      wrong("more padding than there is room for");
      return -1;
    }
    return padding;
  }

  private void data(ByteBuf in) {
    if (!ofStream(true)) {
      return;
    }
    int padding = padding(in);
    if (padding >= 0) {
      boolean ended = (flags & Http2Frame.END_STREAM) != 0;
      if (length == padding && !ended) {
        events.toil(Toil.EMPTY);
      }
      events.data(stream, in, length - padding, padding, ended);
    }
  }

  private void headers(ByteBuf in) {
    if (!ofStream(true)) {
      return;
    }
    int padding = padding(in);
    if (padding < 0) {
      return;
    }
    int bytes = length - padding;
    blockRight = true;
    if ((flags & Http2Frame.WITH_PRIORITY) != 0) {
      bytes -= 5;
      if (bytes >= 0) {
        // RFC 7540, 5.3.1: a stream cannot depend on itself; nothing else is read of it (RFC 9113)
        blockRight = (in.readInt() & Integer.MAX_VALUE) != stream;
        in.skipBytes(1);
      }
    }
    if (bytes < 0) {
      wrong("more padding than there is room for");
      return;
    }
    blockStream = stream;
    blockEnds = (flags & Http2Frame.END_STREAM) != 0;
    blockBytes = 0;
    if ((flags & Http2Frame.END_HEADERS) == 0) {
      fragment(in, bytes);
      return;
    }
    byte[] whole = desk.fragment(bytes);
    in.readBytes(whole, 0, bytes);
    blockEnded(whole, bytes);
  }

  private void fragment(ByteBuf in, int bytes) {
    if (blockBytes + bytes > blockBytesMax) {
      events.fail(Http2Error.ENHANCE_YOUR_CALM, "a header is too large");
      return;
    }
    if (block.length < blockBytes + bytes) {
      block = Arrays.copyOf(block, Math.min(blockBytesMax, 2 * (blockBytes + bytes)));
    }
    in.readBytes(block, blockBytes, bytes);
    blockBytes += bytes;
    if ((flags & Http2Frame.END_HEADERS) != 0) {
      byte[] whole = block;
      block = new byte[0];
      blockEnded(whole, blockBytes);
    }
  }

  private void blockEnded(byte[] whole, int bytes) {
    int begun = blockStream;
    blockStream = 0;
    events.headers(begun, whole, bytes, blockEnds, blockRight);
  }

  private void priority(ByteBuf in) {
    events.toil(Toil.PRIORITY);
    if (!ofStream(true)) {
      return;
    }
    if (length != 5) {
      events.fail(stream, Http2Error.FRAME_SIZE_ERROR);
    } else if ((in.readInt() & Integer.MAX_VALUE) == stream) {
      events.fail(stream, Http2Error.PROTOCOL_ERROR);
    }
  }

  private void priorityUpdate(ByteBuf in) {
    events.toil(Toil.PRIORITY);
    if (!ofStream(false)) {
      return;
    }
    if (length < 4) {
      events.fail(Http2Error.FRAME_SIZE_ERROR, "a frame has not the length of its type");
      return;
    }
    int prioritized = in.readInt() & Integer.MAX_VALUE;
    if (prioritized == 0) {
      wrong("a priority of no stream");
      return;
    }
    events.priority(
        prioritized,
        in.readCharSequence(length - 4, java.nio.charset.StandardCharsets.ISO_8859_1).toString());
  }

  private void settings(ByteBuf in) {
    if (!ofStream(false)) {
      return;
    }
    boolean answer = (flags & Http2Frame.ACK) != 0;
    if (answer ? length != 0 : length % Http2Settings.BYTES != 0) {
      events.fail(Http2Error.FRAME_SIZE_ERROR, "SETTINGS have not the right length");
      return;
    }
    if (answer) {
      events.settled();
      return;
    }
    if (settled) {
      events.toil(Toil.SETTINGS);
    }
    settled = true;
    Http2Settings settings = Http2Settings.read(in, length);
    if (settings.error() == Http2Error.NO_ERROR) {
      events.settings(settings);
    } else {
      events.fail(settings.error(), "a setting has a value that it cannot have");
    }
  }
}
