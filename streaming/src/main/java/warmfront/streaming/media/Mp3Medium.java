package warmfront.streaming.media;

import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/**
 * An MP3, whose frames are read when they are played. Where a time is in it is arithmetic if its
 * rate is constant, and an estimate by the encoder's table of contents if it is not.
 */
final class Mp3Medium implements Medium {
  private final Mp3Frame first;
  private final Sound sound;
  private final long durationMillis;
  private final long prefix;
  private final List<Tag> head;

  /**
   * What is known of the frames before they are read.
   *
   * @param begin where the first begins that has sound
   * @param end where the last ends
   * @param frames how many there are; 0 if it is not said
   * @param contents for each hundredth of the time where it is; null if they are alike
   */
  record Sound(long begin, long end, long frames, @Nullable Contents contents) {}

  /**
   * An encoder's table of contents.
   *
   * @param begin from where on it counts
   * @param bytes 256 of its steps
   * @param steps one byte for each hundredth of the time
   */
  record Contents(long begin, long bytes, Slice steps) {}

  Mp3Medium(Mp3Frame first, Sound sound, long objectLength) {
    this.first = first;
    this.sound = sound;
    long bytes = sound.end() - sound.begin();
    boolean said = sound.frames() > 0 && sound.frames() <= bytes;
    durationMillis =
        said
            ? sound.frames() * first.samples() * 1000 / first.rate()
            : bytes * 8000 / first.bitRate();
    Codec codec = Codec.of(Codec.Form.MP3, new byte[0], first.rate(), first.channels());
    prefix = codec.prefix(true, 0);
    ScriptWriter about = new ScriptWriter();
    about.with("duration", durationMillis / 1000.0);
    about.with("audiocodecid", (double) codec.form().number());
    about.with("audiosamplerate", first.rate());
    about.with("stereo", first.channels() > 1);
    about.with("filesize", (double) objectLength);
    head = List.of(about.tag());
  }

  @Override
  public long durationMillis() {
    return durationMillis;
  }

  @Override
  public List<Tag> head() {
    return head;
  }

  @Override
  public List<String> fourCcs() {
    return List.of();
  }

  @Override
  public Reel from(long millis) {
    if (millis > durationMillis) {
      return _ -> new Reel.End(false);
    }
    return new Mp3Reel(this, Math.max(0, millis));
  }

  @Override
  public long weight() {
    return 256 + IndexedMedium.weight(head);
  }

  /** Returns what all frames are like. */
  Mp3Frame first() {
    return first;
  }

  /** Returns the number of the last frame that begins no later than a time. */
  long frameAt(long millis) {
    return Math.ceilDiv((millis + 1) * first.rate(), 1000L * first.samples()) - 1;
  }

  /** Returns when a frame begins, in milliseconds. */
  long millisOf(long frame) {
    return frame * first.samples() * 1000 / first.rate();
  }

  /** Returns where a frame is, or just before. */
  long offsetOf(long frame) {
    if (frame == 0) {
      return sound.begin();
    }
    @Nullable Contents contents = sound.contents();
    if (contents == null) {
      return sound.begin() + (long) Math.floor(frame * frameBytes()) - 1;
    }
    double percent = Math.min(99.0, 100.0 * millisOf(frame) / Math.max(1, durationMillis));
    int step = (int) percent;
    int low = contents.steps().buffer().get(step) & 0xff;
    int high = step == 99 ? 256 : contents.steps().buffer().get(step + 1) & 0xff;
    double part = (low + (high - low) * (percent - step)) / 256;
    return Math.max(sound.begin(), contents.begin() + (long) (part * contents.bytes()));
  }

  /** Returns the number of a frame that was found where another was looked for. */
  long found(long offset, long wanted) {
    return sound.contents() == null
        ? Math.max(0, Math.round((offset - sound.begin()) / frameBytes()))
        : wanted;
  }

  /** Returns a frame of the file. */
  Reel.Frame frame(long number, long offset, int length) {
    return new Reel.Frame(Tag.Kind.AUDIO, millisOf(number), true, prefix, 1, offset, length);
  }

  /** Returns the mean length of a frame, in bytes. */
  private double frameBytes() {
    boolean said = sound.frames() > 0;
    return said
        ? (double) (sound.end() - sound.begin()) / sound.frames()
        : first.samples() / 8.0 * first.bitRate() / first.rate();
  }
}
