package warmfront.edge.viewer;

/** The number of a stream's cancellation (RFC 9204, section 4.4.2), skipped byte by byte. */
final class QpackNumber {
  private static final int MASK = 0x3F;
  private static final int MORE_MAX = 9; // 62 bits, seven at a time

  private int more = -1;

  /** Returns whether its first byte has come and its last has not. */
  boolean isInside() {
    return more >= 0;
  }

  /** Takes the next byte; false if there are more than a number has. */
  boolean take(int next) {
    if (more < 0) {
      more = (next & MASK) == MASK ? 0 : -1;
      return true;
    }
    more = (next & 0x80) == 0 ? -1 : more + 1;
    return more <= MORE_MAX;
  }
}
