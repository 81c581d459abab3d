package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;

/** Writes the head of a response over HTTP/1: the form that is kept, and what differs. */
final class Http1Head {
  /** The end of the body is told by the form, or by the end of the connection. */
  static final long UNSAID = -1;

  /** The end of the body is told by its last chunk. */
  static final long CHUNKED = -2;

  /** Whether the connection goes on, and whether that must be said. */
  enum After {
    KEEP,
    KEEP_AND_SAY,
    CLOSE
  }

  /** Room for all that is not in the form and does not depend on the request. */
  static final int ROOM = 384;

  private static final byte[] AGE = Ascii.bytes("Age: ");
  private static final byte[] ID = Ascii.bytes("X-Amz-Cf-Id: ");
  private static final byte[] CACHE_STATUS = Ascii.bytes("Cache-Status: Warmfront; ");
  private static final byte[] LENGTH = Ascii.bytes("Content-Length: ");
  private static final byte[] CHUNKED_LINE = Ascii.bytes("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
  private static final byte[] KEEP = Ascii.bytes("Connection: keep-alive\r\n");
  private static final Map<ResultType, byte[]> X_CACHE = xCache();

  private Http1Head() {}

  /** Returns how many bytes the head takes at most. */
  static int size(Http1Form form, Stamp stamp) {
    @Nullable String status = stamp.cacheStatus();
    return form.bytes().length
        + stamp.requestId().length()
        + (status == null ? 0 : status.length())
        + ROOM;
  }

  /**
   * Writes the head with its empty line.
   *
   * @param framing the length to say, {@link #UNSAID} or {@link #CHUNKED} (RFC 9112, 6.3)
   */
  static void write(
      ByteBuf out, Loop loop, Door door, Response response, long framing, After after) {
    Http1Form form = Http1Form.of(response.head());
    Stamp stamp = response.stamp();
    out.writeBytes(form.bytes());
    if (!form.dated()) {
      out.writeBytes(loop.dateLine());
    }
    if (framing == CHUNKED) {
      out.writeBytes(CHUNKED_LINE);
    } else if (framing != UNSAID) {
      out.writeBytes(LENGTH);
      Ascii.decimal(out, framing);
      line(out);
    }
    switch (after) {
      case KEEP -> {}
      case KEEP_AND_SAY -> out.writeBytes(KEEP);
      case CLOSE -> out.writeBytes(CLOSE);
    }
    stamp(out, stamp);
    out.writeBytes(door.lines());
    out.writeBytes(ID);
    Ascii.text(out, stamp.requestId());
    line(out);
    line(out);
  }

  private static void stamp(ByteBuf out, Stamp stamp) {
    out.writeBytes(X_CACHE.get(stamp.result()));
    if (stamp.ageSeconds() >= 0) {
      out.writeBytes(AGE);
      Ascii.decimal(out, stamp.ageSeconds());
      line(out);
    }
    @Nullable String status = stamp.cacheStatus();
    if (status != null) {
      out.writeBytes(CACHE_STATUS);
      Ascii.text(out, status);
      line(out);
    }
  }

  private static void line(ByteBuf out) {
    out.writeByte('\r').writeByte('\n');
  }

  private static Map<ResultType, byte[]> xCache() {
    Map<ResultType, byte[]> lines = new EnumMap<>(ResultType.class);
    for (ResultType result : ResultType.values()) {
      lines.put(result, Ascii.bytes("X-Cache: " + Http1Form.xCache(result) + "\r\n"));
    }
    return lines;
  }
}
