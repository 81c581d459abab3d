package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import warmfront.bytes.Slice;
import warmfront.streaming.media.Tag;

/** Tags as a publisher sends them, made up or read from FLV. */
public final class Tags {
  /** H.264 baseline, 640 by 360, as x264 describes it. */
  public static final String AVC =
      "0142c01effe100196742c01eda0280bfe5c044000003000400000300c83c58ba8001000468ce0fc8";

  /** H.264 High 4:4:4, 1918 by 1078: cropped. */
  public static final String AVC_444 =
      "01f40028ffe1001b67f40028919d00f0089ee6c044000003000400000300c87c58ba8001000568de0f1920"
          + "fff8f800";

  /** H.265 Main, 320 by 180, as x265 describes it, without the words that it adds. */
  public static final String HEVC =
      "0101600000009000000000003cf000fcfdf8f800000f03a00001001840010c01ffff016000000300900000"
          + "03000003003c959809a10001002b42010101600000030090000003000003003ca00a080b9f79656692"
          + "4caf016808000003000800000300c840a2000100074401c172b46240";

  /** AAC-LC, 44.1 kHz, mono. */
  public static final String AAC = "120856e500";

  private Tags() {}

  public static Tag avc(String configuration) {
    return tag(Tag.Kind.VIDEO, 0, "1700000000" + configuration);
  }

  public static Tag hevc(String configuration) {
    return tag(Tag.Kind.VIDEO, 0, "90" + "68766331" + configuration);
  }

  public static Tag aac(String configuration) {
    return tag(Tag.Kind.AUDIO, 0, "af00" + configuration);
  }

  /** Returns a picture of 16 bytes. */
  public static Tag picture(long millis, boolean key) {
    return tag(
        Tag.Kind.VIDEO, millis, (key ? "17" : "27") + "01000028" + "0000000c" + "41".repeat(12));
  }

  /** Returns a sound of 8 bytes. */
  public static Tag sound(long millis) {
    return tag(Tag.Kind.AUDIO, millis, "af01" + "21".repeat(8));
  }

  /**
   * Returns pictures, 25 a second, a keyframe every two seconds, and sounds as they come between.
   */
  public static List<Tag> stream(long fromMillis, long toMillis) {
    return stream(fromMillis, toMillis, 2000);
  }

  public static List<Tag> stream(long fromMillis, long toMillis, long keyMillis) {
    List<Tag> tags = new ArrayList<>();
    long sounds = 0;
    for (long at = fromMillis; at < toMillis; at += 40) {
      tags.add(picture(at, (at - fromMillis) % keyMillis == 0));
      for (; soundAt(sounds) < at - fromMillis + 40; sounds++) {
        tags.add(sound(fromMillis + soundAt(sounds)));
      }
    }
    return tags;
  }

  private static long soundAt(long number) {
    return number * 1024 * 1000 / 44_100;
  }

  private static Tag tag(Tag.Kind kind, long millis, String hex) {
    return new Tag(kind, millis, Slice.of(HexFormat.of().parseHex(hex)));
  }

  /** Reads all tags of an FLV file. */
  public static List<Tag> ofFlv(byte[] file) {
    List<Tag> tags = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(file);
    in.position(13);
    while (in.remaining() >= 11) {
      int head = in.getInt();
      int time = in.getInt();
      long millis = (time >>> 8 | (time & 0xFFL) << 24) & 0xFFFFFFFFL;
      in.position(in.position() + 3);
      byte[] payload = new byte[head & 0xFFFFFF];
      in.get(payload);
      in.getInt();
      for (Tag.Kind kind : Tag.Kind.values()) {
        if (kind.number() == head >>> 24) {
          tags.add(new Tag(kind, millis, Slice.of(payload)));
        }
      }
    }
    return tags;
  }
}
