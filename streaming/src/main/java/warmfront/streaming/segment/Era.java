package warmfront.streaming.segment;

/**
 * A stretch of a broadcast in which times go on and codecs stay as they are: what lies between two
 * discontinuities of HLS, a period of DASH.
 *
 * @param number how many were before it
 * @param beginsMillis where it begins on the broadcast's timeline
 */
record Era(int number, long beginsMillis) {
  Era next(long millis) {
    return new Era(number + 1, millis);
  }
}
