package warmfront.streaming.play;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Medium;
import warmfront.streaming.media.Opening;
import warmfront.streaming.media.Reel;
import warmfront.streaming.media.Tag;
import warmfront.streaming.media.Window;

/**
 * A made-up container: a head of 1000 bytes, then a second of video and a second of audio in turns.
 * Video is a keyframe of 2000 bytes every 2 s and 500 bytes each 40 ms otherwise; audio 100 bytes
 * each 20 ms.
 */
final class Film implements Medium {
  static final int HEAD = 1000;
  private static final int KEY = 2000;
  private static final int INTER = 500;
  private static final int SOUND = 100;

  private final List<Reel.Frame> frames = new ArrayList<>();
  private final List<Tag> head;
  private final List<String> codecs;
  private final int seconds;
  private final byte[] bytes;

  /** Makes a film; {@code codec} is a FourCC, or empty for what RTMP always had. */
  Film(int seconds, String codec) {
    this.seconds = seconds;
    this.codecs = codec.isEmpty() ? List.of() : List.of(codec);
    this.head =
        List.of(
            tag(Tag.Kind.SCRIPT, "onMetaData"),
            tag(Tag.Kind.VIDEO, codec.isEmpty() ? "\u0017\0\0\0\0" : "\u0090" + codec),
            tag(Tag.Kind.AUDIO, "\u00AF\0"));
    long offset = HEAD;
    for (int second = 0; second < seconds; second++) {
      List<Reel.Frame> pictures = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        boolean key = i == 0 && second % 2 == 0;
        int length = key ? KEY : INTER;
        long millis = second * 1000L + i * 40L;
        pictures.add(
            new Reel.Frame(
                Tag.Kind.VIDEO,
                millis,
                key,
                key ? 0x17_01_00_00_00L : 0x27_01_00_00_00L,
                5,
                offset,
                length));
        offset += length;
      }
      for (int i = 0; i < 50; i++) {
        if (i % 2 == 0) {
          frames.add(pictures.get(i / 2));
        }
        frames.add(
            new Reel.Frame(
                Tag.Kind.AUDIO, second * 1000L + i * 20L, true, 0xAF_01, 2, offset, SOUND));
        offset += SOUND;
      }
    }
    bytes = new byte[(int) offset];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
  }

  /**
   * Returns what is sent of a part of the film, in words that can be compared.
   *
   * @param from the first moment of it, in milliseconds; {@code to} is the first after it
   * @param shift what is added to its times
   */
  List<String> told(long from, long to, long shift) {
    return frames.stream()
        .filter(frame -> frame.millis() >= from && frame.millis() < to)
        .map(frame -> frame.kind() + " " + (frame.millis() + shift) + " " + hash(bytes, frame))
        .toList();
  }

  private static int hash(byte[] bytes, Reel.Frame frame) {
    byte[] message = new byte[frame.prefixLength() + frame.length()];
    for (int i = 0; i < frame.prefixLength(); i++) {
      message[i] = (byte) (frame.prefix() >> (8 * (frame.prefixLength() - 1 - i)));
    }
    System.arraycopy(bytes, (int) frame.offset(), message, frame.prefixLength(), frame.length());
    assert frame.kind() != Tag.Kind.SCRIPT;
    return ByteBuffer.wrap(message).hashCode();
  }

  /** Returns the file. */
  byte[] bytes() {
    return bytes.clone();
  }

  /** Returns all frames, in the order in which they are sent. */
  List<Reel.Frame> frames() {
    return List.copyOf(frames);
  }

  /** Returns what opens the file. */
  Opening opening() {
    return window -> {
      if (window.objectLength() != bytes.length) {
        return new Opening.Refused("no film");
      }
      return window.has(0, HEAD) ? new Opening.Opened(this) : new Opening.Needs(0, HEAD);
    };
  }

  @Override
  public long durationMillis() {
    return seconds * 1000L;
  }

  @Override
  public List<Tag> head() {
    return head;
  }

  @Override
  public List<String> fourCcs() {
    return codecs;
  }

  @Override
  public Reel from(long millis) {
    int at = frames.size();
    for (int i = 0; i < frames.size() && millis < durationMillis(); i++) {
      Reel.Frame frame = frames.get(i);
      if (frame.kind() == Tag.Kind.VIDEO && frame.key() && frame.millis() <= millis) {
        at = i;
      }
    }
    return new Strip(at);
  }

  @Override
  public long weight() {
    return 1000;
  }

  private final class Strip implements Reel {
    private int at;

    Strip(int at) {
      this.at = at;
    }

    @Override
    public Turn next(Window window) {
      return at == frames.size() ? new End(false) : frames.get(at++);
    }
  }

  private static Tag tag(Tag.Kind kind, String text) {
    return new Tag(kind, 0, Slice.of(text.getBytes(ISO_8859_1)));
  }
}
