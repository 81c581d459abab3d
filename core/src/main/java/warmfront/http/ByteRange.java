package warmfront.http;

/**
 * A byte range of a representation, resolved against its length (RFC 9110, section 14.1.2).
 *
 * @param first offset of the first byte, in bytes, from 0
 * @param last offset of the last byte, in bytes, inclusive
 */
public record ByteRange(long first, long last) {
  public ByteRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("not a range: " + first + "-" + last);
    }
  }

  /** Returns the number of bytes in it, at least 1. */
  public long length() {
    return last - first + 1;
  }
}
