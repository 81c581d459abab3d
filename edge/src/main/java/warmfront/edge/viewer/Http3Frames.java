package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Takes the bytes of one stream over HTTP/3 apart into frames (RFC 9114, section 7.1). A frame's
 * content is gathered, passed on as it comes, or skipped, as the receiver says when it begins; what
 * is gathered takes memory as it comes, not as it is announced.
 */
final class Http3Frames {
  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int CANCEL_PUSH = 0x3;
  static final int SETTINGS = 0x4;
  static final int PUSH_PROMISE = 0x5;
  static final int GOAWAY = 0x7;
  static final int MAX_PUSH_ID = 0xD;
  static final int PRIORITY_UPDATE = 0xF0700; // RFC 9218, 7.2

  /** What is done with a frame's content. */
  enum Way {
    GATHERED,
    PASSED_ON,
    SKIPPED,
    /** Nothing more of the stream is read. */
    REFUSED
  }

  /** What the frames say. */
  interface Events {
    /** A frame begins; of what it is, its receiver decides. */
    Way begins(long type, long length);

    /**
     * A frame that is gathered is there.
     *
     * @param content lent; it begins at 0
     * @return whether to read on
     */
    boolean whole(long type, byte[] content, int length);

    /**
     * A part of a frame that is passed on.
     *
     * @param content to read {@code length} bytes from; not to be kept
     * @return whether to read on
     */
    boolean part(ByteBuf content, int length);
  }

  private final Events events;
  private final Http3Number number = new Http3Number();
  private boolean typed;
  private boolean inside;
  private boolean refused;
  private long type;
  private long left;
  private Way way = Way.SKIPPED;
  private byte[] gathered = new byte[0];
  private int size;

  Http3Frames(Events events) {
    this.events = events;
  }

  /** Returns whether a frame has begun and not ended. */
  boolean isInside() {
    return inside || typed || number.isInside();
  }

  /** Reads as much as is there; what is refused is not read. */
  void read(ByteBuf in, Http2Desk desk) {
    while (!refused && (inside ? content(in, desk) : head(in))) {
      // on to the next
    }
  }

  /** Returns whether there may be more in the buffer. */
  private boolean head(ByteBuf in) {
    if (!number.read(in)) {
      return false;
    }
    if (!typed) {
      type = number.take();
      typed = true;
      return true;
    }
    left = number.take();
    typed = false;
    inside = true;
    size = 0;
    way = events.begins(type, left);
    refused = way == Way.REFUSED;
    return true;
  }

  private boolean content(ByteBuf in, Http2Desk desk) {
    int length = (int) Math.min(left, in.readableBytes());
    left -= length;
    inside = left > 0;
    boolean more =
        switch (way) {
          case GATHERED -> gather(in, length, desk);
          case PASSED_ON -> length == 0 || events.part(in, length);
          case SKIPPED -> {
            in.skipBytes(length);
            yield true;
          }
          case REFUSED -> false;
        };
    refused |= !more;
    return more && !inside;
  }

  private boolean gather(ByteBuf in, int length, Http2Desk desk) {
    if (!inside && size == 0) {
      byte[] lent = desk.fragment(length);
      in.readBytes(lent, 0, length);
      return events.whole(type, lent, length);
    }
    if (gathered.length < size + length) {
      gathered = Arrays.copyOf(gathered, (int) Math.min(size + length + left, 2L * size + length));
    }
    in.readBytes(gathered, size, length);
    size += length;
    if (inside) {
      return true;
    }
    byte[] whole = gathered;
    gathered = new byte[0];
    return events.whole(type, whole, size);
  }
}
