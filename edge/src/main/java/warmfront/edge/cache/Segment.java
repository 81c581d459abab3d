package warmfront.edge.cache;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the log. Written by the disk's one writer; its file is open while somebody uses it
 * and as long as {@link OpenFiles} has room.
 */
final class Segment {
  private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

  private static final String PREFIX = "segment-";
  private static final String SUFFIX = ".log";

  private final long sequence;
  private final Storage storage;
  private final OpenFiles files;

  /** Guarded by this object's lock, like the two below. */
  private Storage.@Nullable Handle file;

  private int users;
  private boolean gone;

  /** What is in it, while more may come; the writer's. */
  private @Nullable SegmentTable table;

  /** Where the next record goes; the writer's. */
  private long end;

  /** Length of the file, table included; the writer's. */
  private long size;

  /** When what is in it expires; the writer's, like the next. */
  private Expiry expiry = Expiry.NEVER;

  /** Before this, in seconds, nobody looks whether anything lives in it. */
  private int looksAgain;

  private final AtomicInteger bad = new AtomicInteger();

  Segment(long sequence, Storage storage, OpenFiles files) {
    this.sequence = sequence;
    this.storage = storage;
    this.files = files;
  }

  /** Returns the name of the file with this number. */
  static String name(long sequence) {
    return PREFIX + "%016x".formatted(sequence) + SUFFIX;
  }

  /** Returns the number in a file's name; -1 if it is not the name of a segment. */
  static long sequenceOf(String name) {
    boolean shaped =
        name.length() == PREFIX.length() + 16 + SUFFIX.length()
            && name.startsWith(PREFIX)
            && name.endsWith(SUFFIX);
    if (!shaped) {
      return -1;
    }
    try {
      return Long.parseLong(name, PREFIX.length(), PREFIX.length() + 16, 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  String name() {
    return name(sequence);
  }

  long sequence() {
    return sequence;
  }

  long end() {
    return end;
  }

  long size() {
    return size;
  }

  /** Says where its records end and how long its file is. */
  void measures(long recordsEnd, long fileSize) {
    end = recordsEnd;
    size = fileSize;
  }

  /** Returns what is in it; null once nothing more comes. */
  @Nullable SegmentTable table() {
    return table;
  }

  void keep(@Nullable SegmentTable written) {
    table = written;
  }

  Expiry expiry() {
    return expiry;
  }

  /** Says when what is in it expires. */
  void expires(Expiry known) {
    expiry = known;
  }

  int looksAgain() {
    return looksAgain;
  }

  void lookAgain(int seconds) {
    looksAgain = seconds;
  }

  /** Counts a record that is not what was written; returns how many there are. */
  int countBad() {
    return bad.incrementAndGet();
  }

  /**
   * Returns its file, open for the caller, who calls {@link #done} once.
   *
   * @throws BadRecord if it is gone
   * @throws IOException if it does not open
   */
  Storage.Handle use() throws IOException {
    Storage.Handle opened;
    synchronized (this) {
      if (gone) {
        throw new BadRecord("a segment that is gone");
      }
      if (file == null) {
        file = storage.open(name());
      }
      users++;
      opened = file;
    }
    files.used(this);
    return opened;
  }

  void done() {
    Storage.@Nullable Handle closing = null;
    synchronized (this) {
      users--;
      if (gone && users == 0) {
        closing = file;
        file = null;
      }
    }
    close(closing);
  }

  /** Closes its file unless somebody uses it; it opens again when it is needed. */
  void rest() {
    Storage.@Nullable Handle closing = null;
    synchronized (this) {
      if (users == 0) {
        closing = file;
        file = null;
      }
    }
    close(closing);
  }

  /** Closes its file as soon as nobody uses it, for good. */
  void retire() {
    synchronized (this) {
      gone = true;
    }
    rest();
    files.forget(this);
  }

  private void close(Storage.@Nullable Handle closing) {
    if (closing != null) {
      try {
        closing.close();
      } catch (IOException e) {
        LOG.warn("cache segment {} did not close: {}", name(), e.toString());
      }
    }
  }
}
