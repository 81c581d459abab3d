package warmfront.edge.cache;

import java.io.IOException;

/** Bytes on disk that are not what was written there. */
final class BadRecord extends IOException {
  private static final long serialVersionUID = 1;

  BadRecord(String what) {
    super(what);
  }
}
