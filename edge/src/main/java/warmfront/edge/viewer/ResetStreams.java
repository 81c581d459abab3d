package warmfront.edge.viewer;

/**
 * The streams of one connection that the edge reset last: frames for them may still be under way,
 * which is no error of the viewer (RFC 9113, section 5.1).
 */
final class ResetStreams {
  private static final int SIZE = 256; // of which 100 at a time are made before patience ends

  private int[] ids = new int[0];
  private int next;

  void add(int id) {
    if (ids.length == 0) {
      ids = new int[SIZE];
    }
    ids[next] = id;
    next = (next + 1) % SIZE;
  }

  boolean contain(int id) {
    for (int one : ids) {
      if (one == id) {
        return true;
      }
    }
    return false;
  }
}
