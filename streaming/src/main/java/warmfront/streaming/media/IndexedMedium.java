package warmfront.streaming.media;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An MP4 whose moov has all frames.
 *
 * @param broken whether the object ends before the last of them
 */
record IndexedMedium(
    Movie movie, FrameTable table, boolean broken, long durationMillis, List<Tag> head)
    implements Medium {
  /** Reads the tables of all tracks, once, into one. */
  static IndexedMedium of(Movie.Tabled tabled, long objectLength) throws BadMedia {
    Movie movie = tabled.movie();
    @Nullable SampleWalk video = begun(tabled.video());
    @Nullable SampleWalk audio = begun(tabled.audio());
    if (video == null && audio == null) {
      throw new BadMedia("no frames");
    }
    long base = base(video, audio);
    double rate = tabled.video() == null ? 0 : rate(tabled.video());
    FrameTable.Writer rows = new FrameTable.Writer(movie.leading());
    boolean broken = false;
    long bytes = 0;
    while (!broken && (video != null || audio != null)) {
      SampleWalk next = earlier(video, audio);
      bytes += next.size();
      broken = next.offset() > objectLength - next.size();
      if (bytes > objectLength || rows.count() == Limits.FRAMES) {
        throw new BadMedia("too many frames, or one over another");
      }
      if (!broken) {
        add(rows, next, base);
        boolean more = next.advance();
        video = more || next != video ? video : null;
        audio = more || next != audio ? audio : null;
      }
    }
    FrameTable table = rows.table();
    long millis = Math.max(movie.millis(), table.lastMillis());
    List<Tag> head = Mp4Opening.head(movie, millis, objectLength, rate);
    return new IndexedMedium(movie, table, broken, millis, head);
  }

  /** Returns a walk that is at the first sample; null if there is none. */
  static @Nullable SampleWalk begun(Track.@Nullable Tabled track) throws BadMedia {
    if (track == null) {
      return null;
    }
    SampleWalk walk = new SampleWalk(track);
    return walk.advance() ? walk : null;
  }

  /** Returns what is the beginning: no frame is decoded earlier (FLV has no negative times). */
  static long base(@Nullable SampleWalk video, @Nullable SampleWalk audio) {
    long base = Long.MAX_VALUE;
    if (video != null) {
      base = video.millis();
    }
    return audio == null ? base : Math.min(base, audio.millis());
  }

  /** Adds the sample at which a walk is, unless it is empty. */
  static void add(FrameTable.Writer rows, SampleWalk walk, long base) {
    if (walk.size() > 0) {
      Tag.Kind kind = walk.track().codec().form().kind;
      long millis = walk.millis() - base;
      rows.add(kind, millis, walk.key(), walk.composition(), walk.offset(), walk.size());
    }
  }

  private static SampleWalk earlier(@Nullable SampleWalk video, @Nullable SampleWalk audio) {
    if (video == null || audio == null) {
      return video == null ? Objects.requireNonNull(audio) : video;
    }
    return video.millis() <= audio.millis() ? video : audio;
  }

  /** Returns the frames per second that the first runs of times say; 0 if there are none. */
  private static double rate(Track.Tabled video) throws BadMedia {
    Box stts = video.tables().inner(Box.type("stts"));
    long ticks = 0;
    long samples = 0;
    for (long run = 0; run < Math.min(stts.u32(4), Limits.BOXES); run++) {
      samples += stts.u32(8 + 8 * run);
      ticks += stts.u32(8 + 8 * run) * stts.u32(12 + 8 * run);
    }
    double rate = ticks <= 0 ? 0 : (double) samples * video.track().clock().scale() / ticks;
    return Math.round(rate * 1000) / 1000.0;
  }

  @Override
  public List<String> fourCcs() {
    return movie.fourCcs();
  }

  @Override
  public Reel from(long millis) {
    if (millis > table.lastMillis()) {
      return _ -> new Reel.End(false);
    }
    return new TableReel(movie, table.readerAt(Math.max(0, millis)), broken);
  }

  @Override
  public long weight() {
    return table.weight() + weight(head);
  }

  /** Returns the memory that tags take, in bytes. */
  static long weight(List<Tag> tags) {
    return tags.stream().mapToLong(tag -> 64L + tag.payload().length()).sum();
  }
}
