package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import warmfront.edge.viewer.Http3Frames.Way;

/**
 * What a viewer says on the streams of its connection that are no requests (RFC 9114, section 6.2;
 * RFC 9204, section 4.2): one for settings and priorities, and two of QPACK, on which there is
 * nothing to say because we keep no table.
 */
final class Http3Sides implements Http3Frames.Events {
  static final int CONTROL = 0x0;
  static final int PUSH = 0x1;
  static final int ENCODER = 0x2;
  static final int DECODER = 0x3;

  /** How large a header list may be (RFC 9114, 7.2.4.1). */
  static final int MAX_FIELD_SECTION_SIZE = 0x6;

  /** The longest frame on the control stream that is read; settings are some dozen bytes. */
  private static final int FRAME_MAX = 4096;

  /** Settings of HTTP/2 that HTTP/3 does not have. */
  private static final Set<Long> RESERVED = Set.of(0x0L, 0x2L, 0x3L, 0x4L, 0x5L);

  private final Http3 connection;
  private final Set<Long> open = new HashSet<>(3);
  private boolean settled;
  private long pushes = -1;
  private long goodbye = Long.MAX_VALUE;

  Http3Sides(Http3 connection) {
    this.connection = connection;
  }

  Http3 connection() {
    return connection;
  }

  /** One of these streams begins; false if there is one of its kind, which ends the connection. */
  boolean begins(long kind) {
    if (kind == PUSH) {
      connection.fail(Http3Error.STREAM_CREATION_ERROR, "a viewer cannot push");
      return false;
    }
    if (!open.add(kind)) {
      connection.fail(Http3Error.STREAM_CREATION_ERROR, "a second stream of its kind");
      return false;
    }
    return true;
  }

  @Override
  public Way begins(long type, long length) {
    if (!settled && type != Http3Frames.SETTINGS) {
      connection.fail(Http3Error.MISSING_SETTINGS, "settings do not come first");
      return Way.REFUSED;
    }
    if (Http3Stream.isForeign(type)
        || type == Http3Frames.DATA
        || type == Http3Frames.HEADERS
        || type == Http3Frames.PUSH_PROMISE
        || (settled && type == Http3Frames.SETTINGS)) {
      connection.fail(Http3Error.FRAME_UNEXPECTED, "a frame that the control stream cannot have");
      return Way.REFUSED;
    }
    if (length > FRAME_MAX) {
      connection.fail(Http3Error.EXCESSIVE_LOAD, "a long frame on the control stream");
      return Way.REFUSED;
    }
    connection.toil(type == Http3Frames.PRIORITY_UPDATE ? Toil.PRIORITY : Toil.IDLE);
    return isKnown(type) ? Way.GATHERED : Way.SKIPPED;
  }

  private static boolean isKnown(long type) {
    return type == Http3Frames.SETTINGS
        || type == Http3Frames.PRIORITY_UPDATE
        || type == Http3Frames.GOAWAY
        || type == Http3Frames.MAX_PUSH_ID
        || type == Http3Frames.CANCEL_PUSH;
  }

  @Override
  public boolean whole(long type, byte[] content, int length) {
    ByteBuf in = Unpooled.wrappedBuffer(content, 0, length);
    if (type == Http3Frames.SETTINGS) {
      settled = true;
      settings(in);
    } else {
      Http3Number number = new Http3Number();
      boolean whole = number.read(in);
      long said = number.take();
      if (!whole || (type != Http3Frames.PRIORITY_UPDATE && in.isReadable())) {
        connection.fail(Http3Error.FRAME_ERROR, "a frame has not the length of its type");
      } else {
        numbered(type, said, in);
      }
    }
    return connection.reading();
  }

  private void numbered(long type, long said, ByteBuf rest) {
    if (type == Http3Frames.PRIORITY_UPDATE) {
      if ((said & 3) != 0) {
        connection.fail(Http3Error.ID_ERROR, "a priority of what is no request");
      }
      connection.priority(said, rest.toString(ISO_8859_1));
    } else if (type == Http3Frames.MAX_PUSH_ID) {
      if (said < pushes) {
        connection.fail(Http3Error.ID_ERROR, "fewer pushes than before");
      }
      pushes = said;
    } else if (type == Http3Frames.GOAWAY) {
      if (said > goodbye) {
        connection.fail(Http3Error.ID_ERROR, "a later goodbye than before");
      }
      goodbye = said; // of pushes, of which there are none
    } else {
      connection.fail(Http3Error.ID_ERROR, "a push that there is not");
    }
  }

  private void settings(ByteBuf in) {
    Set<Long> seen = new HashSet<>();
    Http3Number number = new Http3Number();
    while (in.isReadable()) {
      boolean whole = number.read(in);
      long name = number.take();
      whole = whole && number.read(in);
      number.take();
      if (!whole) {
        connection.fail(Http3Error.FRAME_ERROR, "settings end in the midst of one");
        return;
      }
      if (RESERVED.contains(name) || !seen.add(name)) {
        connection.fail(Http3Error.SETTINGS_ERROR, "a setting that cannot be, or twice");
        return;
      }
    }
  }

  @Override
  public boolean part(ByteBuf content, int length) {
    throw new IllegalStateException("no frame is passed on");
  }

  /**
   * Reads what an encoder says, which may only be that it will use no table (RFC 9204, 4.3.1).
   *
   * @return whether to read on
   */
  boolean encoder(ByteBuf in) {
    while (in.isReadable()) {
      if (in.readUnsignedByte() != 0x20) {
        connection.fail(Http3Error.QPACK_ENCODER_STREAM_ERROR, "a table was not offered");
        return false;
      }
      connection.toil(Toil.IDLE);
    }
    return connection.reading();
  }

  /**
   * Reads what a decoder says, which may only be that it gave up a stream (RFC 9204, 4.4.2).
   *
   * @param number of a stream that was begun and not ended
   * @return whether to read on
   */
  boolean decoder(ByteBuf in, QpackNumber number) {
    while (in.isReadable()) {
      int next = in.readUnsignedByte();
      boolean isBegin = !number.isInside();
      if ((isBegin && (next & 0xC0) != 0x40) || !number.take(next)) {
        connection.fail(Http3Error.QPACK_DECODER_STREAM_ERROR, "no table was used");
        return false;
      }
      if (isBegin) {
        connection.toil(Toil.IDLE);
      }
    }
    return connection.reading();
  }
}
