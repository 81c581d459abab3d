package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.Received.Refusal;

/** Reads one head after another from the bytes of an HTTP/1 connection. */
final class HeadReader {
  private static final int EMPTY_LINES_MAX = 4; // RFC 9112, 2.2 asks for one at least

  private final Loop loop;
  private final Visit visit;
  private final HeadScanner scanner;
  private int emptyLines;
  private boolean begun;

  HeadReader(Loop loop, Visit visit) {
    this.loop = loop;
    this.visit = visit;
    scanner = new HeadScanner(loop.limits().message());
  }

  /** Returns whether a part of a head was seen, but not its end. */
  boolean begun() {
    return begun;
  }

  /** Takes a head from the bytes; null if its end is not there yet. */
  @Nullable Received read(ByteBuf bytes) {
    if (!skipEmptyLines(bytes)) {
      return null;
    }
    begun = true;
    int start = bytes.readerIndex();
    int seen = scanner.seen();
    byte[] head = loop.scratch();
    int to = Math.min(bytes.readableBytes(), head.length);
    bytes.getBytes(start + seen, head, seen, to - seen);
    int length = seen == 0 ? HeadScanner.end(head, to) : 0;
    length = length == 0 ? scanner.scan(head, to) : length;
    if (length <= 0) {
      return length == HeadScanner.MORE ? null : unscannable(length);
    }
    if (seen > 0) { // others used the room since
      bytes.getBytes(start, head, 0, length);
    }
    bytes.skipBytes(length);
    scanner.reset();
    begun = false;
    emptyLines = 0;
    return visit.mayAsk() ? loop.parser().parse(head, length) : Visit.REFUSAL;
  }

  /** Skips empty lines before a request; false if no byte of it is there. */
  private boolean skipEmptyLines(ByteBuf bytes) {
    while (scanner.seen() == 0 && bytes.isReadable() && emptyLines < EMPTY_LINES_MAX) {
      int at = bytes.readerIndex();
      if (bytes.getByte(at) != Ascii.CR) {
        break;
      }
      if (bytes.readableBytes() == 1) {
        begun = true;
        return false;
      }
      if (bytes.getByte(at + 1) != Ascii.LF) {
        break;
      }
      bytes.skipBytes(2);
      emptyLines++;
    }
    return bytes.isReadable();
  }

  private static Refusal unscannable(int why) {
    return switch (why) {
      case HeadScanner.TARGET_TOO_LONG ->
          new Refusal(414, Reason.TARGET_TOO_LONG, "The URL is too long.");
      case HeadScanner.HEAD_TOO_LARGE ->
          new Refusal(494, Reason.HEADER_TOO_LARGE, "The request's header is too large.");
      default -> Received.malformed("The request has a control character or a bare line end.");
    };
  }
}
