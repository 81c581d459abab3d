package warmfront.streaming.media;

import java.util.Arrays;

/**
 * Where fragments are, as a file says itself: in a sidx box (ISO/IEC 14496-12, 8.16.3) or in the
 * mfra box at its end (8.8.9 to 8.8.11). Immutable.
 */
final class FragmentIndex {
  /** The box that ends a file and says where its mfra box begins. */
  static final int MFRO_BYTES = 16;

  static final int MFRA = Box.type("mfra");

  private static final int TFRA = Box.type("tfra");
  private static final int MFRO = Box.type("mfro");

  /** Of nothing known. */
  static final FragmentIndex NONE = new FragmentIndex(new long[0], new long[0], 0);

  private final long[] millis;
  private final long[] offsets;
  private final long endMillis;

  private FragmentIndex(long[] millis, long[] offsets, long endMillis) {
    this.millis = millis;
    this.offsets = offsets;
    this.endMillis = endMillis;
  }

  /** Reads a sidx box, whose times are counted from its own first. */
  static FragmentIndex ofSegments(Box sidx) throws BadMedia {
    long scale = sidx.u32(8);
    if (scale == 0) {
      throw new BadMedia("a time scale of 0");
    }
    boolean wide = sidx.u8(0) != 0;
    long offset = sidx.to() + (wide ? sidx.u64(20) : sidx.u32(16));
    long at = wide ? 28 : 20;
    int count = sidx.u16(at + 2);
    long[] millis = new long[count];
    long[] offsets = new long[count];
    Track.Timeline clock = new Track.Timeline(scale, 0, 0);
    long ticks = 0;
    for (int i = 0; i < count; i++) {
      long reference = at + 4 + 12L * i;
      millis[i] = clock.millis(ticks);
      offsets[i] = offset;
      ticks += sidx.u32(reference + 4);
      offset += sidx.u32(reference) & 0x7fff_ffff;
    }
    return new FragmentIndex(millis, offsets, clock.millis(ticks));
  }

  /** Returns where the mfra box begins, by the last 16 bytes of a file; -1 if there is none. */
  static long randomAccess(Window window) throws BadMedia {
    long end = window.objectLength();
    Box mfro = Box.at(window, end - MFRO_BYTES, end);
    long begin = end - (mfro.type() == MFRO ? mfro.u32(4) : end + 1);
    return begin >= 0 && begin < end - MFRO_BYTES ? begin : -1;
  }

  /**
   * Reads an mfra box; what it says of other tracks than the leading one is ignored.
   *
   * @param base milliseconds of the movie that are the beginning
   */
  static FragmentIndex ofRandomAccess(Box mfra, Track leading, long base) throws BadMedia {
    for (Box tfra : mfra.boxes(0)) {
      if (tfra.type() == TFRA && tfra.i32(4) == leading.id()) {
        return ofTrack(tfra, leading, base);
      }
    }
    return NONE;
  }

  private static FragmentIndex ofTrack(Box tfra, Track track, long base) throws BadMedia {
    boolean wide = tfra.u8(0) == 1;
    int lengths = tfra.i32(8);
    int row = (wide ? 16 : 8) + (lengths >>> 4 & 3) + (lengths >>> 2 & 3) + (lengths & 3) + 3;
    long count = tfra.u32(12);
    if (count > tfra.length() / row) {
      throw new BadMedia("'tfra' ends early");
    }
    long[] millis = new long[(int) count];
    long[] offsets = new long[(int) count];
    for (int i = 0; i < count; i++) {
      long at = 16 + (long) row * i;
      millis[i] = track.clock().millis(wide ? tfra.u64(at) : tfra.u32(at)) - base;
      offsets[i] = wide ? tfra.u64(at + 8) : tfra.u32(at + 4);
    }
    return new FragmentIndex(millis, offsets, 0);
  }

  /** Returns when the last fragment ends; 0 if it is not said. */
  long endMillis() {
    return endMillis;
  }

  /** Returns where the last fragment begins; -1 if there is none. */
  long lastOffset() {
    return offsets.length == 0 ? -1 : offsets[offsets.length - 1];
  }

  /** Returns where the last fragment begins that is not after a time; -1 if none is known. */
  long offsetAt(long time) {
    int found = Arrays.binarySearch(millis, time);
    int at = found >= 0 ? found : -found - 2;
    return at < 0 ? -1 : offsets[at];
  }

  long weight() {
    return 64L + 16L * offsets.length;
  }
}
