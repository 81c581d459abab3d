package warmfront.streaming.media;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/**
 * Opens MP3: passes over ID3v2 (id3.org, 2.4.0, section 3.1), looks for the first frame, and in it
 * for what encoders of variable rates leave there, a Xing or VBRI header with the number of frames.
 */
final class Mp3Opening implements Opening {
  private static final int ID3_HEADER = 10;
  private static final int ID3_TAGS = 4;
  private static final int HAS_FOOTER = 0x10;

  private static final int XING = Box.type("Xing");
  private static final int INFO = Box.type("Info");
  private static final int VBRI = Box.type("VBRI");
  private static final int VBRI_AT = Mp3Frame.HEADER + 32;
  private static final int VBRI_FRAMES = 14;
  private static final int HAS_FRAMES = 1;
  private static final int HAS_BYTES = 2;
  private static final int HAS_CONTENTS = 4;
  private static final int CONTENTS = 100;

  private long at;
  private int id3Tags;
  private boolean pastId3;
  private long searched;
  private @Nullable Mp3Frame frame;
  private @Nullable Step end;

  @Override
  public Step next(Window window) {
    if (end == null) {
      Step step = step(window);
      if (step instanceof Needs) {
        return step;
      }
      end = step;
    }
    return end;
  }

  private Step step(Window window) {
    while (!pastId3) {
      @Nullable Step step = id3(window);
      if (step != null) {
        return step;
      }
    }
    while (frame == null) {
      @Nullable Step step = search(window);
      if (step != null) {
        return step;
      }
    }
    int length = (int) Math.min(frame.length(), window.objectLength() - at);
    if (!window.has(at, length)) {
      return new Needs(at, length);
    }
    return new Opened(medium(window, frame));
  }

  private @Nullable Step id3(Window window) {
    long left = window.objectLength() - at;
    if (left < ID3_HEADER || id3Tags == ID3_TAGS) {
      pastId3 = true;
      return null;
    }
    if (!window.has(at, ID3_HEADER)) {
      return new Needs(at, ID3_HEADER);
    }
    if (window.at(at) != 'I' || window.at(at + 1) != 'D' || window.at(at + 2) != '3') {
      pastId3 = true;
      return null;
    }
    long size = 0;
    for (int i = 6; i < ID3_HEADER; i++) {
      size = size << 7 | (window.at(at + i) & 0x7f);
    }
    boolean footer = (window.at(at + 5) & HAS_FOOTER) != 0;
    at += ID3_HEADER + size + (footer ? ID3_HEADER : 0);
    id3Tags++;
    return null;
  }

  private @Nullable Step search(Window window) {
    long left = window.objectLength() - at;
    if (left < Mp3Frame.HEADER || searched > Limits.SEARCHED_BYTES) {
      return new Refused("no frames of MP3");
    }
    int stretch = (int) Math.min(Mp3Frame.STRETCH, left);
    if (!window.has(at, stretch)) {
      return new Needs(at, stretch);
    }
    long found = Mp3Frame.find(window, at, stretch, null);
    if (found >= 0) {
      at = found;
      frame = Objects.requireNonNull(Mp3Frame.at(window, at, at + stretch));
    } else {
      long next = Mp3Frame.nextStretch(window, at, stretch);
      searched += next - at;
      at = next;
    }
    return null;
  }

  private Medium medium(Window window, Mp3Frame first) {
    long length = window.objectLength();
    int xing = xingAt(first);
    int name = has(window, first, xing, 8) ? i32(window, xing) : 0;
    if (name == XING || name == INFO) {
      return new Mp3Medium(first, xing(window, first, xing, name == XING), length);
    }
    long frames = 0;
    long begin = at;
    if (has(window, first, VBRI_AT, VBRI_FRAMES + 4) && i32(window, VBRI_AT) == VBRI) {
      frames = i32(window, VBRI_AT + VBRI_FRAMES) & 0xffff_ffffL;
      begin = at + first.length();
    }
    return new Mp3Medium(first, new Mp3Medium.Sound(begin, length, frames, null), length);
  }

  /** Reads a Xing header; what it says of the file's length is believed if there is as much. */
  private Mp3Medium.Sound xing(Window window, Mp3Frame first, int offset, boolean varies) {
    int flags = i32(window, offset + 4);
    int field = offset + 8;
    long frames = 0;
    long bytes = window.objectLength() - at;
    if ((flags & HAS_FRAMES) != 0 && has(window, first, field, 4)) {
      frames = i32(window, field) & 0xffff_ffffL;
      field += 4;
    }
    if ((flags & HAS_BYTES) != 0 && has(window, first, field, 4)) {
      long said = i32(window, field) & 0xffff_ffffL;
      bytes = said > first.length() ? Math.min(bytes, said) : bytes;
      field += 4;
    }
    Mp3Medium.@Nullable Contents contents = null;
    if ((flags & HAS_CONTENTS) != 0 && varies && has(window, first, field, CONTENTS)) {
      byte[] steps = new byte[CONTENTS];
      window.copy(at + field, steps, 0, CONTENTS);
      contents = new Mp3Medium.Contents(at, bytes, Slice.of(steps));
    }
    return new Mp3Medium.Sound(at + first.length(), at + bytes, frames, contents);
  }

  /** Returns where in its frame a Xing header is: behind the side information. */
  private static int xingAt(Mp3Frame frame) {
    boolean one = frame.channels() == 1;
    boolean first = frame.samples() == 1152;
    return Mp3Frame.HEADER + (first ? one ? 17 : 32 : one ? 9 : 17);
  }

  private boolean has(Window window, Mp3Frame frame, int offset, int length) {
    return offset + length <= frame.length() && at + offset + length <= window.objectLength();
  }

  private int i32(Window window, int offset) {
    long from = at + offset;
    return window.at(from) << 24
        | window.at(from + 1) << 16
        | window.at(from + 2) << 8
        | window.at(from + 3);
  }
}
