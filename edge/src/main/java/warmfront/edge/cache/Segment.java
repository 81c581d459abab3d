package warmfront.edge.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.CacheKey;

/**
 * One file of the log. Written by the disk's one writer; closed when neither the log nor a reader
 * uses it any more.
 */
final class Segment {
  private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

  private static final String PREFIX = "segment-";
  private static final String SUFFIX = ".log";

  private final long sequence;
  private final Storage.Handle file;
  private final AtomicInteger users = new AtomicInteger(1);

  /** The keys of its objects, for the time when it is reclaimed; touched by the writer alone. */
  private final List<CacheKey> keys = new ArrayList<>();

  private long end;

  Segment(long sequence, Storage.Handle file, long end) {
    this.sequence = sequence;
    this.file = file;
    this.end = end;
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

  Storage.Handle file() {
    return file;
  }

  List<CacheKey> keys() {
    return keys;
  }

  /** Returns where the next record goes; read and written by the writer. */
  long end() {
    return end;
  }

  void endsAt(long offset) {
    end = offset;
  }

  /** Keeps the file open for the caller, who calls {@link #done} once; false if it is closed. */
  boolean use() {
    int seen;
    do {
      seen = users.get();
      if (seen == 0) {
        return false;
      }
    } while (!users.compareAndSet(seen, seen + 1));
    return true;
  }

  void done() {
    if (users.decrementAndGet() == 0) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("cache segment {} did not close: {}", name(), e.toString());
      }
    }
  }
}
