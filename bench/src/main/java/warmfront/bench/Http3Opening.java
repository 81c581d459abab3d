package warmfront.bench;

import io.netty.buffer.ByteBuf;

/**
 * How an answer over HTTP/3 begins, in whatever pieces it comes: a packet that is nearly full ends
 * with the first byte or two of it.
 */
final class Http3Opening {
  /** Two numbers of QUIC, QPACK's prefix and the first line. */
  private static final int LENGTH = 2 * Long.BYTES + 3;

  private static final int HEADERS = 1; // RFC 9114, 7.2.2
  private static final int PREFIX_BYTES = 2; // RFC 9204, 4.5.1

  /** Status 200 of QPACK's static table (RFC 9204, 4.5.2 and appendix A). */
  private static final int OK = 0xD9;

  private final byte[] begun = new byte[LENGTH];
  private int count;

  /** Takes of a piece what belongs to the beginning; the piece stays as it is. */
  void take(ByteBuf piece) {
    int more = Math.min(piece.readableBytes(), LENGTH - count);
    if (more > 0) {
      piece.getBytes(piece.readerIndex(), begun, count, more);
      count += more;
    }
  }

  /** Returns whether what has come is the beginning of an answer with status 200. */
  boolean isOk() {
    int at = 1 + (count < 2 ? 0 : 1 << ((begun[1] & 0xff) >> 6)) + PREFIX_BYTES;
    return at < count && begun[0] == HEADERS && (begun[at] & 0xff) == OK;
  }
}
