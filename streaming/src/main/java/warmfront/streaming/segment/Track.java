package warmfront.streaming.segment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rendition of a broadcast: frames become parts, parts segments, and old segments go. Owned by
 * its {@link Packager}, under whose lock it is used.
 *
 * <p>What is announced is kept to. The part that a playlist hints at is always made, in the segment
 * that was said: so a segment never ends while its next part has no frame yet.
 */
final class Track {
  private static final int PART_FRAMES_MAX = 256;

  private static final int PART_BYTES_MAX = 4 << 20;

  private static final int PARTS_MAX = 256;

  /** Segments that stay although they take too much memory: what players are at. */
  private static final int SEGMENTS_LEAST = 2;

  /** A segment may end at a keyframe when it has this many tenths of what it is to last. */
  private static final int NEAR_TENTHS = 9;

  /** How far sound may be from its times before it is set right; below, frames are counted. */
  private static final long SOUND_OFF_MILLIS = 100;

  /**
   * How much longer, in parts, the part gets that ends a segment of sound, while the picture that
   * ends it has not come.
   */
  private static final double GRACE = 0.25;

  /** A duration up to here is rounded down to the target (RFC 8216bis, 4.4.3.1). */
  private static final long BEYOND_TARGET_MILLIS = 450;

  private final Rendition rendition;
  private final Cadence cadence;
  private final Broadcast broadcast;
  private final Deque<Segment> segments = new ArrayDeque<>();

  private Initial initial;
  private Segment open;
  private @Nullable Draft draft;
  private @Nullable Frame pending;
  private long pendingBegins;
  private long lastTicks;
  private long cutAt = -1;
  private long fragments;
  private long bytes;

  private int targetSeconds;
  private double partTarget;
  private double framesPerSecond;
  private long peakBitsPerSecond;

  Track(Rendition rendition, Cadence cadence, Broadcast broadcast, Format format, Era era) {
    this.rendition = rendition;
    this.cadence = cadence;
    this.broadcast = broadcast;
    this.initial = Initial.of(rendition, 0, format);
    this.open = new Segment(broadcast.firstSequence(), initial, era);
  }

  /** Takes another configuration; what was cut so far is complete. */
  void configure(Format format, Era era) {
    initial = Initial.of(rendition, initial.number() + 1, format);
    discontinue(era);
  }

  /** Breaks the timeline: the next frame begins a segment of another one. */
  void discontinue(Era era) {
    flush();
    open = new Segment(open.sequence(), initial, era);
    cutAt = -1;
  }

  /** Completes all that has begun. */
  void flush() {
    @Nullable Frame last = pending;
    if (last != null) {
      append(last, pendingBegins, lastTicks);
      pending = null;
    }
    closeSegment();
  }

  /** Has the segment end where a frame begins that is not before {@code millis}. */
  void cut(long millis) {
    cutAt = ticks(millis);
    @Nullable Draft current = draft;
    if (current != null && current.ends() >= cutAt) {
      closeSegment();
    }
  }

  /**
   * Takes a frame.
   *
   * @param frame whose time is that of the broadcast's timeline
   * @param leads whether segments end by this track's own frames
   * @return whether a segment ended with the frame before it
   */
  boolean add(Frame frame, boolean leads) {
    long sequence = open.sequence();
    int frameTicks = initial.format().frameTicks();
    if (frameTicks == 0) {
      addPicture(frame);
    } else {
      addSound(frame, frameTicks, leads);
    }
    return open.sequence() != sequence;
  }

  private void addPicture(Frame frame) {
    long begins = ticks(frame.millis());
    @Nullable Frame last = pending;
    if (last != null) {
      begins = Math.max(begins, pendingBegins);
      append(last, pendingBegins, begins - pendingBegins);
      if (isLongEnough(frame.key())) {
        closeSegment();
      } else {
        closeFullPart(false);
      }
    }
    pending = frame;
    pendingBegins = begins;
  }

  private void addSound(Frame frame, int frameTicks, boolean leads) {
    long begins = ticks(frame.millis());
    long expected = Math.max(ends(), 0);
    if (expected > 0 && Math.abs(begins - expected) < ticks(SOUND_OFF_MILLIS)) {
      begins = expected;
    }
    begins = Math.max(begins, expected);
    @Nullable Draft current = draft;
    if (current != null && cutAt >= 0 && begins >= cutAt) {
      closeSegment();
    } else if (current != null && begins != current.ends()) {
      closePart();
    }
    append(frame, begins, frameTicks);
    if (isLongEnough(leads)) {
      closeSegment();
    } else {
      closeFullPart(!leads);
    }
  }

  private void append(Frame frame, long begins, long frameTicks) {
    Draft current = draft == null ? new Draft(rendition, begins) : draft;
    current.add(frame, frameTicks);
    draft = current;
    lastTicks = frameTicks;
  }

  /** Returns whether the segment may end behind what it has, or has to. */
  private boolean isLongEnough(boolean atKeyframe) {
    long has = ends() - begins();
    boolean enough = atKeyframe && has >= ticks(cadence.segment().toMillis()) * NEAR_TENTHS / 10;
    long most =
        targetSeconds == 0
            ? cadence.segmentMax().toMillis()
            : targetSeconds * 1000L + BEYOND_TARGET_MILLIS;
    return enough
        || has + lastTicks > ticks(most)
        || open.parts().size() >= PARTS_MAX
        || open.bytes() > cadence.windowBytes() / (2 * SEGMENTS_LEAST);
  }

  private void closeFullPart(boolean follows) {
    @Nullable Draft current = draft;
    if (current != null
        && (hasLasted(current, follows)
            || current.frames() >= PART_FRAMES_MAX
            || current.length() >= PART_BYTES_MAX)) {
      closePart();
      if (cutAt >= 0 && open.ends() >= cutAt) {
        closeSegment();
      }
    }
  }

  /**
   * Returns whether a part is as long as it should be. Parts divide a segment evenly, if it gets as
   * long as the one before it, so that none at its end is a short one: players take what is missing
   * of a segment for nothing if it is short enough, hls.js up to 200 ms.
   *
   * @param follows whether the segment ends where one of pictures does
   */
  private boolean hasLasted(Draft current, boolean follows) {
    double part = cadence.part().toMillis() / 1000.0;
    double segment =
        segments.isEmpty() ? cadence.segment().toMillis() / 1000.0 : segments.getLast().seconds();
    long parts = Math.max(Math.round(segment / part), 1);
    double step = Math.max(segment, part) / parts * initial.format().timescale();
    long number = Math.round((current.begins() - begins()) / step) + 1;
    double due = begins() + number * step;
    if (follows && cutAt < 0 && number == parts) {
      due += GRACE * step;
    } else if (cutAt >= 0 && cutAt < due + step / 2) {
      return false;
    }
    return current.ends() + lastTicks / 2 >= due;
  }

  private void closePart() {
    @Nullable Draft current = draft;
    if (current == null) {
      return;
    }
    boolean reference = rendition == Rendition.VIDEO && open.isEmpty() && broadcast.isFixed();
    long ntp = reference ? broadcast.ntp(current.begins(), initial.format().timescale()) : 0;
    fragments++;
    Part part = current.part((int) fragments, ntp);
    open.add(current.begins(), part);
    draft = null;
    partTarget = Math.max(partTarget, (double) part.ticks() / initial.format().timescale());
  }

  private void closeSegment() {
    closePart();
    cutAt = -1;
    if (open.isEmpty()) {
      return;
    }
    Segment closed = open;
    segments.add(closed);
    bytes += closed.bytes();
    measure(closed);
    broadcast.fix();
    open = new Segment(closed.sequence() + 1, initial, closed.era());
    evict(closed.ends());
  }

  private void measure(Segment closed) {
    double seconds = closed.seconds();
    int least = (int) Math.max(cadence.segment().toSeconds(), 1);
    targetSeconds = Math.max(targetSeconds, Math.max((int) Math.round(seconds), least));
    if (seconds > 0) {
      int frames = closed.parts().stream().mapToInt(Part::frames).sum();
      framesPerSecond = frames / seconds;
      peakBitsPerSecond = Math.max(peakBitsPerSecond, (long) (closed.bytes() * 8 / seconds));
    }
  }

  private void evict(long newest) {
    long oldest = newest - ticks(cadence.window().toMillis());
    while (segments.size() > SEGMENTS_LEAST
        && (bytes > cadence.windowBytes() || segments.getFirst().ends() <= oldest)) {
      bytes -= segments.removeFirst().bytes();
    }
  }

  private long ticks(long millis) {
    return millis * initial.format().timescale() / 1000;
  }

  /** Returns where the open segment begins; where it will if it has nothing yet. */
  private long begins() {
    return open.isEmpty() ? draft == null ? ends() : draft.begins() : open.begins();
  }

  /** Returns where the last frame that was appended ends; -1 if there was none. */
  private long ends() {
    if (draft != null) {
      return draft.ends();
    }
    if (!open.isEmpty()) {
      return open.ends();
    }
    return segments.isEmpty() ? -1 : endOfLast();
  }

  private long endOfLast() {
    Segment last = segments.getLast();
    return last.ends() * initial.format().timescale() / last.initial().format().timescale();
  }

  // ---- what there is

  /** Returns a number that rises with each part and each segment that is complete. */
  long changes() {
    return fragments + open.sequence();
  }

  Rendition rendition() {
    return rendition;
  }

  Format format() {
    return initial.format();
  }

  /** Returns the complete segments that are kept, oldest first. */
  Deque<Segment> segments() {
    return segments;
  }

  /** Returns the segment that parts are added to; it may have none yet. */
  Segment open() {
    return open;
  }

  /** Returns whether it can be played: a segment is complete, and so what to announce is known. */
  boolean isReady() {
    return targetSeconds > 0;
  }

  int targetSeconds() {
    return targetSeconds;
  }

  /** Returns the longest part so far, in seconds. */
  double partTarget() {
    return partTarget;
  }

  double framesPerSecond() {
    return framesPerSecond;
  }

  long peakBitsPerSecond() {
    return peakBitsPerSecond;
  }

  /** Returns all that has parts, oldest first. */
  List<Segment> listed() {
    List<Segment> listed = new ArrayList<>(segments);
    if (!open.isEmpty()) {
      listed.add(open);
    }
    return listed;
  }

  @Nullable Segment segment(long sequence) {
    if (sequence == open.sequence()) {
      return open;
    }
    for (Segment segment : segments) {
      if (segment.sequence() == sequence) {
        return segment;
      }
    }
    return null;
  }

  @Nullable Initial initial(int number) {
    if (number == initial.number()) {
      return initial;
    }
    for (Segment segment : segments) {
      if (segment.initial().number() == number) {
        return segment.initial();
      }
    }
    return null;
  }
}
