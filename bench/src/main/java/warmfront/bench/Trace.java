package warmfront.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests as they were once made. Two forms are read: lines of {@code time id size}, parted by
 * blanks, and comma-separated lines below a heading that names the columns {@code size} and {@code
 * id}, {@code lbn} or {@code obj_id}. An object has the size of its first request, whatever later
 * ones say, so that figures can be compared with those of other simulators.
 */
final class Trace {
  private static final int FIRST_CAPACITY = 1 << 16;

  private long[] ids = new long[FIRST_CAPACITY];
  private long[] sizes = new long[FIRST_CAPACITY];
  private int requests;
  private final Map<Long, Long> firstSizes = new HashMap<>();

  /** Where in a line the id and the size stand. */
  private record Columns(String separator, int id, int size) {
    static Columns of(String first) {
      if (first.indexOf(',') < 0) {
        return new Columns("\\s+", 1, 2);
      }
      List<String> names = Arrays.asList(first.split(",", -1));
      int size = names.indexOf("size");
      int id = -1;
      for (String name : new String[] {"id", "lbn", "obj_id"}) {
        id = id < 0 ? names.indexOf(name) : id;
      }
      if (id < 0 || size < 0) {
        throw new IllegalArgumentException(
            "the heading names size and one of id, lbn, obj_id: " + first);
      }
      return new Columns(",", id, size);
    }

    boolean hasHeading() {
      return separator.equals(",");
    }
  }

  private Trace() {}

  /**
   * Reads a trace.
   *
   * @throws IllegalArgumentException if a line is not of one of the forms
   */
  static Trace read(BufferedReader reader) throws IOException {
    Trace trace = new Trace();
    @Nullable String line = reader.readLine();
    if (line == null) {
      return trace;
    }
    Columns columns = Columns.of(line);
    if (columns.hasHeading()) {
      line = reader.readLine();
    }
    for (; line != null; line = reader.readLine()) {
      trace.add(line, columns);
    }
    return trace;
  }

  private void add(String line, Columns columns) {
    String[] parts = line.strip().split(columns.separator(), -1);
    if (parts.length <= Math.max(columns.id(), columns.size())) {
      throw new IllegalArgumentException("not a request: " + line);
    }
    long id = Long.parseLong(parts[columns.id()]);
    long size = Math.max(Long.parseLong(parts[columns.size()]), 1);
    if (requests == ids.length) {
      ids = Arrays.copyOf(ids, 2 * requests);
      sizes = Arrays.copyOf(sizes, 2 * requests);
    }
    @Nullable Long before = firstSizes.putIfAbsent(id, size);
    ids[requests] = id;
    sizes[requests] = before == null ? size : before;
    requests++;
  }

  int requests() {
    return requests;
  }

  int objects() {
    return firstSizes.size();
  }

  /** Returns how many bytes all objects have together. */
  long objectBytes() {
    return firstSizes.values().stream().mapToLong(Long::longValue).sum();
  }

  long id(int request) {
    return ids[request];
  }

  long size(int request) {
    return sizes[request];
  }
}
