package warmfront.streaming.segment;

import warmfront.bytes.Slice;

/** What tracks of pictures have in common. */
final class Video {
  /** RTMP's clock: times of pictures are its milliseconds. */
  private static final int TIMESCALE = 1000;

  private Video() {}

  /** Codecs, and their boxes' names. */
  enum Kind {
    AVC("avc1", "avcC"),
    HEVC("hvc1", "hvcC");

    private final String entry;
    private final String configuration;

    Kind(String entry, String configuration) {
      this.entry = entry;
      this.configuration = configuration;
    }
  }

  /** The size of pictures, in pixels. */
  record Size(int width, int height) {}

  static Format format(Kind kind, String codecs, Size size, Slice configuration) {
    byte[] entry =
        new Boxes(256)
            .open(kind.entry)
            .zeros(6)
            .u16(1)
            .zeros(16)
            .u16(size.width)
            .u16(size.height)
            .u32(0x480000)
            .u32(0x480000)
            .zeros(4)
            .u16(1)
            .zeros(32)
            .u16(24)
            .u16(0xFFFF)
            .open(kind.configuration)
            .put(configuration.buffer())
            .close()
            .close()
            .bytes();
    return new Format(
        codecs, TIMESCALE, 0, size.width, size.height, configuration, Slice.of(entry));
  }
}
