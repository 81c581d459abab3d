package warmfront.bench;

/**
 * What a load came to.
 *
 * @param requests answers that came completely
 * @param bytes received, with heads; 0 where the generator does not say
 * @param errors answers of another status than 200, and requests that failed
 * @param seconds from the first request to the end
 * @param firstByteNanos when the first byte of the first answer came, by the clock; 0 if unknown
 */
record Load(long requests, long bytes, long errors, double seconds, long firstByteNanos) {
  static Load counted(long requests, long errors, double seconds) {
    return new Load(requests, 0, errors, seconds, 0);
  }
}
