package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;

/**
 * Writes the head of a response over HTTP/1: the form that is kept, and what differs. Puts it
 * together on the heap, where copying is cheapest, and copies once. One per loop.
 */
final class Http1Head {
  /** The end of the body is told by the form, or by the end of the connection. */
  static final long UNSAID = -1;

  /** The end of the body is told by its last chunk. */
  static final long CHUNKED = -2;

  /** Whether the connection goes on, and whether that must be said. */
  enum After {
    KEEP,
    KEEP_AND_SAY,
    CLOSE,
    /** It is a WebSocket from now on. */
    UPGRADE
  }

  /** Room for all that is not in the form and does not depend on the request. */
  private static final int ROOM = 384;

  private static final byte[] AGE = Ascii.bytes("Age: ");
  private static final byte[] ID = Ascii.bytes("X-Amz-Cf-Id: ");
  private static final byte[] LENGTH = Ascii.bytes("Content-Length: ");
  private static final byte[] CHUNKED_LINE = Ascii.bytes("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
  private static final byte[] UPGRADE =
      Ascii.bytes("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] KEEP = Ascii.bytes("Connection: keep-alive\r\n");
  private static final Map<ResultType, byte[]> X_CACHE = xCache();

  private final Loop loop;
  private byte[] bytes = new byte[1024];
  private int size;

  Http1Head(Loop loop) {
    this.loop = loop;
  }

  /**
   * Puts a head with its empty line together; {@link #copyTo} gives it.
   *
   * @param framing the length to say, {@link #UNSAID} or {@link #CHUNKED} (RFC 9112, 6.3)
   * @return its length in bytes
   */
  int make(Door door, Response response, long framing, After after) {
    Http1Form form = Http1Form.of(response.head());
    Stamp stamp = response.stamp();
    begin(form, stamp);
    put(form.bytes());
    if (!form.dated()) {
      put(loop.dateLine());
    }
    if (framing == CHUNKED) {
      put(CHUNKED_LINE);
    } else if (framing != UNSAID) {
      put(LENGTH);
      decimal(framing);
      line();
    }
    switch (after) {
      case KEEP -> {}
      case KEEP_AND_SAY -> put(KEEP);
      case CLOSE -> put(CLOSE);
      case UPGRADE -> put(UPGRADE);
    }
    stamp(door, stamp);
    put(door.lines());
    put(ID);
    text(stamp.requestId());
    line();
    line();
    return size;
  }

  /** Copies the head that was made last. */
  void copyTo(ByteBuf out) {
    out.writeBytes(bytes, 0, size);
  }

  private void begin(Http1Form form, Stamp stamp) {
    @Nullable String status = stamp.cacheStatus();
    int needed =
        form.bytes().length
            + stamp.requestId().length()
            + (status == null ? 0 : status.length())
            + ROOM;
    if (bytes.length < needed) {
      bytes = new byte[needed];
    }
    size = 0;
  }

  private void stamp(Door door, Stamp stamp) {
    put(Objects.requireNonNull(X_CACHE.get(stamp.result()))); // all are there
    if (stamp.ageSeconds() >= 0) {
      put(AGE);
      decimal(stamp.ageSeconds());
      line();
    }
    @Nullable String status = stamp.cacheStatus();
    if (status != null) {
      put(door.status());
      text(status);
      line();
    }
  }

  private void put(byte[] part) {
    System.arraycopy(part, 0, bytes, size, part.length);
    size += part.length;
  }

  private void line() {
    bytes[size++] = Ascii.CR;
    bytes[size++] = Ascii.LF;
  }

  private void decimal(long number) {
    int at = size + digits(number);
    size = at;
    long rest = number;
    do {
      bytes[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
  }

  private static int digits(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Writes a text of visible US-ASCII and spaces: what is not becomes a question mark. */
  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes[size++] = c >= 0x20 && c < 0x7F ? (byte) c : (byte) '?';
    }
  }

  private static Map<ResultType, byte[]> xCache() {
    Map<ResultType, byte[]> lines = new EnumMap<>(ResultType.class);
    for (ResultType result : ResultType.values()) {
      lines.put(result, Ascii.bytes("X-Cache: " + Http1Form.xCache(result) + "\r\n"));
    }
    return lines;
  }
}
