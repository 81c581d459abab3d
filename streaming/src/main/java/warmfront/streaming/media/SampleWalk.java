package warmfront.streaming.media;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a track's samples in order of decoding, along all of its tables at once (ISO/IEC
 * 14496-12, 8.6 and 8.7). Its numbers are those of the sample that it passed last.
 */
final class SampleWalk {
  private static final int STTS = Box.type("stts");
  private static final int CTTS = Box.type("ctts");
  private static final int STSS = Box.type("stss");
  private static final int STSC = Box.type("stsc");
  private static final int STSZ = Box.type("stsz");
  private static final int STZ2 = Box.type("stz2");
  private static final int STCO = Box.type("stco");
  private static final int CO64 = Box.type("co64");

  private final Track track;
  private final Times times;
  private final @Nullable Compositions compositions;
  private final @Nullable Keys keys;
  private final Chunks chunks;
  private final Sizes sizes;
  private final boolean video;

  private long millis;
  private int composition;
  private int size;
  private long offset;
  private boolean key;
  private long passed;

  /** Makes a walk that is before the first sample. */
  SampleWalk(Track.Tabled tabled) throws BadMedia {
    track = tabled.track();
    Box all = tabled.tables();
    List<Box> tables = all.boxes(0);
    times = new Times(all.inner(STTS));
    @Nullable Box ctts = Box.first(tables, CTTS);
    compositions = ctts == null ? null : new Compositions(ctts);
    @Nullable Box stss = Box.first(tables, STSS);
    keys = stss == null ? null : new Keys(stss);
    @Nullable Box co64 = Box.first(tables, CO64);
    chunks = new Chunks(all.inner(STSC), co64 == null ? all.inner(STCO) : co64, co64 != null);
    @Nullable Box stsz = Box.first(tables, STSZ);
    sizes = stsz == null ? new Sizes(all.inner(STZ2), true) : new Sizes(stsz, false);
    video = track.codec().form().kind == Tag.Kind.VIDEO;
  }

  /** Returns the number of samples. */
  long count() {
    return sizes.count;
  }

  /** Goes to the next sample; false if there is none. */
  boolean advance() throws BadMedia {
    if (passed == sizes.count) {
      return false;
    }
    time(times.next(), track.early() + (compositions == null ? 0 : compositions.next()));
    long end = offset + size;
    size = sizes.at(passed);
    offset = chunks.next(end);
    key = !video || keys == null || keys.next(passed + 1);
    passed++;
    return true;
  }

  private void time(long ticks, long later) throws BadMedia {
    long decoded = ticks - track.early();
    millis = track.clock().millis(decoded);
    composition = 0;
    if (later != 0) {
      long after = track.clock().millis(decoded + later) - millis;
      composition = Math.clamp(after, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
  }

  Track track() {
    return track;
  }

  /** Returns when it is decoded, in milliseconds of the movie. */
  long millis() {
    return millis;
  }

  /** Returns how much later than decoded it is shown, in milliseconds. */
  int composition() {
    return composition;
  }

  long offset() {
    return offset;
  }

  int size() {
    return size;
  }

  boolean key() {
    return key;
  }

  /** Times of decoding, in runs (8.6.1.2). */
  private static final class Times {
    private final Box stts;
    private final long runs;
    private long run;
    private long left;
    private long delta;
    private long ticks;

    Times(Box stts) throws BadMedia {
      this.stts = stts;
      runs = stts.u32(4);
    }

    long next() throws BadMedia {
      ticks += delta;
      while (left == 0) {
        if (run == runs) {
          throw new BadMedia("fewer times than samples");
        }
        left = stts.u32(8 + 8 * run);
        delta = stts.u32(12 + 8 * run);
        run++;
      }
      left--;
      return ticks;
    }
  }

  /** By how much samples are shown later than decoded, in runs; nothing at its end (8.6.1.3). */
  private static final class Compositions {
    private final Box ctts;
    private final long runs;
    private long run;
    private long left;
    private int later;

    Compositions(Box ctts) throws BadMedia {
      this.ctts = ctts;
      runs = ctts.u32(4);
    }

    int next() throws BadMedia {
      while (left == 0) {
        if (run == runs) {
          return 0;
        }
        left = ctts.u32(8 + 8 * run);
        later = ctts.i32(12 + 8 * run); // signed in version 0 too, as many have written it
        run++;
      }
      left--;
      return later;
    }
  }

  /** Numbers of the samples from which decoding may begin (8.6.2). */
  private static final class Keys {
    private final Box stss;
    private final long count;
    private long at;
    private long number;

    Keys(Box stss) throws BadMedia {
      this.stss = stss;
      count = stss.u32(4);
    }

    boolean next(long sample) throws BadMedia {
      while (number < sample && at < count) {
        number = stss.u32(8 + 4 * at++);
      }
      return number == sample;
    }
  }

  /** Where chunks begin, and of how many samples they are (8.7.4 and 8.7.5). */
  private static final class Chunks {
    private final Box stsc;
    private final Box offsets;
    private final boolean wide;
    private final long runs;
    private final long count;
    private long run;
    private long runEnd;
    private long perChunk;
    private long chunk;
    private long left;

    Chunks(Box stsc, Box offsets, boolean wide) throws BadMedia {
      this.stsc = stsc;
      this.offsets = offsets;
      this.wide = wide;
      runs = stsc.u32(4);
      count = offsets.u32(4);
      if (count > 0) {
        var _ = at(count); // the last has to be there: those without samples are passed over unread
      }
    }

    /** Returns where a chunk begins, by its number from 1. */
    private long at(long number) throws BadMedia {
      return wide ? offsets.u64(8 * number) : offsets.u32(4 + 4 * number);
    }

    /**
     * Returns where the next sample is.
     *
     * @param end of the one before
     */
    long next(long end) throws BadMedia {
      if (left > 0) {
        left--;
        return end;
      }
      while (left == 0) {
        if (chunk == count) {
          throw new BadMedia("fewer chunks than samples");
        }
        if (chunk == runEnd) {
          nextRun();
        }
        left = perChunk;
        chunk++;
      }
      left--;
      return at(chunk);
    }

    private void nextRun() throws BadMedia {
      if (run == runs) {
        throw new BadMedia("fewer runs of chunks than chunks");
      }
      long first = stsc.u32(8 + 12 * run);
      perChunk = stsc.u32(12 + 12 * run);
      run++;
      runEnd = run == runs ? count : stsc.u32(8 + 12 * run) - 1;
      if (first != chunk + 1 || runEnd <= chunk) {
        throw new BadMedia("runs of chunks out of order");
      }
    }
  }

  /** Sizes of samples (8.7.3). */
  private static final class Sizes {
    private final Box box;
    private final int bits;
    private final long same;
    private final long count;

    Sizes(Box box, boolean compact) throws BadMedia {
      this.box = box;
      bits = compact ? box.u8(7) : 32;
      same = compact ? 0 : box.u32(4);
      count = box.u32(8);
      if (bits != 4 && bits != 8 && bits != 16 && bits != 32) {
        throw new BadMedia("sizes of %d bits".formatted(bits));
      }
    }

    int at(long sample) throws BadMedia {
      long size = same == 0 ? one(sample) : same;
      if (size > Limits.FRAME_BYTES) {
        throw new BadMedia("a frame of %d bytes".formatted(size));
      }
      return (int) size;
    }

    private long one(long sample) throws BadMedia {
      return switch (bits) {
        case 4 -> box.u8(12 + sample / 2) >>> (sample % 2 == 0 ? 4 : 0) & 0xf;
        case 8 -> box.u8(12 + sample);
        case 16 -> box.u16(12 + 2 * sample);
        default -> box.u32(12 + 4 * sample);
      };
    }
  }
}
