package warmfront.edge.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What time it was when a disk was last written to, in a file on it: 8 bytes of the {@link
 * Timeline}'s milliseconds and 4 of their checksum. The next process goes on from there if the wall
 * clock went back meanwhile. The disk's writer's.
 */
final class TimeMark {
  static final String NAME = "time";

  private static final Logger LOG = LoggerFactory.getLogger(TimeMark.class);

  private static final int BYTES = Long.BYTES + Integer.BYTES;

  /** It is noted so often at most: what was stored after it is held back when it is read. */
  private static final long EVERY_MILLIS = 10_000;

  private final Storage storage;
  private final Timeline time;
  private long noted = Long.MIN_VALUE / 2;

  TimeMark(Storage storage, Timeline time) {
    this.storage = storage;
    this.time = time;
  }

  /** Goes on from what was noted; what is no mark is passed over. */
  void read() {
    try (Storage.Handle file = storage.open(NAME)) {
      ByteBuffer mark = ByteBuffer.allocate(BYTES);
      file.read(mark, 0);
      if (mark.getInt(Long.BYTES) == RecordCodec.crc(mark.slice(0, Long.BYTES))) {
        time.goOnFrom(mark.getLong(0));
      }
    } catch (IOException e) {
      LOG.warn("the time on cache disk {} is not known: {}", storage, e.toString());
    }
  }

  /** Notes the time, unless that was done just now. */
  void note() throws IOException {
    if (time.millis() - noted >= EVERY_MILLIS) {
      noteNow();
    }
  }

  /** Notes the time. */
  void noteNow() throws IOException {
    long now = time.millis();
    ByteBuffer mark = ByteBuffer.allocate(BYTES).putLong(now);
    mark.putInt(RecordCodec.crc(mark.slice(0, Long.BYTES))).flip();
    try (Storage.Handle file = storage.open(NAME)) {
      file.write(mark, 0);
    }
    noted = now;
  }
}
