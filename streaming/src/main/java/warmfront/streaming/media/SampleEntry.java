package warmfront.streaming.media;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first sample entry of a track: which codec, and how it is configured (ISO/IEC 14496-12,
 * 8.5.2 and 12; 14496-15, 5.4; QuickTime's sound descriptions).
 */
final class SampleEntry {
  private static final int AVC1 = Box.type("avc1");
  private static final int AVC3 = Box.type("avc3");
  private static final int HVC1 = Box.type("hvc1");
  private static final int HEV1 = Box.type("hev1");
  private static final int AV01 = Box.type("av01");
  private static final int VP09 = Box.type("vp09");
  private static final int MP4A = Box.type("mp4a");
  private static final int MP3 = Box.type(".mp3");

  private static final int AVCC = Box.type("avcC");
  private static final int HVCC = Box.type("hvcC");
  private static final int AV1C = Box.type("av1C");
  private static final int VPCC = Box.type("vpcC");
  private static final int ESDS = Box.type("esds");
  private static final int WAVE = Box.type("wave");

  /** Where boxes begin within an entry of video, and of audio by its version in QuickTime. */
  private static final int VIDEO_BOXES = 78;

  private static final int AUDIO_BOXES = 28;
  private static final int AUDIO_BOXES_1 = AUDIO_BOXES + 16;
  private static final int AUDIO_BOXES_2 = AUDIO_BOXES + 36;

  /** Descriptors of 14496-1, 7.2.6. */
  private static final int ES = 3;

  private static final int DECODER_CONFIG = 4;
  private static final int DECODER_SPECIFIC = 5;

  private SampleEntry() {}

  /** Returns the codec of the first entry; null if it is one that cannot be sent. */
  static @Nullable Codec codec(Box stsd, Tag.Kind kind) throws BadMedia {
    List<Box> entries = stsd.boxes(8);
    if (entries.isEmpty()) {
      throw new BadMedia("no sample entry");
    }
    Box entry = entries.getFirst();
    return kind == Tag.Kind.VIDEO ? video(entry) : audio(entry);
  }

  /** Returns the type of the first entry, for those who have to say that it cannot be sent. */
  static String name(Box stsd) throws BadMedia {
    return Box.name(stsd.i32(12));
  }

  private static @Nullable Codec video(Box entry) throws BadMedia {
    int type = entry.type();
    if (type == AVC1 || type == AVC3) {
      return video(entry, Codec.Form.AVC, AVCC);
    }
    if (type == HVC1 || type == HEV1) {
      return video(entry, Codec.Form.HEVC, HVCC);
    }
    if (type == AV01) {
      return video(entry, Codec.Form.AV1, AV1C);
    }
    return type == VP09 ? video(entry, Codec.Form.VP9, VPCC) : null;
  }

  private static Codec video(Box entry, Codec.Form form, int box) throws BadMedia {
    @Nullable Box configuration = Box.first(entry.boxes(VIDEO_BOXES), box);
    if (configuration == null) {
      throw new BadMedia("no '%s' in '%s'".formatted(Box.name(box), Box.name(entry.type())));
    }
    int skipped = form == Codec.Form.VP9 ? 4 : 0; // VP9's box alone has a version and flags
    return Codec.of(form, rest(configuration, skipped), entry.u16(24), entry.u16(26));
  }

  private static @Nullable Codec audio(Box entry) throws BadMedia {
    int channels = entry.u16(16);
    int rate = entry.u16(24);
    if (entry.type() == MP3) {
      return Codec.of(Codec.Form.MP3, new byte[0], rate, channels);
    }
    if (entry.type() != MP4A) {
      return null;
    }
    int boxes =
        switch (entry.u16(8)) {
          case 1 -> AUDIO_BOXES_1;
          case 2 -> AUDIO_BOXES_2;
          default -> AUDIO_BOXES;
        };
    @Nullable Box esds = esds(entry.boxes(boxes));
    if (esds == null) {
      throw new BadMedia("no 'esds' in 'mp4a'");
    }
    return described(esds, rate, channels);
  }

  private static @Nullable Box esds(List<Box> boxes) throws BadMedia {
    @Nullable Box wave = Box.first(boxes, WAVE); // QuickTime puts it one level deeper
    return Box.first(wave == null ? boxes : wave.boxes(0), ESDS);
  }

  /** Returns what an elementary stream descriptor describes; null if it cannot be sent. */
  private static @Nullable Codec described(Box esds, int rate, int channels) throws BadMedia {
    Descriptor stream = Descriptor.at(esds, 4, ES);
    int flags = esds.u8(stream.from + 2);
    long at = stream.from + 3;
    at += (flags & 0x80) == 0 ? 0 : 2;
    at += (flags & 0x40) == 0 ? 0 : 1 + esds.u8(at);
    at += (flags & 0x20) == 0 ? 0 : 2;
    Descriptor decoder = Descriptor.at(esds, at, DECODER_CONFIG);
    int object = esds.u8(decoder.from);
    if (object == 0x6b || object == 0x69) {
      return Codec.of(Codec.Form.MP3, new byte[0], rate, channels);
    }
    if (object != 0x40 && (object < 0x66 || object > 0x68)) {
      return null;
    }
    Descriptor specific = Descriptor.at(esds, decoder.from + 13, DECODER_SPECIFIC);
    byte[] configuration = esds.bytes(specific.from, specific.length);
    return Codec.of(Codec.Form.AAC, configuration, rate, channels);
  }

  private static byte[] rest(Box box, int offset) throws BadMedia {
    if (box.length() > Limits.CONFIGURATION_BYTES) {
      throw new BadMedia("'%s' of %d bytes".formatted(Box.name(box.type()), box.length()));
    }
    return box.bytes(offset, (int) box.length() - offset);
  }

  /**
   * A descriptor (14496-1, 8.3.3).
   *
   * @param from where in its box it begins, after its own head
   */
  private record Descriptor(long from, int length) {
    static Descriptor at(Box box, long offset, int wanted) throws BadMedia {
      if (box.u8(offset) != wanted) {
        throw new BadMedia("no descriptor %d where it should be".formatted(wanted));
      }
      long at = offset + 1;
      int length = 0;
      int next = 0x80;
      for (int i = 0; i < 4 && (next & 0x80) != 0; i++) {
        next = box.u8(at++);
        length = length << 7 | (next & 0x7f);
      }
      if (length > Limits.CONFIGURATION_BYTES) {
        throw new BadMedia("a descriptor of %d bytes".formatted(length));
      }
      return new Descriptor(at, length);
    }
  }
}
