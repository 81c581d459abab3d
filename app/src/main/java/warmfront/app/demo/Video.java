package warmfront.app.demo;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A clip of H.264 as encoders write it (ISO/IEC 14496-10, annex B), cut into its parts: one
 * sequence and one picture parameter set, and a sample for each picture.
 */
final class Video {
  private static final int PICTURE = 1;
  private static final int KEY_PICTURE = 5;
  private static final int SEQUENCE_SET = 7;
  private static final int PICTURE_SET = 8;

  private final byte[] sequenceSet;
  private final byte[] pictureSet;
  private final List<byte[]> samples;
  private final List<Integer> keyFrames;

  private Video(
      byte[] sequenceSet, byte[] pictureSet, List<byte[]> samples, List<Integer> keyFrames) {
    this.sequenceSet = sequenceSet;
    this.pictureSet = pictureSet;
    this.samples = List.copyOf(samples);
    this.keyFrames = List.copyOf(keyFrames);
  }

  /** Cuts a clip whose pictures are one slice each and come in the order of display. */
  static Video of(byte[] annexB) {
    byte[] sequenceSet = {};
    byte[] pictureSet = {};
    List<byte[]> samples = new ArrayList<>();
    List<Integer> keyFrames = new ArrayList<>();
    for (byte[] unit : units(annexB)) {
      switch (unit[0] & 0x1f) {
        case SEQUENCE_SET -> sequenceSet = unit;
        case PICTURE_SET -> pictureSet = unit;
        case KEY_PICTURE -> {
          keyFrames.add(samples.size());
          samples.add(measured(unit));
        }
        case PICTURE -> samples.add(measured(unit));
        default -> {} // what the encoder says of itself
      }
    }
    if (sequenceSet.length < 4 || pictureSet.length == 0 || samples.isEmpty()) {
      throw new IllegalArgumentException("no H.264 clip of parameter sets and pictures");
    }
    return new Video(sequenceSet, pictureSet, samples, keyFrames);
  }

  byte[] sequenceSet() {
    return sequenceSet;
  }

  byte[] pictureSet() {
    return pictureSet;
  }

  /** Returns each picture, with its length before it as MP4 wants it. */
  List<byte[]> samples() {
    return samples;
  }

  /** Returns which samples can be begun with, counted from 0. */
  List<Integer> keyFrames() {
    return keyFrames;
  }

  /** Units lie between start codes: two or three zeros and a one. */
  private static List<byte[]> units(byte[] stream) {
    List<byte[]> units = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i + 2 < stream.length; i++) {
      if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        if (begin >= 0) {
          units.add(unit(stream, begin, i));
        }
        begin = i + 3;
        i += 2;
      }
    }
    if (begin >= 0) {
      units.add(unit(stream, begin, stream.length));
    }
    return units;
  }

  private static byte[] unit(byte[] stream, int begin, int end) {
    int last = end;
    while (last > begin && stream[last - 1] == 0) {
      last--;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(last - begin);
    out.write(stream, begin, last - begin);
    return out.toByteArray();
  }

  private static byte[] measured(byte[] unit) {
    return new Box().u32(unit.length).bytes(unit).content();
  }
}
