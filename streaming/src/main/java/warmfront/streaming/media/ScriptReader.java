package warmfront.streaming.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Looks into script data for what a file says of itself (FLV 10.1, annex E.4.4; AMF0, section 2):
 * its duration and its keyframes. All else is passed over.
 */
final class ScriptReader {
  private static final int NUMBER = 0;
  private static final int BOOLEAN = 1;
  private static final int STRING = 2;
  private static final int OBJECT = 3;
  private static final int NULL = 5;
  private static final int UNDEFINED = 6;
  private static final int REFERENCE = 7;
  private static final int ECMA_ARRAY = 8;
  private static final int END_OF_OBJECT = 9;
  private static final int STRICT_ARRAY = 10;
  private static final int DATE = 11;
  private static final int LONG_STRING = 12;

  private static final double[] NO_NUMBERS = {};

  private final byte[] data;
  private int at;
  private double duration = -1;
  private double[] times = NO_NUMBERS;
  private double[] positions = NO_NUMBERS;
  private boolean metadata;

  private ScriptReader(byte[] data) {
    this.data = data;
  }

  /** Reads script data; what is damaged ends it, and what came before counts. */
  static ScriptReader of(byte[] data) {
    ScriptReader reader = new ScriptReader(data);
    try {
      reader.read();
    } catch (BadMedia rest) {
      // Players get the data as it is; for us it is a help that we can do without.
    }
    return reader;
  }

  /** Returns whether it is onMetaData. */
  boolean isMetadata() {
    return metadata;
  }

  /** Returns how long the file plays, in seconds; -1 if it does not say. */
  double duration() {
    return duration;
  }

  /** Returns how many keyframes are known: a time and a position of each. */
  int keyframes() {
    return Math.min(times.length, positions.length);
  }

  /** Returns when a keyframe is, in seconds. */
  double time(int keyframe) {
    return times[keyframe];
  }

  /** Returns where the tag of a keyframe begins in the file. */
  double position(int keyframe) {
    return positions[keyframe];
  }

  private void read() throws BadMedia {
    if (u8() == STRING) {
      metadata = text(u16()).equals("onMetaData");
      if (metadata) {
        value("", 0);
      }
    }
  }

  /**
   * Passes over a value, and keeps it if it is one of those looked for.
   *
   * @param path the names that lead to it, each with a dot before it
   */
  private void value(String path, int depth) throws BadMedia {
    if (depth > Limits.SCRIPT_DEPTH) {
      throw new BadMedia("script data too deep");
    }
    switch (u8()) {
      case NUMBER -> {
        double number = number();
        if (path.equals(".duration")) {
          duration = number;
        }
      }
      case BOOLEAN -> skip(1);
      case STRING -> skip(u16());
      case OBJECT -> members(path, depth);
      case NULL, UNDEFINED -> skip(0);
      case REFERENCE -> skip(2);
      case ECMA_ARRAY -> {
        skip(4); // its length is a hint
        members(path, depth);
      }
      case STRICT_ARRAY -> elements(path, depth);
      case DATE -> skip(10);
      case LONG_STRING -> skip(i32());
      default -> throw new BadMedia("script data of an unknown kind");
    }
  }

  private void members(String path, int depth) throws BadMedia {
    while (true) {
      int length = u16();
      if (length == 0 && at < data.length && data[at] == END_OF_OBJECT) {
        at++;
        return;
      }
      String name = text(length);
      value(depth < 2 ? path + "." + name : "", depth + 1);
    }
  }

  private void elements(String path, int depth) throws BadMedia {
    int count = i32();
    if (count < 0 || count > data.length - at) {
      throw new BadMedia("script data ends early");
    }
    double @Nullable [] kept =
        path.equals(".keyframes.times") || path.equals(".keyframes.filepositions")
            ? numbers(count)
            : null;
    if (kept == null) {
      for (int i = 0; i < count; i++) {
        value("", depth + 1);
      }
    } else if (path.endsWith("s.times")) {
      times = kept;
    } else {
      positions = kept;
    }
  }

  private double[] numbers(int count) throws BadMedia {
    if (count > (data.length - at) / 9) {
      throw new BadMedia("script data ends early");
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      if (u8() != NUMBER) {
        throw new BadMedia("a keyframe that is no number");
      }
      numbers[i] = number();
    }
    return numbers;
  }

  private double number() throws BadMedia {
    long high = i32() & 0xffff_ffffL;
    return Double.longBitsToDouble(high << 32 | (i32() & 0xffff_ffffL));
  }

  private int i32() throws BadMedia {
    int high = u16();
    return high << 16 | u16();
  }

  private int u16() throws BadMedia {
    int high = u8();
    return high << 8 | u8();
  }

  private int u8() throws BadMedia {
    skip(1);
    return data[at - 1] & 0xff;
  }

  private String text(int length) throws BadMedia {
    skip(length);
    return new String(data, at - length, length, UTF_8);
  }

  private void skip(int length) throws BadMedia {
    if (length < 0 || length > data.length - at) {
      throw new BadMedia("script data ends early");
    }
    at += length;
  }
}
