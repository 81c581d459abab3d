package warmfront.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import warmfront.edge.cache.Rehearsal;

/**
 * How much of a trace the memory tier would have served, at several sizes: {@code ./warmfront bench
 * hit-ratio TRACE}. The policy is the product's own; beside it stands the one everybody knows,
 * least recently used first.
 */
public final class HitRatio {
  /** Cache sizes as shares of all bytes of the trace's objects, in tenths of a percent. */
  private static final List<Integer> SHARES = List.of(5, 10, 50, 100, 200, 400);

  private static final double WHOLE = 1000;
  private static final double MEGA = 1e6;

  private HitRatio() {}

  /** What a cache did with a trace. */
  private record Result(double objects, double bytes) {}

  private interface Cached {
    boolean request(long id, long size);
  }

  /** Measures each trace that is named. */
  public static void main(String[] names) throws IOException {
    if (names.length == 0) {
      System.err.println("usage: ./warmfront bench hit-ratio TRACE...");
      System.exit(2);
    }
    for (String name : names) {
      measure(Path.of(name), System.out);
    }
  }

  static void measure(Path file, PrintStream out) throws IOException {
    Trace trace;
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      trace = Trace.read(reader);
    }
    out.printf(
        Locale.ROOT,
        "%s: %,d requests, %,d objects, %.1f MB%n",
        file.getFileName(),
        trace.requests(),
        trace.objects(),
        trace.objectBytes() / MEGA);
    out.println();
    out.println(
        "| cache | MB | hits: objects | bytes | miss: objects | bytes | LRU miss: objects |"
            + " bytes |");
    out.println("|---|---|---|---|---|---|---|---|");
    for (int share : SHARES) {
      long capacity = (long) (trace.objectBytes() * (share / WHOLE));
      Result ours = play(trace, new Rehearsal(capacity)::request);
      Result recency = play(trace, new Recency(capacity));
      out.printf(
          Locale.ROOT,
          "| %.1f %% | %.1f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |%n",
          share * 100 / WHOLE,
          capacity / MEGA,
          ours.objects(),
          ours.bytes(),
          1 - ours.objects(),
          1 - ours.bytes(),
          1 - recency.objects(),
          1 - recency.bytes());
    }
    out.println();
  }

  private static Result play(Trace trace, Cached cache) {
    long hits = 0;
    long hitBytes = 0;
    long bytes = 0;
    for (int i = 0; i < trace.requests(); i++) {
      long size = trace.size(i);
      bytes += size;
      if (cache.request(trace.id(i), size)) {
        hits++;
        hitBytes += size;
      }
    }
    return new Result((double) hits / trace.requests(), (double) hitBytes / bytes);
  }

  /** Least recently used first. */
  private static final class Recency implements Cached {
    private final LinkedHashMap<Long, Long> inside = new LinkedHashMap<>(16, 0.75f, true);
    private final long capacity;
    private long bytes;

    Recency(long capacity) {
      this.capacity = capacity;
    }

    @Override
    public boolean request(long id, long size) {
      if (inside.get(id) != null) {
        return true;
      }
      if (size > capacity) {
        return false;
      }
      inside.put(id, size);
      bytes += size;
      while (bytes > capacity) {
        Map.Entry<Long, Long> eldest = inside.pollFirstEntry();
        bytes -= eldest.getValue();
      }
      return false;
    }
  }
}
