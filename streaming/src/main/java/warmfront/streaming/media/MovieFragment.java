package warmfront.streaming.media;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fragment of a movie: what a moof box says of the frames after it (ISO/IEC 14496-12, 8.8).
 *
 * @param tables the frames of each kind of which it has any
 * @param firstMillis when the first of them is decoded; 0 if there is none
 * @param endMillis when the last of them is over
 * @param early by how many ticks some are shown before the time at which they say to be decoded
 * @param broken whether the object ends before the last of them
 */
record MovieFragment(
    Map<Tag.Kind, FrameTable> tables,
    long firstMillis,
    long endMillis,
    Map<Tag.Kind, Long> early,
    boolean broken) {
  private static final int TRAF = Box.type("traf");
  private static final int TFHD = Box.type("tfhd");
  private static final int TFDT = Box.type("tfdt");
  private static final int TRUN = Box.type("trun");

  private static final int BASE_GIVEN = 0x1;
  private static final int DESCRIPTION_GIVEN = 0x2;
  private static final int DURATION_GIVEN = 0x8;
  private static final int SIZE_GIVEN = 0x10;
  private static final int FLAGS_GIVEN = 0x20;
  private static final int BASE_IS_MOOF = 0x2_0000;

  private static final int OFFSET_GIVEN = 0x1;
  private static final int FIRST_FLAGS_GIVEN = 0x4;
  private static final int DURATIONS_GIVEN = 0x100;
  private static final int SIZES_GIVEN = 0x200;
  private static final int ALL_FLAGS_GIVEN = 0x400;
  private static final int COMPOSITIONS_GIVEN = 0x800;

  /** A sample's flag: decoding may not begin here (8.8.3.1). */
  private static final int NO_KEY = 0x1_0000;

  /**
   * Reads a moof box.
   *
   * @param begin where it begins in the file
   * @param base milliseconds of the movie that are the beginning
   */
  static MovieFragment of(Box moof, long begin, Movie movie, long base, long objectLength)
      throws BadMedia {
    Reading reading = new Reading(begin, base, objectLength);
    for (Box traf : moof.boxes(0)) {
      if (traf.type() == TRAF) {
        reading.traf(traf, movie.tracks());
      }
    }
    Map<Tag.Kind, FrameTable> tables = new EnumMap<>(Tag.Kind.class);
    reading.writers.forEach((kind, writer) -> tables.put(kind, writer.table()));
    return new MovieFragment(
        tables,
        tables.isEmpty() ? 0 : reading.firstMillis,
        reading.endMillis,
        reading.early,
        reading.broken);
  }

  /** Returns the frames of a kind; null if it has none. */
  @Nullable FrameTable table(Tag.Kind kind) {
    @Nullable FrameTable table = tables.get(kind);
    return table == null || table.count() == 0 ? null : table;
  }

  /** Returns when the last of its frames is decoded; 0 if it has none. */
  long lastMillis() {
    return tables.values().stream().mapToLong(FrameTable::lastMillis).max().orElse(0);
  }

  /** Returns the memory that its frames take, in bytes. */
  long weight() {
    return tables.values().stream().mapToLong(FrameTable::weight).sum();
  }

  /** One moof box while it is read. */
  private static final class Reading {
    private final long begin;
    private final long base;
    private final long objectLength;
    private final Map<Tag.Kind, FrameTable.Writer> writers = new EnumMap<>(Tag.Kind.class);
    private final Map<Tag.Kind, Long> early = new EnumMap<>(Tag.Kind.class);
    private long firstMillis = Long.MAX_VALUE;
    private long endMillis;
    private long dataEnd;
    private int frames;
    private boolean broken;

    Reading(long begin, long base, long objectLength) {
      this.begin = begin;
      this.base = base;
      this.objectLength = objectLength;
      dataEnd = begin;
    }

    void traf(Box traf, List<Track> tracks) throws BadMedia {
      Box header = traf.inner(TFHD);
      int id = header.i32(4);
      for (Track track : tracks) {
        if (track.id() == id) {
          traf(traf, header, track);
          return;
        }
      }
    }

    private void traf(Box traf, Box header, Track track) throws BadMedia {
      int flags = header.i32(0) & 0xff_ffff;
      long at = 8;
      long data = (flags & BASE_IS_MOOF) != 0 ? begin : dataEnd; // 8.8.7.1
      if ((flags & BASE_GIVEN) != 0) {
        data = header.u64(at);
        at += 8;
      }
      at += (flags & DESCRIPTION_GIVEN) == 0 ? 0 : 4;
      Track.Defaults defaults = track.defaults();
      if ((flags & DURATION_GIVEN) != 0) {
        defaults = new Track.Defaults(header.u32(at), defaults.size(), defaults.flags());
        at += 4;
      }
      if ((flags & SIZE_GIVEN) != 0) {
        defaults = new Track.Defaults(defaults.duration(), header.u32(at), defaults.flags());
        at += 4;
      }
      if ((flags & FLAGS_GIVEN) != 0) {
        defaults = new Track.Defaults(defaults.duration(), defaults.size(), header.i32(at));
      }
      Run run = new Run(track, defaults, begins(traf), data);
      dataEnd = data;
      for (Box trun : traf.boxes(0)) {
        if (trun.type() == TRUN && !broken) {
          run(trun, run);
          dataEnd = run.offset;
        }
      }
      endMillis = Math.max(endMillis, track.clock().millis(run.ticks) - base);
    }

    private static long begins(Box traf) throws BadMedia {
      Box tfdt = traf.inner(TFDT); // without it nobody can begin in the middle
      return tfdt.u8(0) == 1 ? tfdt.u64(4) : tfdt.u32(4);
    }

    private void run(Box trun, Run run) throws BadMedia {
      int flags = trun.i32(0) & 0xff_ffff;
      long count = trun.u32(4);
      long at = 8;
      if ((flags & OFFSET_GIVEN) != 0) {
        run.offset = run.data + trun.i32(at);
        at += 4;
      }
      int first = run.defaults.flags();
      boolean firstGiven = (flags & FIRST_FLAGS_GIVEN) != 0;
      if (firstGiven) {
        first = trun.i32(at);
        at += 4;
      }
      frames += (int) Math.min(count, Limits.FRAGMENT_FRAMES + 1L);
      if (frames > Limits.FRAGMENT_FRAMES) {
        throw new BadMedia("more than %d frames in a fragment".formatted(Limits.FRAGMENT_FRAMES));
      }
      for (long i = 0; i < count && !broken; i++) {
        long duration = run.defaults.duration();
        long size = run.defaults.size();
        int own = run.defaults.flags();
        int later = 0;
        if ((flags & DURATIONS_GIVEN) != 0) {
          duration = trun.u32(at);
          at += 4;
        }
        if ((flags & SIZES_GIVEN) != 0) {
          size = trun.u32(at);
          at += 4;
        }
        if ((flags & ALL_FLAGS_GIVEN) != 0) {
          own = trun.i32(at);
          at += 4;
        }
        if ((flags & COMPOSITIONS_GIVEN) != 0) {
          later = trun.i32(at);
          at += 4;
        }
        frame(run, size, i == 0 && firstGiven ? first : own, later);
        run.ticks += duration;
      }
    }

    private void frame(Run run, long size, int flags, int later) throws BadMedia {
      if (size > Limits.FRAME_BYTES || run.offset < 0) {
        throw new BadMedia("a frame of %d bytes at %d".formatted(size, run.offset));
      }
      broken = run.offset > objectLength - size;
      if (broken || size == 0) {
        return;
      }
      Tag.Kind kind = run.track.codec().form().kind;
      Track.Timeline clock = run.track.clock();
      long millis = clock.millis(run.ticks - run.track.early());
      firstMillis = Math.min(firstMillis, millis - base);
      if (later < -run.track.early()) {
        early.merge(kind, -(long) later, Math::max);
      }
      long shown = clock.millis(run.ticks + later) - millis;
      int composition = Math.clamp(shown, Integer.MIN_VALUE, Integer.MAX_VALUE);
      boolean key = kind == Tag.Kind.AUDIO || (flags & NO_KEY) == 0;
      writers
          .computeIfAbsent(kind, FrameTable.Writer::new)
          .add(kind, millis - base, key, composition, run.offset, (int) size);
      run.offset += size;
    }
  }

  /** Where in a track's run of frames a reading is. */
  private static final class Run {
    private final Track track;
    private final Track.Defaults defaults;
    private final long data;
    private long ticks;
    private long offset;

    Run(Track track, Track.Defaults defaults, long ticks, long data) {
      this.track = track;
      this.defaults = defaults;
      this.ticks = ticks;
      this.data = data;
      offset = data;
    }
  }
}
