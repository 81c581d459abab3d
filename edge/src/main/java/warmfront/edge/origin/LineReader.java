package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines that end in CR LF and nothing else (RFC 9112, 2.2), however they are cut into reads. */
final class LineReader {
  private byte[] line = new byte[256];
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
    if (fault != null) {
      return null;
    }
    int until = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    int taken = until < 0 ? in.readableBytes() : until + 1 - in.readerIndex();
    if (taken > budget) {
      fault = Fault.TOO_LONG;
      return null;
    }
    budget -= taken;
    if (length + taken > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + taken));
    }
    in.readBytes(line, length, taken);
    length += taken;
    return until < 0 ? null : finished();
  }

  @Nullable Fault fault() {
    return fault;
  }

  private @Nullable String finished() {
    int end = length - 2;
    length = 0;
    if (end < 0 || line[end] != '\r') {
      fault = Fault.MALFORMED;
      return null;
    }
    for (int i = 0; i < end; i++) {
      if ((line[i] >= 0 && line[i] < ' ' && line[i] != '\t') || line[i] == 0x7F) {
        fault = Fault.MALFORMED;
        return null;
      }
    }
    return new String(line, 0, end, StandardCharsets.ISO_8859_1);
  }
}
