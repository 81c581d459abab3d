package warmfront.edge.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What was read from one HTTP/1 connection and is not understood yet: mostly nothing. */
final class Http1Input {
  /** Room for what follows the beginning of a request. */
  private static final int MORE_BYTES = 512;

  private final ByteBufAllocator memory;
  private @Nullable ByteBuf unread;

  Http1Input(ByteBufAllocator memory) {
    this.memory = memory;
  }

  /** Takes over the bytes that were read next. */
  void add(ByteBuf bytes) {
    unread = unread == null ? bytes : joined(unread, bytes);
  }

  private ByteBuf joined(ByteBuf first, ByteBuf second) {
    ByteBuf both = first;
    if (first.writableBytes() < second.readableBytes() || first.refCnt() > 1) {
      both = memory.directBuffer(first.readableBytes() + second.readableBytes() + MORE_BYTES);
      both.writeBytes(first);
      first.release();
    }
    both.writeBytes(second);
    second.release();
    return both;
  }

  /** Returns the bytes, to be read; the buffer stays this object's. */
  ByteBuf bytes() {
    return unread == null ? Unpooled.EMPTY_BUFFER : unread;
  }

  /** Returns how many bytes there are. */
  int length() {
    return unread == null ? 0 : unread.readableBytes();
  }

  /** Keeps what cannot be understood before more is read, in memory of its own size. */
  void keep() {
    ByteBuf rest = unread;
    if (rest == null) {
      return;
    }
    int bytes = rest.readableBytes();
    if (bytes == 0) {
      unread = null;
    } else if (rest.capacity() == Inbox.BYTES && Inbox.wastes(bytes)) {
      unread = memory.directBuffer(bytes + MORE_BYTES).writeBytes(rest);
    } else {
      return;
    }
    rest.release();
  }

  /** Lets go of the bytes. */
  void drop() {
    if (unread != null) {
      unread.release();
      unread = null;
    }
  }
}
