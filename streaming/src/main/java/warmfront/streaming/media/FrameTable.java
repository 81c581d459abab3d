package warmfront.streaming.media;

import java.util.Arrays;

/**
 * Frames in the order in which they are sent, packed: 3 to 8 bytes each instead of the 24 that
 * columns of numbers would take. Immutable.
 *
 * <p>A row is a byte of flags with a short time since the row before, the time if it is long, the
 * frame's length, how far it lies from the end of the frame before it of the same kind unless it
 * follows, and by how much it is shown later than decoded if it is. Numbers are written seven bits
 * to a byte, low ones first. At every so many rows, and then at the next keyframe, there is a mark
 * from which reading can begin.
 */
final class FrameTable {
  private static final int AUDIO = 1;
  private static final int KEY = 2;
  private static final int ELSEWHERE = 4;
  private static final int LATER = 8;
  private static final int TIME_SHIFT = 4;
  private static final int TIME_LONG = 15;

  /** Rows between marks, at least: to find a keyframe is to pass over these and a distance. */
  private static final int ROWS = 32;

  /**
   * Numbers of a mark: when its row is; then what a reader before that row knows: when the row
   * before it was, the place in the rows, the ends of the video and of the audio before it.
   */
  private static final int MARK = 5;

  private final Tag.Kind leading;
  private final byte[] rows;
  private final long[] marks;
  private final int count;
  private final long lastMillis;

  private FrameTable(Writer writer) {
    leading = writer.leading;
    rows = Arrays.copyOf(writer.rows, writer.length);
    marks = Arrays.copyOf(writer.marks, writer.marked * MARK);
    count = writer.count;
    lastMillis = writer.millis;
  }

  /** Returns the number of frames. */
  int count() {
    return count;
  }

  /** Returns when the last frame is decoded; 0 if there is none. */
  long lastMillis() {
    return lastMillis;
  }

  /** Returns the memory that it takes, in bytes. */
  long weight() {
    return 64L + rows.length + 8L * marks.length;
  }

  /** Returns a reader before the first frame. */
  Reader reader() {
    return new Reader();
  }

  /** Returns a reader before the last keyframe that is not after a time; else before the first. */
  Reader readerAt(long millis) {
    int mark = markBefore(millis);
    int nextMark = (mark + 1) * MARK;
    long end = nextMark < marks.length ? marks[nextMark + 2] : rows.length;
    Reader ahead = new Reader();
    ahead.toMark(mark);
    Reader before = new Reader();
    Reader found = new Reader();
    found.set(ahead);
    while (ahead.place < end) {
      before.set(ahead);
      ahead.advance();
      if (ahead.millis > millis) {
        break;
      }
      if (ahead.key && ahead.kind == leading) {
        found.set(before);
      }
    }
    return found;
  }

  private int markBefore(long millis) {
    int low = 0;
    int high = marks.length / MARK;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (marks[middle * MARK] <= millis) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Goes through the rows; its numbers are those of the row that it passed last. */
  final class Reader {
    private int place;
    private long videoEnd;
    private long audioEnd;
    private Tag.Kind kind = Tag.Kind.VIDEO;
    private long millis;
    private boolean key;
    private int composition;
    private long offset;
    private int length;

    private Reader() {}

    /** Goes to the next row; false if there is none. */
    boolean advance() {
      if (place == rows.length) {
        return false;
      }
      int flags = rows[place++];
      int time = flags >>> TIME_SHIFT & TIME_LONG;
      kind = (flags & AUDIO) == 0 ? Tag.Kind.VIDEO : Tag.Kind.AUDIO;
      key = (flags & KEY) != 0;
      millis += time == TIME_LONG ? number() : time;
      length = (int) number();
      offset = kind == Tag.Kind.AUDIO ? audioEnd : videoEnd;
      if ((flags & ELSEWHERE) != 0) {
        offset += signed();
      }
      composition = (flags & LATER) == 0 ? 0 : (int) signed();
      if (kind == Tag.Kind.AUDIO) {
        audioEnd = offset + length;
      } else {
        videoEnd = offset + length;
      }
      return true;
    }

    Tag.Kind kind() {
      return kind;
    }

    long millis() {
      return millis;
    }

    boolean key() {
      return key;
    }

    /** Returns how much later than decoded it is shown, in milliseconds. */
    int composition() {
      return composition;
    }

    long offset() {
      return offset;
    }

    int length() {
      return length;
    }

    private void toMark(int mark) {
      if (marks.length > 0) {
        millis = marks[mark * MARK + 1];
        place = (int) marks[mark * MARK + 2];
        videoEnd = marks[mark * MARK + 3];
        audioEnd = marks[mark * MARK + 4];
      }
    }

    private void set(Reader other) {
      millis = other.millis;
      place = other.place;
      videoEnd = other.videoEnd;
      audioEnd = other.audioEnd;
    }

    private long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = rows[place++];
        number |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }

    private long signed() {
      long number = number();
      return number >>> 1 ^ -(number & 1);
    }
  }

  /** Collects rows. */
  static final class Writer {
    private static final int ROW_MAX = 1 + 4 * 10;

    private final Tag.Kind leading;
    private byte[] rows = new byte[256];
    private int length;
    private long[] marks = new long[8 * MARK];
    private int marked;
    private int markedAt;
    private int count;
    private long millis;
    private long videoEnd;
    private long audioEnd;

    /**
     * Makes a table without rows.
     *
     * @param leading of which kind the frame has to be with which reading begins
     */
    Writer(Tag.Kind leading) {
      this.leading = leading;
    }

    /**
     * Adds a frame, whose time is no earlier than that of the one before; if it is, it is taken for
     * the same.
     */
    void add(Tag.Kind kind, long at, boolean key, int composition, long offset, int size) {
      boolean audio = kind == Tag.Kind.AUDIO;
      long later = Math.max(0, at - millis);
      long away = offset - (audio ? audioEnd : videoEnd);
      if (count == 0 || (key && kind == leading && count - markedAt >= ROWS)) {
        mark(millis + later);
      }
      if (rows.length - length < ROW_MAX) {
        rows = Arrays.copyOf(rows, rows.length + (rows.length >> 1));
      }
      rows[length++] =
          (byte)
              ((audio ? AUDIO : 0)
                  | (key ? KEY : 0)
                  | (away == 0 ? 0 : ELSEWHERE)
                  | (composition == 0 ? 0 : LATER)
                  | (int) Math.min(later, TIME_LONG) << TIME_SHIFT);
      if (later >= TIME_LONG) {
        number(later);
      }
      number(size);
      if (away != 0) {
        signed(away);
      }
      if (composition != 0) {
        signed(composition);
      }
      millis += later;
      count++;
      if (audio) {
        audioEnd = offset + size;
      } else {
        videoEnd = offset + size;
      }
    }

    int count() {
      return count;
    }

    FrameTable table() {
      return new FrameTable(this);
    }

    private void mark(long at) {
      if (marks.length == marked * MARK) {
        marks = Arrays.copyOf(marks, marks.length + (marks.length >> 1) / MARK * MARK);
      }
      int to = marked++ * MARK;
      marks[to] = at;
      marks[to + 1] = millis;
      marks[to + 2] = length;
      marks[to + 3] = videoEnd;
      marks[to + 4] = audioEnd;
      markedAt = count;
    }

    private void number(long number) {
      long rest = number;
      while (rest >>> 7 != 0) {
        rows[length++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      rows[length++] = (byte) rest;
    }

    private void signed(long number) {
      number(number << 1 ^ number >> 63);
    }
  }
}
