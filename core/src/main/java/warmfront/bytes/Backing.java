package warmfront.bytes;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/** Where {@link Memory} takes its regions from. Thread-safe. */
public interface Backing {
  /** Memory that is never lent. */
  Backing PLAIN = bytes -> Arena.ofAuto().allocate(bytes, Region.PAGE).asByteBuffer();

  /**
   * Returns a region that begins at the start of a page and stays as long as its buffer is referred
   * to: it is never freed under a write in progress.
   */
  ByteBuffer take(int bytes);

  /** Returns whether pages may be lent to a kernel, because they can be renewed. */
  default boolean lends() {
    return false;
  }

  /**
   * Puts fresh pages, full of zeros, in the place of those that a kernel may still be sending:
   * whoever looks at the memory sees the new ones, the kernel keeps the old ones.
   *
   * @param pages whole pages of a region
   * @return false if that failed: they must not be written to then
   */
  default boolean renew(ByteBuffer pages) {
    return false;
  }
}
