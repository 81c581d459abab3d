package warmfront.rtt;

import java.nio.ByteBuffer;

/**
 * A latency map as it travels: whole, or what has changed of an older one. Those who carry it do
 * not look into it.
 *
 * @param version grows with each map; a holder refuses a lower one
 * @param base the version that the content changes; 0 if it is whole
 * @param content read-only; verified by a checksum of its own when it is read
 */
public record MapEdition(long version, long base, ByteBuffer content) {
  /** Most bytes of an edition. */
  public static final int BYTES_MAX = 256 << 20;

  public MapEdition {
    if (version < 1 || base < 0 || base >= version) {
      throw new IllegalArgumentException(
          "not versions of a map: %d on %d".formatted(version, base));
    }
    if (content.remaining() > BYTES_MAX) {
      throw new IllegalArgumentException(
          "a map has at most %d bytes: %d".formatted(BYTES_MAX, content.remaining()));
    }
    content = content.asReadOnlyBuffer();
  }

  /** Returns whether it stands for itself. */
  public boolean isWhole() {
    return base == 0;
  }
}
