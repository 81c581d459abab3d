package warmfront.streaming.play;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Medium;
import warmfront.streaming.media.Reel;
import warmfront.streaming.media.Tag;
import warmfront.streaming.rtmp.Body;
import warmfront.streaming.rtmp.Link;
import warmfront.streaming.rtmp.MediaHead;
import warmfront.streaming.rtmp.MediaKind;

/**
 * One medium on its way to a stream: what comes next of it, and how far it may be sent. Timestamps
 * count from 0 where playing began, and are those of the medium after a seek (what Adobe's server
 * did: clients add the start to the first and not to the second).
 */
final class Playback implements Body {
  /** The end of what is played to its end. */
  static final long TO_THE_END = Long.MAX_VALUE;

  private final Medium medium;
  private final Blocks blocks;
  private final Pace pace;
  private final int frameBytesMax;
  private Reel reel;
  private Reel.@Nullable Frame frame;
  private boolean headed;
  private boolean videoMissing;
  private boolean single;
  private boolean damaged;
  private long endMillis;

  /** What is added to the medium's time; unknown until the first frame is, unless it is given. */
  private long shift;

  private long firstTimestamp;
  private boolean shifted;
  private long position;
  private long sentBytes;

  /** How far it went. */
  enum Progress {
    /** Bytes have to come. */
    COMING,
    /** The link takes no more now. */
    BLOCKED,
    /** What comes next is to be sent later. */
    EARLY,
    /** One picture was sent, as was wanted. */
    SHOWN,
    /** All was sent. */
    ENDED,
    /** There is no going on; see {@link #failure} */
    BROKEN
  }

  /**
   * Who is sent what.
   *
   * @param streamId of the message stream
   * @param audio whether it is wanted
   * @param video whether it is wanted
   * @param picture whether to stop after one picture
   * @param bufferMillis what the client buffers
   * @param nanos the time now
   */
  record To(
      Link link,
      int streamId,
      boolean audio,
      boolean video,
      boolean picture,
      long bufferMillis,
      long nanos) {}

  /** Makes one that begins at a time of the medium. */
  Playback(
      Library.Outcome.Opened opened,
      long startMillis,
      PlayLimits limits,
      Executor loop,
      Runnable arrived) {
    this.medium = opened.medium();
    this.blocks = new Blocks(opened.source(), limits.reading().blockBytes(), loop, arrived);
    this.pace = new Pace(limits.pace());
    this.frameBytesMax = limits.reading().frameBytesMax();
    this.reel = medium.from(startMillis);
    this.endMillis = TO_THE_END;
    this.position = startMillis;
  }

  /** Ends before a time of the medium; after one picture if {@code millis} is where it begins. */
  void endAt(long millis) {
    single = millis == position;
    endMillis = single ? TO_THE_END : millis;
  }

  /** Ends before a time of the medium, if it does not before that. */
  void endBy(long millis) {
    endMillis = Math.min(endMillis, millis);
  }

  /** Gives the first frame a timestamp. */
  void beginAt(long timestamp) {
    firstTimestamp = timestamp;
  }

  /** Goes on at another time of the medium. */
  void seek(long millis, long nanos) {
    reel = medium.from(millis);
    frame = null;
    headed = false;
    damaged = false;
    position = millis;
    shift = 0;
    shifted = true;
    pace.begin(millis, nanos);
  }

  void pause(long nanos) {
    pace.pause(nanos);
    blocks.rest();
  }

  void resume(long nanos) {
    pace.resume(nanos);
  }

  /** Sends what may be sent now. */
  Progress send(To to) {
    while (true) {
      if (!to.link().isWritable()) {
        return Progress.BLOCKED;
      }
      Progress stopped = find();
      Reel.Frame next = frame;
      if (next == null) {
        return stopped;
      }
      if (next.millis() >= endMillis) {
        return Progress.ENDED;
      }
      begin(next, to.nanos());
      if (!pace.allows(next.millis(), to.nanos(), to.bufferMillis())) {
        return Progress.EARLY;
      }
      if (!wants(to, next)) {
        frame = null;
        continue;
      }
      if (!blocks.want(place(next.kind()), next.offset(), next.length())) {
        return blocks.failure().isPresent() ? Progress.BROKEN : Progress.COMING;
      }
      send(to, next);
      boolean shown = next.kind() == Tag.Kind.VIDEO || !to.video() || !hasVideo();
      if ((single || to.picture()) && shown) {
        return single ? Progress.ENDED : Progress.SHOWN;
      }
    }
  }

  /**
   * Moves on, without sending anything, to the first frame that decoding may begin with.
   *
   * @param millis not before this time of the medium
   * @return {@link Progress#SHOWN} once it is there
   */
  Progress aim(long millis) {
    while (true) {
      Progress stopped = find();
      Reel.Frame next = frame;
      if (next == null) {
        return stopped;
      }
      boolean begins = next.key() && (next.kind() == Tag.Kind.VIDEO || !hasVideo());
      if (begins && next.millis() >= millis) {
        return Progress.SHOWN;
      }
      frame = null;
    }
  }

  /** Takes the place of another, on its time, at the frame that it has been aimed at. */
  void follow(Playback other, long nanos) {
    long begin = frame == null ? other.position : frame.millis();
    shift = other.shift;
    shifted = true;
    pace.begin(begin, nanos);
    sentBytes = other.sentBytes;
  }

  /** Returns the time in the medium of the frame that comes next, or of the last one. */
  long nextMillis() {
    return frame == null ? position : frame.millis();
  }

  /** Returns the timestamp that the last frame had. */
  long timestamp() {
    return position + shift;
  }

  /** Returns how long the medium plays, in milliseconds; -1 if it does not say. */
  long durationMillis() {
    return medium.durationMillis();
  }

  /** Returns how many bytes of media were sent. */
  long sentBytes() {
    return sentBytes;
  }

  /** Returns why it is broken. */
  String failure() {
    if (damaged) {
      return "the file is damaged";
    }
    return switch (blocks.failure().orElse(new Failure.Broken("it broke off"))) {
      case Failure.Changed() -> "the file has changed";
      case Failure.Missing(int status) -> "the origin answered " + status;
      case Failure.Broken(String reason) -> reason;
    };
  }

  /** Returns whether trying again may help, having made that possible. */
  boolean tryAgain(int attemptsMax) {
    Optional<Failure> failure = blocks.failure();
    if (damaged || failure.isEmpty()) {
      return !damaged;
    }
    boolean again = Failure.mayPass(failure.get()) && blocks.failures() < attemptsMax;
    if (again) {
      blocks.forgive();
    }
    return again;
  }

  /** Lets go of everything. Idempotent. */
  void close() {
    blocks.close();
  }

  @Override
  public void copy(int offset, ByteBuffer target) {
    Reel.Frame sent = frame;
    if (sent == null) {
      throw new IllegalStateException("no frame is being sent");
    }
    blocks.copy(sent.offset() + offset, target);
  }

  /** Finds the next frame unless it is known; else returns what it has to wait for. */
  private Progress find() {
    while (frame == null) {
      switch (reel.next(blocks)) {
        case Reel.Frame found when isWithin(found.offset(), found.length()) -> frame = found;
        case Reel.Frame _ -> damaged = true;
        case Reel.End(boolean broken) when !broken -> {
          return Progress.ENDED;
        }
        case Reel.End _ -> damaged = true;
        case Reel.Needs(long offset, int length) when isWithin(offset, length) -> {
          if (!blocks.want(Blocks.Place.STRUCTURE, offset, length)) {
            return blocks.failure().isPresent() ? Progress.BROKEN : Progress.COMING;
          }
        }
        case Reel.Needs _ -> damaged = true;
      }
      if (damaged) {
        return Progress.BROKEN;
      }
    }
    return Progress.SHOWN;
  }

  private boolean isWithin(long offset, int length) {
    return offset >= 0 && length <= frameBytesMax && offset + length <= blocks.objectLength();
  }

  private void begin(Reel.Frame first, long nanos) {
    if (!shifted) {
      shift = firstTimestamp - first.millis();
      shifted = true;
      pace.begin(first.millis(), nanos);
    }
  }

  private void send(To to, Reel.Frame next) {
    long timestamp = Math.max(0, next.millis() + shift);
    if (!headed) {
      headed = true;
      for (Tag tag : medium.head()) {
        head(to, tag, timestamp);
      }
    }
    MediaKind kind = next.kind() == Tag.Kind.VIDEO ? MediaKind.VIDEO : MediaKind.AUDIO;
    to.link()
        .media(
            new MediaHead(
                kind, to.streamId(), timestamp, next.prefix(), next.prefixLength(), next.length()),
            this);
    pace.sent(next.millis(), next.length());
    sentBytes += next.length();
    blocks.ahead(place(next.kind()));
    position = next.millis();
    frame = null;
  }

  private static void head(To to, Tag tag, long timestamp) {
    Slice payload = tag.payload();
    to.link()
        .media(
            new MediaHead(kind(tag.kind()), to.streamId(), timestamp, payload.length()),
            (offset, target) -> payload.copy(offset, target.remaining(), target));
  }

  private static MediaKind kind(Tag.Kind kind) {
    return switch (kind) {
      case AUDIO -> MediaKind.AUDIO;
      case VIDEO -> MediaKind.VIDEO;
      case SCRIPT -> MediaKind.DATA;
    };
  }

  /** Video that was not wanted for a while is of use again from a keyframe on. */
  private boolean wants(To to, Reel.Frame next) {
    if (next.kind() != Tag.Kind.VIDEO) {
      return to.audio() || next.kind() == Tag.Kind.SCRIPT;
    }
    videoMissing = !to.video() || (videoMissing && !next.key());
    return !videoMissing;
  }

  private static Blocks.Place place(Tag.Kind kind) {
    return kind == Tag.Kind.VIDEO ? Blocks.Place.VIDEO : Blocks.Place.AUDIO;
  }

  private boolean hasVideo() {
    return medium.head().stream().anyMatch(tag -> tag.kind() == Tag.Kind.VIDEO);
  }
}
