package warmfront.streaming.segment;

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
    Boxes out = new Boxes(length + 20 * samples.size() + 160);
    if (reference != 0) {
      out.open("prft", 1, CHOSEN_CONSISTENTLY).u32(rendition.track()).u64(reference);
      out.u64(begins).close();
    }
    write(out, fragment, List.of(this));
    return new Part(Slice.of(out.bytes()), ticks, samples.size(), startsWithKey());
  }

  /** Returns whether decoding may begin with its first frame. */
  boolean startsWithKey() {
    return samples.getFirst().frame.key();
  }

  /**
   * Makes one fragment of what several tracks have at the same time, the frames of each in a row.
   */
  static byte[] fragment(int fragment, List<Draft> tracks) {
    int bytes = 32;
    for (Draft track : tracks) {
      bytes += track.length + 20 * track.samples.size() + 96;
    }
    Boxes out = new Boxes(bytes);
    write(out, fragment, tracks);
    return out.bytes();
  }

  private static void write(Boxes out, int fragment, List<Draft> tracks) {
    int moof = out.length();
    out.open("moof").open("mfhd", 0, 0).u32(fragment).close();
    int[] dataOffsets = new int[tracks.size()];
    for (int i = 0; i < dataOffsets.length; i++) {
      dataOffsets[i] = tracks.get(i).describe(out);
    }
    out.close().open("mdat");
    for (int i = 0; i < dataOffsets.length; i++) {
      out.set(dataOffsets[i], out.length() - moof);
      for (Sample sample : tracks.get(i).samples) {
        out.put(sample.frame.bytes());
      }
    }
    out.close();
  }

  /** Writes its traf box, and returns where in it the offset of its data belongs. */
  private int describe(Boxes out) {
    boolean video = rendition == Rendition.VIDEO;
    out.open("traf");
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
    out.close().close();
    return dataOffset;
  }
}
