package warmfront.edge.step;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Step 4, key: what makes two requests the same to the cache. The canonical bytes are a sequence of
 * length-prefixed parts, the owner and the path first, so that no two different tuples have the
 * same bytes; the hash is keyed, so that viewers cannot choose where entries fall.
 */
public final class CacheKey {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final long high;
  private final long low;
  private final byte[] canonical;
  private final String owner;

  /** Null if the canonical bytes have it as their second part, in US-ASCII. */
  private final @Nullable String invalidationPath;

  /**
   * Makes a key.
   *
   * @param high upper half of the 128-bit keyed hash
   * @param low lower half
   * @param canonical the bytes that were hashed; not copied, not to be changed
   * @param owner whose object it is, as {@link Site} has it
   * @param invalidationPath the path, with those query strings that are in the key, as an
   *     invalidation must spell it
   */
  public CacheKey(long high, long low, byte[] canonical, String owner, String invalidationPath) {
    this.high = high;
    this.low = low;
    this.canonical = canonical;
    this.owner = owner;
    this.invalidationPath = invalidationPath;
  }

  /** Makes the same key without a path of its own. */
  private CacheKey(CacheKey full) {
    high = full.high;
    low = full.low;
    canonical = full.canonical;
    owner = full.owner;
    invalidationPath = null;
  }

  /** Returns this key for who keeps it long: it takes less memory if it says nothing twice. */
  public CacheKey compact() {
    return invalidationPath != null && isSecond(invalidationPath) ? new CacheKey(this) : this;
  }

  /** Returns where the second part begins, if the first is the owner. */
  private int second() {
    return Integer.BYTES + owner.length() + Integer.BYTES;
  }

  private boolean isSecond(String path) {
    int from = second();
    int length = path.length();
    if (canonical.length - from < length
        || number(0) != owner.length()
        || number(from - Integer.BYTES) != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (path.charAt(i) != canonical[from + i]) { // bytes above US-ASCII are negative
        return false;
      }
    }
    return true;
  }

  private int number(int at) {
    return (int) INT.get(canonical, at);
  }

  /** Returns the upper half of the hash. */
  public long high() {
    return high;
  }

  /** Returns the lower half of the hash. */
  public long low() {
    return low;
  }

  /** Returns the number of canonical bytes. */
  public int length() {
    return canonical.length;
  }

  /** Returns whether these are its canonical bytes. */
  public boolean is(byte[] bytes) {
    return Arrays.equals(canonical, bytes);
  }

  /** Returns a copy of the canonical bytes. */
  public byte[] canonical() {
    return canonical.clone();
  }

  /** Returns whose object it is: the id of a distribution, and behind a slash its tenant's. */
  public String owner() {
    return owner;
  }

  /** Returns the path, with the keyed query strings, that an invalidation must match. */
  public String invalidationPath() {
    if (invalidationPath != null) {
      return invalidationPath;
    }
    int from = second();
    return new String(canonical, from, number(from - Integer.BYTES), StandardCharsets.US_ASCII);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CacheKey that
        && high == that.high
        && low == that.low
        && Arrays.equals(canonical, that.canonical);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(low);
  }
}
