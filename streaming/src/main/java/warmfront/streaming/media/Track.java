package warmfront.streaming.media;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A track of an MP4 that can be sent.
 *
 * @param id its number, by which fragments refer to it
 * @param codec what is in it
 * @param clock its timeline
 * @param defaults what its fragments do not say
 * @param early ticks by which frames are decoded before the time that their table says, so that
 *     none is shown before it is decoded; offsets of composition may be negative, those of FLV not
 */
record Track(int id, Codec codec, Timeline clock, Defaults defaults, long early) {
  private static final int MDIA = Box.type("mdia");
  private static final int MDHD = Box.type("mdhd");
  private static final int HDLR = Box.type("hdlr");
  private static final int MINF = Box.type("minf");
  private static final int STBL = Box.type("stbl");
  private static final int CTTS = Box.type("ctts");
  private static final int STSD = Box.type("stsd");
  private static final int TKHD = Box.type("tkhd");
  private static final int EDTS = Box.type("edts");
  private static final int ELST = Box.type("elst");
  private static final int VIDE = Box.type("vide");
  private static final int SOUN = Box.type("soun");

  /**
   * A track with the tables of its samples, which are read once and need their bytes at hand.
   *
   * @param tables an stbl box
   */
  record Tabled(Track track, Box tables) {}

  /**
   * What a fragment's samples are unless it says otherwise (ISO/IEC 14496-12, 8.8.3).
   *
   * @param duration in ticks
   * @param size in bytes
   * @param flags of 8.8.3.1
   */
  record Defaults(long duration, long size, int flags) {
    static final Defaults NONE = new Defaults(0, 0, 0);
  }

  /**
   * How a track's ticks become milliseconds of the movie (8.6.6). Of an edit list the first edits
   * count: an empty one, which delays the track, and the one after, which says with which tick it
   * begins.
   *
   * @param scale ticks per second
   * @param delayMillis how long the track waits
   * @param begin the tick that is shown when it has waited
   */
  record Timeline(long scale, long delayMillis, long begin) {
    /** So many ticks are no time of a film, and would overflow. */
    private static final long TICKS_MAX = 1L << 52;

    /** Returns milliseconds, to the nearest; negative before the movie's beginning. */
    long millis(long ticks) throws BadMedia {
      if (ticks > TICKS_MAX || ticks < -TICKS_MAX) {
        throw new BadMedia("a time of %d ticks".formatted(ticks));
      }
      return rounded(ticks - begin, scale) + delayMillis;
    }

    private static long rounded(long ticks, long scale) {
      return Math.floorDiv(ticks * 1000 + scale / 2, scale);
    }
  }

  /** Of what kind a trak box is, whether it can be sent or not; null if of neither. */
  static Tag.@Nullable Kind kind(Box trak) throws BadMedia {
    int handler = trak.inner(MDIA).inner(HDLR).i32(8);
    if (handler == VIDE) {
      return Tag.Kind.VIDEO;
    }
    return handler == SOUN ? Tag.Kind.AUDIO : null;
  }

  /** Returns whether a trak box says that it is to be played (8.3.2). */
  static boolean isEnabled(Box trak) throws BadMedia {
    return (trak.inner(TKHD).i32(0) & 1) != 0;
  }

  /** Returns the type of what is in a trak box. */
  static String content(Box trak) throws BadMedia {
    return SampleEntry.name(stbl(trak).inner(STSD));
  }

  /** Returns the track that a trak box is; null if its codec is one that cannot be sent. */
  static @Nullable Tabled of(Box trak, Tag.Kind kind, long movieScale, List<Box> extensions)
      throws BadMedia {
    Box tables = stbl(trak);
    @Nullable Codec codec = SampleEntry.codec(tables.inner(STSD), kind);
    if (codec == null) {
      return null;
    }
    Box header = trak.inner(TKHD);
    int id = header.i32(header.u8(0) == 1 ? 20 : 12);
    Box media = trak.inner(MDIA).inner(MDHD);
    long scale = media.u32(media.u8(0) == 1 ? 20 : 12);
    if (scale == 0) {
      throw new BadMedia("a time scale of 0");
    }
    Timeline clock = timeline(trak, scale, movieScale);
    Defaults defaults = defaults(extensions, id);
    return new Tabled(new Track(id, codec, clock, defaults, early(tables)), tables);
  }

  /** Returns the same, with frames decoded by at least so many ticks earlier. */
  Track earlier(long ticks) {
    return new Track(id, codec, clock, defaults, Math.max(early, ticks));
  }

  private static long early(Box tables) throws BadMedia {
    @Nullable Box ctts = Box.first(tables.boxes(0), CTTS);
    long runs = ctts == null ? 0 : ctts.u32(4);
    int least = 0;
    for (long run = 0; ctts != null && run < runs; run++) {
      least = Math.min(least, ctts.i32(12 + 8 * run));
    }
    return -(long) least;
  }

  private static Box stbl(Box trak) throws BadMedia {
    return trak.inner(MDIA).inner(MINF).inner(STBL);
  }

  private static Timeline timeline(Box trak, long scale, long movieScale) throws BadMedia {
    @Nullable Box edits = Box.first(trak.boxes(0), EDTS);
    @Nullable Box list = edits == null ? null : Box.first(edits.boxes(0), ELST);
    long delay = 0;
    if (list != null) {
      boolean wide = list.u8(0) == 1;
      long count = Math.min(list.u32(4), Limits.BOXES);
      for (int i = 0; i < count; i++) {
        long entry = 8 + i * (wide ? 20L : 12L);
        long begin = wide ? list.i64(entry + 8) : list.i32(entry + 4);
        if (begin >= 0) {
          return new Timeline(scale, delay, Math.min(begin, Timeline.TICKS_MAX));
        }
        long waits = wide ? list.u64(entry) : list.u32(entry);
        delay += new Timeline(movieScale, 0, 0).millis(waits);
        if (delay > Timeline.TICKS_MAX) {
          throw new BadMedia("a track that waits for %d ms".formatted(delay));
        }
      }
    }
    return new Timeline(scale, delay, 0);
  }

  private static Defaults defaults(List<Box> extensions, int id) throws BadMedia {
    for (Box trex : extensions) {
      if (trex.i32(4) == id) {
        return new Defaults(trex.u32(12), trex.u32(16), trex.i32(20));
      }
    }
    return Defaults.NONE;
  }
}
