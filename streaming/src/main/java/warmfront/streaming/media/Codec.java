package warmfront.streaming.media;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/**
 * A track's codec as FLV and RTMP carry it: what goes before each frame, and the configuration that
 * goes before all (FLV 10.1, annex E.4; for HEVC, AV1 and VP9 Enhanced RTMP v1).
 *
 * @param form which codec it is
 * @param configuration the tag that a decoder needs first; null if it needs none
 * @param first of video the width in pixels, of audio the rate in Hz
 * @param second of video the height in pixels, of audio the number of channels
 */
record Codec(Form form, @Nullable Tag configuration, int first, int second) {
  /** The codecs that can be sent. */
  enum Form {
    AVC(Tag.Kind.VIDEO, 0, 7),
    HEVC(Tag.Kind.VIDEO, Box.type("hvc1"), 0),
    AV1(Tag.Kind.VIDEO, Box.type("av01"), 0),
    VP9(Tag.Kind.VIDEO, Box.type("vp09"), 0),
    AAC(Tag.Kind.AUDIO, 0, 10),
    MP3(Tag.Kind.AUDIO, 0, 2);

    final Tag.Kind kind;

    /** Its name in Enhanced RTMP; 0 if RTMP always had it. */
    final int fourCc;

    private final int number;

    Form(Tag.Kind kind, int fourCc, int number) {
      this.kind = kind;
      this.fourCc = fourCc;
      this.number = number;
    }

    /** Returns its number in onMetaData: that of its tags, or its FourCC (Enhanced RTMP v1). */
    long number() {
      return fourCc == 0 ? number : fourCc & 0xffff_ffffL;
    }
  }

  private static final int KEY = 1 << 4;
  private static final int INTER = 2 << 4;
  private static final int ENHANCED = 0x80;
  private static final int CODED_FRAMES = 1;
  private static final int AAC = 0xaf; // E.4.2.1: of AAC rate and channels are always these
  private static final int WIDTH_16 = 2;
  private static final int STEREO = 1;
  private static final int COMPOSITION_MAX = (1 << 23) - 1;

  /** Returns a codec with the configuration that its sample entry has. */
  static Codec of(Form form, byte[] configuration, int first, int second) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    switch (form) {
      case AVC -> {
        payload.write(KEY | (int) form.number());
        payload.writeBytes(new byte[4]); // a sequence header, at no composition time
      }
      case HEVC, AV1, VP9 -> {
        payload.write(ENHANCED | KEY); // packet type 0, the beginning of a sequence
        for (int shift = 24; shift >= 0; shift -= 8) {
          payload.write(form.fourCc >>> shift);
        }
      }
      case AAC -> {
        payload.write(AAC);
        payload.write(0);
      }
      case MP3 -> {
        return new Codec(form, null, first, second);
      }
    }
    payload.writeBytes(configuration);
    Tag tag = new Tag(form.kind, 0, Slice.of(payload.toByteArray()));
    return new Codec(form, tag, first, second);
  }

  /**
   * Returns the bytes before a frame, right-aligned; {@link #prefixLength} has their number.
   *
   * @param composition how much later than decoded it is shown, in milliseconds
   */
  long prefix(boolean key, int composition) {
    long video = key ? KEY : INTER;
    int later = Math.clamp(composition, -COMPOSITION_MAX, COMPOSITION_MAX) & 0xff_ffff;
    return switch (form) {
      case AVC -> (video | form.number()) << 32 | 1L << 24 | later;
      case HEVC -> (ENHANCED | video | CODED_FRAMES) << 56 | form.number() << 24 | later;
      case AV1, VP9 -> (ENHANCED | video | CODED_FRAMES) << 32 | form.number();
      case AAC -> AAC << 8 | 1;
      case MP3 -> mp3(first, second);
    };
  }

  /** Returns how many bytes go before a frame. */
  int prefixLength() {
    return switch (form) {
      case AVC, AV1, VP9 -> 5;
      case HEVC -> 8;
      case AAC -> 2;
      case MP3 -> 1;
    };
  }

  /** Returns the byte before a frame of MP3; of rates that FLV has not, the nearest is named. */
  private static long mp3(int rate, int channels) {
    int format = rate == 8000 ? 14 : (int) Form.MP3.number();
    int index = rate >= 32_000 ? 3 : rate >= 16_000 ? 2 : 1;
    return (long) format << 4 | (long) index << 2 | WIDTH_16 | (channels > 1 ? STEREO : 0);
  }
}
