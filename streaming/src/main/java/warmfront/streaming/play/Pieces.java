package warmfront.streaming.play;

import java.nio.ByteBuffer;
import java.util.Arrays;
import warmfront.bytes.Slice;

/** Bytes of an object in a row, which grows at its end: slices that are pinned, never copies. */
final class Pieces {
  private long start;
  private Slice[] slices = new Slice[4];
  private ByteBuffer[] views = new ByteBuffer[4];
  private long[] ends = new long[4];
  private int count;

  /** The piece that was looked into last: most look-ups come in a row. */
  private int last;

  Pieces(long start) {
    this.start = start;
  }

  long start() {
    return start;
  }

  long end() {
    return count == 0 ? start : ends[count - 1];
  }

  /** Takes over a pin of the caller's. */
  void append(Slice slice) {
    if (count == slices.length) {
      slices = Arrays.copyOf(slices, count * 2);
      views = Arrays.copyOf(views, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    long end = end() + slice.length();
    slices[count] = slice;
    views[count] = slice.buffer();
    ends[count++] = end;
  }

  /** Returns a byte that is here, 0 to 255. */
  int at(long offset) {
    int piece = holding(offset);
    return views[piece].get((int) (offset - startOf(piece))) & 0xFF;
  }

  /** Fills the rest of {@code target} with bytes from {@code offset} on, as many as are here. */
  void copy(long offset, ByteBuffer target) {
    long from = offset;
    for (int piece = holding(offset); piece < count && target.hasRemaining(); piece++) {
      int within = (int) (from - startOf(piece));
      int length = Math.min(target.remaining(), (int) (ends[piece] - from));
      slices[piece].copy(within, length, target);
      target.position(target.position() + length);
      from += length;
    }
  }

  /** Lets go of what ends before {@code offset}. */
  void dropBefore(long offset) {
    int gone = 0;
    while (gone < count && ends[gone] <= offset) {
      slices[gone++].release();
    }
    if (gone > 0) {
      start = ends[gone - 1];
      System.arraycopy(slices, gone, slices, 0, count - gone);
      System.arraycopy(views, gone, views, 0, count - gone);
      System.arraycopy(ends, gone, ends, 0, count - gone);
      Arrays.fill(slices, count - gone, count, null);
      Arrays.fill(views, count - gone, count, null);
      count -= gone;
      last = 0;
    }
  }

  /** Lets go of all. */
  void release() {
    for (int i = 0; i < count; i++) {
      slices[i].release();
    }
    start = end();
    count = 0;
    last = 0;
  }

  private long startOf(int piece) {
    return piece == 0 ? start : ends[piece - 1];
  }

  private int holding(long offset) {
    if (last >= count || offset < startOf(last) || offset >= ends[last]) {
      int found = Arrays.binarySearch(ends, 0, count, offset + 1);
      last = found < 0 ? -found - 1 : found;
    }
    return last;
  }
}
