package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Containers;
import warmfront.streaming.media.Opening;
import warmfront.streaming.media.Reel;
import warmfront.streaming.media.Tag;
import warmfront.streaming.media.Window;

/** A media file as its publisher would send it. */
public final class FileTags {
  private FileTags() {}

  public static List<Tag> of(byte[] file) {
    Window window = new Whole(file);
    if (!(Containers.open("file").next(window) instanceof Opening.Opened(var medium))) {
      throw new AssertionError("not a media file");
    }
    List<Tag> tags = new ArrayList<>(medium.head());
    Reel reel = medium.from(0);
    while (reel.next(window) instanceof Reel.Frame frame) {
      byte[] payload = new byte[frame.prefixLength() + frame.length()];
      for (int i = 0; i < frame.prefixLength(); i++) {
        payload[i] = (byte) (frame.prefix() >> (8 * (frame.prefixLength() - 1 - i)));
      }
      window.copy(frame.offset(), payload, frame.prefixLength(), frame.length());
      tags.add(new Tag(frame.kind(), frame.millis(), Slice.of(payload)));
    }
    return tags;
  }

  /** All of a file at hand. */
  private static final class Whole implements Window {
    private final byte[] file;

    Whole(byte[] file) {
      this.file = file;
    }

    @Override
    public long objectLength() {
      return file.length;
    }

    @Override
    public boolean has(long offset, int length) {
      return offset + length <= file.length;
    }

    @Override
    public int at(long offset) {
      return file[(int) offset] & 0xFF;
    }

    @Override
    public void copy(long offset, byte[] into, int at, int length) {
      ByteBuffer.wrap(file, (int) offset, length).get(into, at, length);
    }
  }
}
