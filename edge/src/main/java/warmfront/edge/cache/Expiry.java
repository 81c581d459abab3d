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
   * @param records of each, in the upper half until when it is fresh, in unsigned seconds, and in
   *     the lower its length
   */
  static Expiry of(long[] records) {
    long[] sorted = records.clone();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] ^= Long.MIN_VALUE; // longs sort with a sign, and seconds have none
    }
    Arrays.sort(sorted);
    long bytes = 0;
    for (long record : sorted) {
      bytes += (int) record;
    }
    int[] tenths = new int[TENTHS];
    int tenth = 0;
    long before = 0;
    for (long record : sorted) {
      before += (int) record;
      while (tenth < TENTHS && before * TENTHS >= bytes * (tenth + 1)) {
        tenths[tenth++] = (int) ((record ^ Long.MIN_VALUE) >>> Integer.SIZE);
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
