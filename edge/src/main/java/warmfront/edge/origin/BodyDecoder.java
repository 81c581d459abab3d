package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Takes a body out of its framing, a read at a time. Owned by the connection's loop. */
final class BodyDecoder {
  private final Limits.Wire limits;
  private final LineReader lines;
  private State state;
  private long left;
  private @Nullable String fault;

  private enum State {
    SIZE,
    DATA,
    DATA_END,
    TRAILER,
    COMPLETE
  }

  private final boolean chunked;
  private final boolean untilClose;

  BodyDecoder(Framing framing, Limits.Wire limits) {
    this.limits = limits;
    this.lines = new LineReader(limits.chunkLineBytes()); // takes no memory before the first line
    this.chunked = framing instanceof Framing.Chunked;
    this.untilClose = framing instanceof Framing.UntilClose;
    this.state =
        switch (framing) {
          case Framing.Chunked _ -> State.SIZE;
          case Framing.Bodiless _ -> State.COMPLETE;
          case Framing.Length _, Framing.UntilClose _ -> State.DATA;
          case Framing.Ambiguous(String why) -> throw new IllegalArgumentException(why);
        };
    this.left = framing instanceof Framing.Length(long bytes) ? bytes : Long.MAX_VALUE;
  }

  /**
   * Takes what it can; bytes after the end of the body stay in {@code in}.
   *
   * @return the body's bytes among them as one buffer, the caller's to release; null if none
   */
  @Nullable ByteBuf decode(ByteBuf in, ByteBufAllocator allocator) {
    @Nullable ByteBuf out = null;
    boolean gathered = false;
    while (fault == null && state != State.COMPLETE && in.isReadable()) {
      if (state != State.DATA) {
        readLine(in);
        continue;
      }
      int bytes = (int) Math.min(left, in.readableBytes());
      if (out == null) {
        out = in.readRetainedSlice(bytes);
      } else {
        if (!gathered) {
          out = gathering(out, in, allocator);
          gathered = true;
        }
        out.writeBytes(in, bytes);
      }
      took(bytes);
    }
    return out;
  }

  boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** Returns why the framing cannot be followed any further, or null. */
  @Nullable String fault() {
    return fault;
  }

  /** Returns whether the end of the connection is the end of the body. */
  boolean endsWithConnection() {
    return untilClose;
  }

  // several chunks in one read become one part: tiny ones would cost more than their bytes
  private static ByteBuf gathering(ByteBuf first, ByteBuf rest, ByteBufAllocator allocator) {
    ByteBuf all = allocator.directBuffer(first.readableBytes() + rest.readableBytes());
    all.writeBytes(first);
    first.release();
    return all;
  }

  private void took(int bytes) {
    if (untilClose) {
      return;
    }
    left -= bytes;
    if (left == 0) {
      state = chunked ? State.DATA_END : State.COMPLETE;
      lines.allow(2);
    }
  }

  private void readLine(ByteBuf in) {
    @Nullable String line = lines.next(in);
    if (line == null) {
      if (lines.fault() != null) {
        fault = "chunked framing is broken: a line is too long or has no CR LF";
      }
      return;
    }
    if (state == State.SIZE) {
      readSize(line);
    } else if (state == State.DATA_END) {
      state = State.SIZE;
      lines.allow(limits.chunkLineBytes());
      if (!line.isEmpty()) {
        fault = "a chunk is longer than it says";
      }
    } else if (line.isEmpty()) {
      state = State.COMPLETE;
    } else if (line.indexOf(':') < 1) {
      fault = "a trailer field is not name: value";
    }
  }

  // RFC 9112, 7.1: 1*HEXDIG, then extensions, which nobody needs
  private void readSize(String line) {
    int digits = 0;
    long size = 0;
    while (digits < line.length() && digits < 16 && hex(line.charAt(digits)) >= 0) {
      size = size << 4 | hex(line.charAt(digits));
      digits++;
    }
    boolean ended = digits == line.length() || isExtension(line.substring(digits));
    if (digits == 0 || digits > 15 || !ended) {
      fault = "a chunk size is not a hexadecimal number";
      return;
    }
    left = size;
    state = size == 0 ? State.TRAILER : State.DATA;
    if (size == 0) {
      lines.allow(limits.trailerBytes());
    }
  }

  private static boolean isExtension(String rest) {
    return rest.stripLeading().startsWith(";");
  }

  private static int hex(char c) {
    return c > 0x7F ? -1 : Character.digit(c, 16);
  }
}
