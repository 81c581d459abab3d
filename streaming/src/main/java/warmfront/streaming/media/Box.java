package warmfront.streaming.media;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A box of an MP4 file and what is in it (ISO/IEC 14496-12, 4.2). Offsets are counted from the end
 * of its header; numbers have their most significant byte first. Reading beyond its end is an error
 * of the file, whose bytes have to be at hand.
 */
final class Box {
  /** The longest header: size, type and a size of 64 bits. */
  static final int HEADER_MAX = 16;

  private static final int HEADER = 8;
  private static final int BUFFER = 1024;
  private static final byte[] NOTHING = {};

  private final Window window;
  private final int type;
  private final long from;
  private final long to;
  private byte[] buffer = NOTHING;
  private long bufferFrom;
  private int buffered;

  private Box(Window window, int type, long from, long to) {
    this.window = window;
    this.type = type;
    this.from = from;
    this.to = to;
  }

  /**
   * Returns the box that begins at {@code offset}.
   *
   * @param limit the end of what it is in; the first 16 bytes before that have to be at hand
   */
  static Box at(Window window, long offset, long limit) throws BadMedia {
    Box around = new Box(window, 0, offset, Math.min(limit, offset + HEADER_MAX));
    long size = around.u32(0);
    int type = around.i32(4);
    int header = HEADER;
    if (size == 1) {
      size = around.u64(8);
      header = HEADER_MAX;
    } else if (size == 0) {
      size = limit - offset; // ISO/IEC 14496-12, 4.2: it goes to the end
    }
    if (size < header || size > limit - offset) {
      throw new BadMedia("a box '%s' of %d bytes at %d".formatted(name(type), size, offset));
    }
    return new Box(window, type, offset + header, offset + size);
  }

  /** Returns the number that a type of four letters is. */
  static int type(String letters) {
    return letters.charAt(0) << 24
        | letters.charAt(1) << 16
        | letters.charAt(2) << 8
        | letters.charAt(3);
  }

  /** Returns the letters of a type; what is none is a dot. */
  static String name(int type) {
    StringBuilder letters = new StringBuilder(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      int letter = type >>> shift & 0xff;
      letters.append(letter > ' ' && letter < 0x7f ? (char) letter : '.');
    }
    return letters.toString();
  }

  int type() {
    return type;
  }

  /** Returns where its first byte after the header is in the file. */
  long from() {
    return from;
  }

  /** Returns where the next box begins. */
  long to() {
    return to;
  }

  /** Returns the number of bytes after the header. */
  long length() {
    return to - from;
  }

  /** Returns the boxes in it, from an offset on. Fewer than 8 bytes at the end are ignored. */
  List<Box> boxes(int offset) throws BadMedia {
    List<Box> found = new ArrayList<>();
    for (long at = from + offset; at <= to - HEADER; at = found.getLast().to) {
      if (found.size() == Limits.BOXES) {
        throw new BadMedia("more than %d boxes in '%s'".formatted(Limits.BOXES, name(type)));
      }
      found.add(Box.at(window, at, to));
    }
    return found;
  }

  /** Returns the first box of a type in a list; null if there is none. */
  static @Nullable Box first(List<Box> boxes, int type) {
    for (Box box : boxes) {
      if (box.type == type) {
        return box;
      }
    }
    return null;
  }

  /** Returns the first box of a type in this one. */
  Box inner(int wanted) throws BadMedia {
    @Nullable Box found = first(boxes(0), wanted);
    if (found == null) {
      throw new BadMedia("no '%s' in '%s'".formatted(name(wanted), name(type)));
    }
    return found;
  }

  int u8(long offset) throws BadMedia {
    int at = reach(offset, 1);
    return buffer[at] & 0xff;
  }

  int u16(long offset) throws BadMedia {
    int at = reach(offset, 2);
    return (buffer[at] & 0xff) << 8 | (buffer[at + 1] & 0xff);
  }

  int i32(long offset) throws BadMedia {
    int at = reach(offset, 4);
    return buffer[at] << 24
        | (buffer[at + 1] & 0xff) << 16
        | (buffer[at + 2] & 0xff) << 8
        | (buffer[at + 3] & 0xff);
  }

  long u32(long offset) throws BadMedia {
    return i32(offset) & 0xffff_ffffL;
  }

  /** Returns a number of 64 bits, of which all that mean something are positive. */
  long u64(long offset) throws BadMedia {
    long number = i64(offset);
    if (number < 0) {
      throw new BadMedia("a number past 2^63 in '%s'".formatted(name(type)));
    }
    return number;
  }

  long i64(long offset) throws BadMedia {
    return (long) i32(offset) << 32 | u32(offset + 4);
  }

  /** Returns a copy of some of its bytes. */
  byte[] bytes(long offset, int length) throws BadMedia {
    check(offset, length);
    byte[] copy = new byte[length];
    window.copy(from + offset, copy, 0, length);
    return copy;
  }

  /** Returns where in the buffer the bytes from {@code offset} on are. */
  private int reach(long offset, int length) throws BadMedia {
    long at = offset - bufferFrom;
    if (at >= 0 && at + length <= buffered) {
      return (int) at;
    }
    check(offset, length);
    int filled = (int) Math.min(BUFFER, length() - offset);
    if (!window.has(from + offset, filled)) {
      filled = length; // of a header no more than its own bytes need be at hand
    }
    if (buffer.length < filled) {
      buffer = new byte[filled];
    }
    window.copy(from + offset, buffer, 0, filled);
    bufferFrom = offset;
    buffered = filled;
    return 0;
  }

  private void check(long offset, int length) throws BadMedia {
    if (offset < 0 || length < 0 || offset > length() - length) {
      throw new BadMedia("'%s' ends early".formatted(name(type)));
    }
  }
}
