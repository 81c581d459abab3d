package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/**
 * A broadcast as one file: live tags in, a fragmented MP4 out, piece by piece (ISO/IEC 14496-12,
 * 8.8). What was written stays playable whenever it breaks off; {@link #setDuration} and {@link
 * #index} complete it. Used by one thread at a time.
 *
 * <p>A fragment has both sound and pictures, and ends where a keyframe comes after {@value
 * #FRAGMENT_MILLIS} ms. The header names the codecs of the first fragment: tags with others belong
 * to another film.
 */
public final class Film {
  /** A fragment that is as long ends at the next keyframe. */
  static final int FRAGMENT_MILLIS = 2000;

  /** One that is as long ends without any. */
  private static final int FRAGMENT_MILLIS_MAX = 6000;

  private static final int FRAGMENT_BYTES_MAX = 8 << 20;
  private static final int FRAGMENT_FRAMES_MAX = 10_000;

  /** How far back times of a rendition may go before that is a leap. */
  private static final long LEAP_BACK_MILLIS = 1000;

  /** How far ahead: a publisher that was cut off has 10 s to come back. */
  private static final long LEAP_AHEAD_MILLIS = 15_000;

  /** How much longer than it may a film gets for want of a keyframe. */
  private static final long OVERTIME_MILLIS = 60_000;

  private static final long OVERTIME_BYTES = 256 << 20;

  /** How far sound may be from its times before it is set right; below, frames are counted. */
  private static final long SOUND_OFF_MILLIS = 100;

  /** What the last picture lasts, and how far apart frames are on both sides of a leap. */
  private static final long LAST_MILLIS = 40;

  /** What has become of a tag. */
  public sealed interface Taken {
    /**
     * A piece of the file is complete.
     *
     * @param bytes of the file, whole boxes
     * @param head how many of them are the file's header; 0 but in the first piece
     * @param mark where the fragment is, the piece beginning at 0
     */
    record Piece(Slice bytes, int head, Mark mark) implements Taken {}

    /** There is no piece. */
    enum Other implements Taken {
      /** It is kept for one, or is of no use. */
      NOTHING,
      /** This film ends; the tag is the first of another. */
      ANOTHER
    }
  }

  /**
   * A fragment in a file.
   *
   * @param offset where it begins in the file
   * @param track the number of the track that leads: of pictures, if there are any
   * @param ticks when its first frame of that track is decoded, in ticks of the track
   * @param key whether playing may begin with that frame
   * @param endMillis when its last frame is over
   */
  public record Mark(long offset, int track, long ticks, boolean key, long endMillis) {
    /** Returns it in a file in which it is later. */
    public Mark after(long bytes) {
      return new Mark(offset + bytes, track, ticks, key, endMillis);
    }
  }

  /** One rendition of it. */
  private static final class Line {
    private final Format format;
    private @Nullable Draft draft;

    /** A picture of which it is not known yet how long it lasts. */
    private @Nullable Frame pending;

    private long pendingBegins;

    /** Where the last frame ends; -1 if there was none. */
    private long ends = -1;

    private long newestMillis = -1;

    Line(Format format) {
      this.format = format;
    }

    long ticks(long millis) {
      return millis * format.timescale() / 1000;
    }

    long millis(long ticks) {
      return ticks * 1000 / format.timescale();
    }
  }

  private final long millisMax;
  private final long bytesMax;
  private final Map<Rendition, Line> lines = new EnumMap<>(Rendition.class);
  private boolean hasHeader;
  private boolean hasForeign;
  private int fragments;
  private long written;
  private long heardMillis = -1;
  private long newestMillis = -1;
  private long shift;

  /**
   * Begins one.
   *
   * @param millisMax how long it plays at most, to the next keyframe or by a minute
   * @param bytesMax how large the file gets at most, to the next keyframe or by 256 MiB
   */
  public Film(long millisMax, long bytesMax) {
    this.millisMax = millisMax;
    this.bytesMax = bytesMax;
  }

  /** Returns whether there were frames of a codec that it cannot have. */
  public boolean hasForeign() {
    return hasForeign;
  }

  /** Takes a tag, times as its channel says. */
  public Taken tag(Tag tag) {
    return switch (Coded.read(tag)) {
      case Coded.Configured(Rendition rendition, Format format) -> configure(rendition, format);
      case Coded.Framed(Rendition rendition, Frame frame) -> add(rendition, frame);
      case Coded.Other _ -> {
        hasForeign |= tag.kind() != Tag.Kind.SCRIPT && !isEmpty(tag);
        yield Taken.Other.NOTHING;
      }
    };
  }

  /** Some publishers begin with a frame of nothing, or end with one that only says so. */
  private static boolean isEmpty(Tag tag) {
    return tag.payload().length() <= 5;
  }

  private Taken configure(Rendition rendition, Format format) {
    @Nullable Line line = lines.get(rendition);
    if (line != null && line.format.isSame(format)) {
      return Taken.Other.NOTHING;
    }
    if (hasHeader || (line != null && line.newestMillis >= 0)) {
      return Taken.Other.ANOTHER;
    }
    lines.put(rendition, new Line(format));
    return Taken.Other.NOTHING;
  }

  private Taken add(Rendition rendition, Frame frame) {
    @Nullable Line line = lines.get(rendition);
    if (line == null || isTooEarly(rendition, line, frame)) {
      return Taken.Other.NOTHING;
    }
    boolean leads = rendition == Rendition.VIDEO || !lines.containsKey(Rendition.VIDEO);
    if (leads && isLong(frame.key() ? 0 : 1)) {
      return Taken.Other.ANOTHER;
    }
    long millis = place(line, frame.millis());
    return rendition == Rendition.VIDEO
        ? addPicture(line, frame, millis)
        : addSound(line, frame, millis);
  }

  /** Returns whether it is as long as it may be, and as much longer as one waits for a keyframe. */
  private boolean isLong(int patience) {
    return newestMillis - millisMax > patience * OVERTIME_MILLIS
        || written - bytesMax > patience * OVERTIME_BYTES;
  }

  /** Pictures begin with a keyframe, and a film with pictures begins with one of them. */
  private boolean isTooEarly(Rendition rendition, Line line, Frame frame) {
    if (heardMillis < 0) {
      heardMillis = frame.millis();
    }
    @Nullable Line video = lines.get(Rendition.VIDEO);
    return rendition == Rendition.VIDEO
        ? line.newestMillis < 0 && !frame.key()
        : video != null
            && video.newestMillis < 0
            && line.newestMillis < 0
            && Math.abs(frame.millis() - heardMillis) < FRAGMENT_MILLIS_MAX;
  }

  /** Returns when a frame is decoded in the film; times that leap go on where it is. */
  private long place(Line line, long millis) {
    long placed = millis + shift;
    boolean leaps =
        newestMillis >= 0
            && (placed
                    < (line.newestMillis < 0 ? newestMillis : line.newestMillis) - LEAP_BACK_MILLIS
                || placed > newestMillis + LEAP_AHEAD_MILLIS);
    if (newestMillis < 0 || leaps) {
      placed = leaps ? newestMillis + LAST_MILLIS : 0;
      shift = placed - millis;
    }
    placed = Math.max(placed, 0);
    line.newestMillis = Math.max(line.newestMillis, placed);
    newestMillis = Math.max(newestMillis, placed);
    return placed;
  }

  private Taken addPicture(Line line, Frame frame, long millis) {
    Taken taken = Taken.Other.NOTHING;
    long begins = line.ticks(millis);
    @Nullable Frame last = line.pending;
    if (last != null) {
      begins = Math.max(begins, line.pendingBegins + 1);
      append(Rendition.VIDEO, line, last, line.pendingBegins, begins - line.pendingBegins);
      if (isFull(line, frame.key() ? FRAGMENT_MILLIS : FRAGMENT_MILLIS_MAX)) {
        taken = cut();
      }
    }
    line.pending = frame;
    line.pendingBegins = begins;
    return taken;
  }

  private Taken addSound(Line line, Frame frame, long millis) {
    Taken taken = Taken.Other.NOTHING;
    long begins = line.ticks(millis);
    if (line.ends >= 0) {
      boolean isNear = Math.abs(begins - line.ends) < line.ticks(SOUND_OFF_MILLIS);
      begins = isNear ? line.ends : Math.max(begins, line.ends);
    }
    int most = lines.containsKey(Rendition.VIDEO) ? 2 * FRAGMENT_MILLIS_MAX : FRAGMENT_MILLIS;
    if (line.draft != null && (begins != line.ends || isFull(line, most))) {
      taken = cut();
    }
    append(Rendition.AUDIO, line, frame, begins, line.format.frameTicks());
    return taken;
  }

  private static void append(
      Rendition rendition, Line line, Frame frame, long begins, long frameTicks) {
    Draft draft = line.draft == null ? new Draft(rendition, begins) : line.draft;
    draft.add(frame, frameTicks);
    line.draft = draft;
    line.ends = begins + frameTicks;
  }

  private boolean isFull(Line line, int millis) {
    @Nullable Draft draft = line.draft;
    long bytes = 0;
    int frames = 0;
    for (Line one : lines.values()) {
      bytes += one.draft == null ? 0 : one.draft.length();
      frames += one.draft == null ? 0 : one.draft.frames();
    }
    return (draft != null && draft.ticks() >= line.ticks(millis))
        || bytes > FRAGMENT_BYTES_MAX
        || frames > FRAGMENT_FRAMES_MAX;
  }

  /** Ends it, and returns the last piece, if there is one. */
  public Taken end() {
    @Nullable Line line = lines.get(Rendition.VIDEO);
    if (line != null && line.pending != null) {
      append(Rendition.VIDEO, line, line.pending, line.pendingBegins, line.ticks(LAST_MILLIS));
      line.pending = null;
    }
    return cut();
  }

  /** Makes a piece of what there is. */
  private Taken cut() {
    List<Draft> drafts = new ArrayList<>();
    long endMillis = 0;
    for (Line line : lines.values()) {
      if (line.draft != null) {
        drafts.add(line.draft);
      }
      endMillis = Math.max(endMillis, line.millis(line.ends));
    }
    if (drafts.isEmpty()) {
      return Taken.Other.NOTHING;
    }
    Rendition leading = lines.containsKey(Rendition.VIDEO) ? Rendition.VIDEO : Rendition.AUDIO;
    @Nullable Line line = lines.get(leading);
    @Nullable Draft draft = line == null ? null : line.draft;
    lines.values().forEach(one -> one.draft = null);
    byte[] fragment = Draft.fragment(++fragments, drafts);
    ByteBuffer head = hasHeader ? ByteBuffer.allocate(0) : header().buffer();
    hasHeader = true;
    byte[] bytes = new byte[head.remaining() + fragment.length];
    int headBytes = head.remaining();
    head.get(bytes, 0, headBytes);
    System.arraycopy(fragment, 0, bytes, headBytes, fragment.length);
    written += bytes.length;
    return new Taken.Piece(
        Slice.of(bytes),
        headBytes,
        new Mark(
            headBytes,
            leading.track(),
            draft == null ? 0 : draft.begins(),
            draft != null && draft.startsWithKey(),
            endMillis));
  }

  private Slice header() {
    Map<Rendition, Format> formats = new EnumMap<>(Rendition.class);
    lines.forEach((rendition, line) -> formats.put(rendition, line.format));
    return Header.of(formats, "mp41", true);
  }

  /**
   * Writes into a file's header how long the file plays.
   *
   * @param header all of it, as the first piece has it; changed in place
   */
  public static void setDuration(ByteBuffer header, long millis) {
    Header.setDuration(header, millis);
  }

  /**
   * Returns what goes to a file's end, by which players find where to begin (ISO/IEC 14496-12,
   * 8.8.9 to 8.8.11); nothing if they can begin nowhere.
   *
   * @param marks of the fragments of the file, in order
   */
  public static Slice index(List<Mark> marks) {
    List<Mark> keys = marks.stream().filter(Mark::key).toList();
    if (keys.isEmpty()) {
      return Slice.of(new byte[0]);
    }
    Boxes out = new Boxes(64 + 19 * keys.size());
    out.open("mfra").open("tfra", 1, 0).u32(keys.getFirst().track()).u32(0).u32(keys.size());
    for (Mark mark : keys) {
      out.u64(mark.ticks()).u64(mark.offset()).u8(1).u8(1).u8(1);
    }
    out.close().open("mfro", 0, 0).u32(out.length() + 4L).close().close();
    return Slice.of(out.bytes());
  }
}
