package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.Optional;
import warmfront.bytes.Slice;

/** H.264 as an AVCDecoderConfigurationRecord describes it (ISO/IEC 14496-15, 5.3.3.1). */
final class Avc {
  private static final int SIDE_MAX = 16_384;

  private Avc() {}

  /** Returns the format; empty if the record or its sequence parameter set cannot be read. */
  static Optional<Format> format(ByteBuffer record) {
    ByteBuffer in = record.slice();
    if (in.remaining() < 9 || in.get(0) != 1 || (in.get(5) & 31) == 0) {
      return Optional.empty();
    }
    int length = in.getShort(6) & 0xFFFF;
    if (length < 4 || 8 + length > in.limit()) {
      return Optional.empty();
    }
    Bits set = Bits.ofUnit(in.slice(8 + 1, length - 1));
    int profile = set.next(8);
    set.skip(16);
    return size(set, profile)
        .map(size ->
            Video.format(
                Video.Kind.AVC,
                "avc1.%02X%02X%02X".formatted(in.get(1), in.get(2), in.get(3)),
                size,
                Slice.of(Aac.copy(record))));
  }

  /** Reads the size of pictures (H.264, 7.3.2.1.1), cropped. */
  private static Optional<Video.Size> size(Bits set, int profile) {
    var _ = set.exponential();
    int chroma = 1;
    switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> {
        chroma = set.exponential();
        high(set, chroma);
      }
      default -> {}
    }
    var _ = set.exponential();
    order(set);
    var _ = set.exponential();
    set.skip(1);
    int columns = set.exponential() + 1;
    int rows = set.exponential() + 1;
    int fields = set.flag() ? 1 : 2;
    if (fields == 2) {
      set.skip(1);
    }
    set.skip(1);
    long width = 16L * columns;
    long height = 16L * rows * fields;
    if (set.flag()) {
      int across = chroma == 1 || chroma == 2 ? 2 : 1;
      int down = (chroma == 1 ? 2 : 1) * fields;
      width -= across * ((long) set.exponential() + set.exponential());
      height -= down * ((long) set.exponential() + set.exponential());
    }
    boolean plausible =
        set.isSound() && width >= 1 && width <= SIDE_MAX && height >= 1 && height <= SIDE_MAX;
    return plausible ? Optional.of(new Video.Size((int) width, (int) height)) : Optional.empty();
  }

  private static void high(Bits set, int chroma) {
    if (chroma == 3) {
      set.skip(1);
    }
    var _ = set.exponential();
    var _ = set.exponential();
    set.skip(1);
    if (set.flag()) {
      for (int i = 0; i < (chroma == 3 ? 12 : 8); i++) {
        if (set.flag()) {
          scale(set, i < 6 ? 16 : 64);
        }
      }
    }
  }

  private static void scale(Bits set, int count) {
    int last = 8;
    int next = 8;
    for (int i = 0; i < count && set.isSound(); i++) {
      if (next != 0) {
        next = (last + set.signed() + 256) % 256;
      }
      last = next == 0 ? last : next;
    }
  }

  private static void order(Bits set) {
    int type = set.exponential();
    if (type == 0) {
      var _ = set.exponential();
    } else if (type == 1) {
      set.skip(1);
      var _ = set.signed();
      var _ = set.signed();
      int cycle = set.exponential();
      for (int i = 0; i < cycle && set.isSound(); i++) {
        var _ = set.signed();
      }
    }
  }
}
