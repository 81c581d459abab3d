package warmfront.streaming.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import warmfront.streaming.media.Tag;

/**
 * What a tag is for, as its first bytes say (FLV 10.1, annex E.4; Enhanced RTMP v1 and v2). Nothing
 * more of a tag is looked at: what is new to us passes as well.
 */
enum Role {
  /** What the stream is, as onMetaData has it. */
  METADATA,
  /** What a decoder of video has to know first. */
  VIDEO_CONFIGURATION,
  /** What a decoder of audio has to know first. */
  AUDIO_CONFIGURATION,
  /** A frame that decoding may begin with. */
  KEYFRAME,
  /** Any other video. */
  VIDEO,
  AUDIO,
  /** Any other data. */
  DATA;

  private static final byte[] ON_META_DATA = named("onMetaData");
  private static final int AVC = 7;
  private static final int AAC = 10;
  private static final int ENHANCED_AUDIO = 9;
  private static final int KEY = 1;

  /** Types of a packet, the same for AVC and enhanced video. */
  private static final int CONFIGURATION = 0;

  private static final int FRAME = 1;
  private static final int SEQUENCE_END = 2;

  boolean isVideo() {
    return this == VIDEO_CONFIGURATION || this == KEYFRAME || this == VIDEO;
  }

  /** Returns the role of a tag. */
  static Role of(Tag tag) {
    ByteBuffer bytes = tag.payload().buffer();
    return switch (tag.kind()) {
      case VIDEO -> video(bytes);
      case AUDIO -> audio(bytes);
      case SCRIPT -> beginsWith(bytes, ON_META_DATA) ? METADATA : DATA;
    };
  }

  private static Role video(ByteBuffer bytes) {
    int first = bytes.get(0) & 0xFF;
    boolean isEnhanced = first >= 0x80;
    if (!isEnhanced && (first & 0xF) != AVC) {
      return frame(first); // codecs before it have neither beginning nor end
    }
    int type = isEnhanced ? first & 0xF : bytes.limit() > 1 ? bytes.get(1) : FRAME;
    return switch (type) {
      case CONFIGURATION -> VIDEO_CONFIGURATION;
      case SEQUENCE_END -> VIDEO; // which is marked as a keyframe, and is none
      default -> frame(first);
    };
  }

  private static Role frame(int first) {
    return (first >> 4 & 7) == KEY ? KEYFRAME : VIDEO;
  }

  private static Role audio(ByteBuffer bytes) {
    int first = bytes.get(0) & 0xFF;
    int format = first >> 4;
    boolean isConfiguration =
        format == ENHANCED_AUDIO
            ? (first & 0xF) == 0
            : format == AAC && bytes.limit() > 1 && bytes.get(1) == 0;
    return isConfiguration ? AUDIO_CONFIGURATION : AUDIO;
  }

  /** Returns whether data begins with these bytes. */
  static boolean beginsWith(ByteBuffer bytes, byte[] beginning) {
    if (bytes.limit() < beginning.length) {
      return false;
    }
    byte[] first = new byte[beginning.length];
    bytes.get(0, first);
    return Arrays.equals(first, beginning);
  }

  /** Returns a string of ASCII as AMF0 has it. */
  static byte[] named(String name) {
    return ByteBuffer.allocate(3 + name.length())
        .put((byte) 2)
        .putShort((short) name.length())
        .put(name.getBytes(US_ASCII))
        .array();
  }
}
