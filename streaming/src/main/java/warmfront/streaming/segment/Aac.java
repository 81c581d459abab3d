package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.Optional;
import warmfront.bytes.Slice;

/** AAC as an AudioSpecificConfig describes it (ISO/IEC 14496-3, 1.6.2.1). */
final class Aac {
  private static final int[] RATES = {
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
  };

  private static final int CONFIGURATION_MAX = 64;

  private Aac() {}

  /** Returns the format; empty if the configuration is none of AAC. */
  static Optional<Format> format(ByteBuffer configuration) {
    if (configuration.remaining() > CONFIGURATION_MAX) {
      return Optional.empty();
    }
    Bits bits = new Bits(configuration);
    int type = objectType(bits);
    int rate = rate(bits);
    int channels = bits.next(4);
    int signalled = type;
    if (type == 5 || type == 29) {
      // Explicit spectral band replication: what is coded is half as fast as what is heard.
      var _ = rate(bits);
      type = objectType(bits);
    }
    boolean shortFrames = bits.flag();
    if (!bits.isSound() || rate < 1000 || rate > 192_000 || type < 1 || type > 4) {
      return Optional.empty();
    }
    Slice copy = Slice.of(copy(configuration));
    return Optional.of(
        new Format(
            "mp4a.40." + signalled,
            rate,
            shortFrames ? 960 : 1024,
            0,
            0,
            copy,
            Slice.of(entry(copy.buffer(), rate, channels))));
  }

  static byte[] copy(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(from.position(), bytes);
    return bytes;
  }

  private static int objectType(Bits bits) {
    int type = bits.next(5);
    return type == 31 ? 32 + bits.next(6) : type;
  }

  private static int rate(Bits bits) {
    int index = bits.next(4);
    if (index == 15) {
      return bits.next(24);
    }
    return index < RATES.length ? RATES[index] : 0;
  }

  private static byte[] entry(ByteBuffer configuration, int rate, int channels) {
    int length = configuration.remaining();
    return new Boxes(128)
        .open("mp4a")
        .zeros(6)
        .u16(1)
        .zeros(8)
        .u16(channels == 1 ? 1 : 2)
        .u16(16)
        .zeros(4)
        .u32(rate <= 0xFFFF ? (long) rate << 16 : 0)
        .open("esds", 0, 0)
        // ES_Descriptor, DecoderConfigDescriptor (AAC, audio), DecoderSpecificInfo, SLConfig
        // (ISO/IEC 14496-1, 7.2.6).
        .u8(3)
        .u8(23 + length)
        .u16(0)
        .u8(0)
        .u8(4)
        .u8(15 + length)
        .u8(0x40)
        .u8(0x15)
        .zeros(11)
        .u8(5)
        .u8(length)
        .put(configuration)
        .u8(6)
        .u8(1)
        .u8(2)
        .close()
        .close()
        .bytes();
  }
}
