package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import warmfront.bytes.Slice;

/** A part that is being made: frames in a row, each beginning where the one before ends. */
final class Draft {
  /** Flags of samples (ISO/IEC 14496-12, 8.8.3.1): depends on no other; depends, and no sync. */
  private static final int KEY = 0x2000000;

  private static final int NOT_KEY = 0x1010000;

  /** data-offset, and duration, size, flags and composition offset of each sample (8.8.8.1). */
  private static final int EACH_OF_VIDEO = 0x1 | 0x100 | 0x200 | 0x400 | 0x800;

  private static final int EACH_OF_AUDIO = 0x1 | 0x100 | 0x200;

  private static final int DEFAULT_BASE_IS_MOOF = 0x20000;

  private static final int DEFAULT_FLAGS = 0x20;

  /** The reference's time is chosen, but always the same way (ISO/IEC 14496-12, 8.16.5). */
  private static final int CHOSEN_CONSISTENTLY = 8;

  private final Rendition rendition;
  private final List<Sample> samples = new ArrayList<>();
  private final long begins;
  private long ticks;
  private int length;

  private record Sample(Frame frame, long ticks) {}

  /**
   * Begins a part.
   *
   * @param begins when its first frame is decoded, in ticks
   */
  Draft(Rendition rendition, long begins) {
    this.rendition = rendition;
    this.begins = begins;
  }

  void add(Frame frame, long frameTicks) {
    samples.add(new Sample(frame, frameTicks));
    ticks += frameTicks;
    length += frame.bytes().remaining();
  }

  long begins() {
    return begins;
  }

  long ends() {
    return begins + ticks;
  }

  long ticks() {
    return ticks;
  }

  int frames() {
    return samples.size();
  }

  /** Returns how many bytes of frames it has. */
  int length() {
    return length;
  }

  /**
   * Makes the part.
   *
   * @param fragment a number that rises from one to the next
   * @param reference when its beginning was made, as NTP counts; 0 to leave that out
   */
  Part part(int fragment, long reference) {
    boolean video = rendition == Rendition.VIDEO;
    Boxes out = new Boxes(length + 20 * samples.size() + 160);
    if (reference != 0) {
      out.open("prft", 1, CHOSEN_CONSISTENTLY).u32(rendition.track()).u64(reference);
      out.u64(begins).close();
    }
    int moof = out.length();
    out.open("moof").open("mfhd", 0, 0).u32(fragment).close().open("traf");
    out.open("tfhd", 0, DEFAULT_BASE_IS_MOOF | DEFAULT_FLAGS).u32(rendition.track());
    out.u32(video ? NOT_KEY : KEY).close();
    out.open("tfdt", 1, 0).u64(begins).close();
    out.open("trun", 1, video ? EACH_OF_VIDEO : EACH_OF_AUDIO).u32(samples.size());
    int dataOffset = out.length();
    out.u32(0);
    for (Sample sample : samples) {
      out.u32(sample.ticks).u32(sample.frame.bytes().remaining());
      if (video) {
        out.u32(sample.frame.key() ? KEY : NOT_KEY).u32(sample.frame.offsetMillis());
      }
    }
    out.close().close().close().open("mdat");
    out.set(dataOffset, out.length() - moof);
    for (Sample sample : samples) {
      ByteBuffer bytes = sample.frame.bytes();
      out.put(bytes);
    }
    boolean independent = samples.getFirst().frame.key();
    return new Part(Slice.of(out.close().bytes()), ticks, samples.size(), independent);
  }
}
