package warmfront.edge.cache;

import java.util.Arrays;

/** When the records of a segment expire: by when each tenth of its bytes has. */
final class Expiry {
  /** Of nothing that is known to expire. */
  static final Expiry NEVER = new Expiry(new int[0]);

  static final int TENTHS = 10;

  /** In seconds, unsigned, in order. */
  private final int[] tenths;

  private Expiry(int[] tenths) {
    this.tenths = tenths;
  }

  /**
   * Sums up records.
   *
   * @param records of each, in the upper half until when it is fresh, in seconds, and in the lower
   *     its length; sorted by this
   */
  static Expiry of(long[] records) {
    Arrays.sort(records);
    long bytes = 0;
    for (long record : records) {
      bytes += (int) record;
    }
    int[] tenths = new int[TENTHS];
    int tenth = 0;
    long before = 0;
    for (long record : records) {
      before += (int) record;
      while (tenth < TENTHS && before * TENTHS >= bytes * (tenth + 1)) {
        tenths[tenth++] = (int) (record >>> Integer.SIZE);
      }
    }
    return tenth < TENTHS ? NEVER : new Expiry(tenths);
  }

  /** Returns how many tenths have expired at {@code now}, in seconds. */
  int expired(int now) {
    int expired = 0;
    while (expired < tenths.length && Integer.compareUnsigned(tenths[expired], now) <= 0) {
      expired++;
    }
    return expired;
  }
}
