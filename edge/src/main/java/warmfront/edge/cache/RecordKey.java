package warmfront.edge.cache;

import warmfront.edge.step.CacheKey;

/**
 * What a record is found by: 128 bits that come from the object's own keyed hash. The record itself
 * says what it is, and is asked when it is read.
 *
 * @param high upper half
 * @param low lower half
 */
record RecordKey(long high, long low) {
  private static final long LABEL = 0x4C61_6265_6C00_0001L;

  /** Returns what an object's own record, or its head, is found by. */
  static RecordKey of(CacheKey key) {
    return new RecordKey(key.high(), key.low());
  }

  /** Returns what the newer head of a short object is found by. */
  static RecordKey label(CacheKey key) {
    return of(key).label();
  }

  /** Returns what the newer head of the short object with this key is found by. */
  RecordKey label() {
    return new RecordKey(mixed(high, LABEL), mixed(low, ~LABEL));
  }

  /**
   * Returns what a slice is found by.
   *
   * @param generation which of the versions of the object it belongs to
   * @param number of the slice, from 0
   */
  static RecordKey slice(CacheKey key, long generation, long number) {
    return new RecordKey(
        mixed(key.high() ^ generation, number), mixed(key.low(), generation + number));
  }

  /** The finaliser of MurmurHash3 over both. */
  private static long mixed(long a, long b) {
    long mixed = a + b * 0x9E37_79B9_7F4A_7C15L;
    mixed = (mixed ^ mixed >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
    mixed = (mixed ^ mixed >>> 33) * 0xC4CE_B9FE_1A85_EC53L;
    return mixed ^ mixed >>> 33;
  }
}
