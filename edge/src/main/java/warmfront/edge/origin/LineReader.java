package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines that end in CR LF and nothing else (RFC 9112, 2.2), however they are cut into reads. A line
 * is in {@link #bytes} until the next is asked for.
 */
final class LineReader {
  private static final int FIRST_BYTES = 256;

  private byte[] line = {};
  private int taken;
  private int length;
  private int budget;
  private @Nullable Fault fault;

  /** Why there will be no further line. */
  enum Fault {
    TOO_LONG,
    /** A CR without LF, a LF without CR, or a control character. */
    MALFORMED
  }

  /** Makes a reader that takes up to {@code budget} bytes, line ends included. */
  LineReader(int budget) {
    this.budget = budget;
  }

  /** Allows this many bytes from here on. */
  void allow(int bytes) {
    budget = bytes;
  }

  /** Returns the next line without its end; null if more bytes are needed or on a fault. */
  @Nullable String next(ByteBuf in) {
    return read(in) ? new String(line, 0, length, StandardCharsets.ISO_8859_1) : null;
  }

  /** Reads the next line; false if more bytes are needed or on a fault. */
  boolean read(ByteBuf in) {
    if (fault != null) {
      return false;
    }
    int until = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    int count = until < 0 ? in.readableBytes() : until + 1 - in.readerIndex();
    if (count > budget) {
      fault = Fault.TOO_LONG;
      return false;
    }
    budget -= count;
    if (taken + count > line.length) {
      line = Arrays.copyOf(line, Math.max(Math.max(2 * line.length, FIRST_BYTES), taken + count));
    }
    in.readBytes(line, taken, count);
    taken += count;
    return until >= 0 && finish();
  }

  /** Returns the bytes of the line, from 0 on; not to be kept. */
  byte[] bytes() {
    return line;
  }

  /** Returns how many bytes of it are the line, without its end. */
  int length() {
    return length;
  }

  @Nullable Fault fault() {
    return fault;
  }

  private boolean finish() {
    int end = taken - 2;
    taken = 0;
    if (end < 0 || line[end] != '\r') {
      fault = Fault.MALFORMED;
      return false;
    }
    for (int i = 0; i < end; i++) {
      if ((line[i] >= 0 && line[i] < ' ' && line[i] != '\t') || line[i] == 0x7F) {
        fault = Fault.MALFORMED;
        return false;
      }
    }
    length = end;
    return true;
  }
}
