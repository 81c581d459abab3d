package warmfront.streaming.segment;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;

/** H.265 as an HEVCDecoderConfigurationRecord describes it (ISO/IEC 14496-15, 8.3.3.1). */
final class Hevc {
  private static final int SEQUENCE_PARAMETER_SET = 33;

  private static final int SIDE_MAX = 16_384;

  private Hevc() {}

  /** Returns the format; empty if the record or its sequence parameter set cannot be read. */
  static Optional<Format> format(ByteBuffer record) {
    ByteBuffer in = record.slice();
    if (in.remaining() < 23 || in.get(0) != 1) {
      return Optional.empty();
    }
    @Nullable ByteBuffer set = parameterSet(in);
    if (set == null) {
      return Optional.empty();
    }
    return size(Bits.ofUnit(set))
        .map(size -> Video.format(Video.Kind.HEVC, codecs(in), size, Slice.of(Aac.copy(record))));
  }

  /** Returns the first sequence parameter set, without its NAL unit header. */
  private static @Nullable ByteBuffer parameterSet(ByteBuffer in) {
    int at = 23;
    for (int arrays = in.get(22) & 0xFF; arrays > 0 && at + 3 <= in.limit(); arrays--) {
      int type = in.get(at) & 63;
      int units = in.getShort(at + 1) & 0xFFFF;
      at += 3;
      for (; units > 0 && at + 2 <= in.limit(); units--) {
        int length = in.getShort(at) & 0xFFFF;
        at += 2;
        if (length < 3 || at + length > in.limit()) {
          return null;
        }
        if (type == SEQUENCE_PARAMETER_SET) {
          return in.slice(at + 2, length - 2);
        }
        at += length;
      }
    }
    return null;
  }

  /** Names profile, compatibility, tier and level (ISO/IEC 14496-15, annex E.3). */
  private static String codecs(ByteBuffer in) {
    int general = in.get(1) & 0xFF;
    String space = general >> 6 == 0 ? "" : String.valueOf((char) ('A' + (general >> 6) - 1));
    StringBuilder name = new StringBuilder("hvc1.");
    name.append(space)
        .append(general & 31)
        .append('.')
        .append(Integer.toHexString(Integer.reverse(in.getInt(2))).toUpperCase(Locale.ROOT))
        .append('.')
        .append((general & 32) == 0 ? 'L' : 'H')
        .append(in.get(12) & 0xFF);
    int last = 11;
    while (last > 5 && in.get(last) == 0) {
      last--;
    }
    for (int i = 6; i <= last; i++) {
      name.append('.').append(Integer.toHexString(in.get(i) & 0xFF).toUpperCase(Locale.ROOT));
    }
    return name.toString();
  }

  /** Reads the size of pictures (H.265, 7.3.2.2.1), cropped. */
  private static Optional<Video.Size> size(Bits set) {
    set.skip(4);
    int layers = set.next(3);
    set.skip(1 + 96);
    skipLayers(set, layers);
    var _ = set.exponential();
    int chroma = set.exponential();
    if (chroma == 3) {
      set.skip(1);
    }
    long width = set.exponential();
    long height = set.exponential();
    if (set.flag()) {
      int across = chroma == 1 || chroma == 2 ? 2 : 1;
      int down = chroma == 1 ? 2 : 1;
      width -= across * ((long) set.exponential() + set.exponential());
      height -= down * ((long) set.exponential() + set.exponential());
    }
    boolean plausible =
        set.isSound() && width >= 1 && width <= SIDE_MAX && height >= 1 && height <= SIDE_MAX;
    return plausible ? Optional.of(new Video.Size((int) width, (int) height)) : Optional.empty();
  }

  /** Passes profiles and levels of sub-layers (H.265, 7.3.3). */
  private static void skipLayers(Bits set, int layers) {
    int bits = 0;
    for (int i = 0; i < layers; i++) {
      bits += (set.flag() ? 88 : 0) + (set.flag() ? 8 : 0);
    }
    if (layers > 0) {
      set.skip(2 * (8 - layers));
    }
    set.skip(bits);
  }
}
