package warmfront.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All processes at one moment, and what the kernel charged to each (proc(5)): a server is measured
 * with all its children, the ones that have ended too.
 */
record Processes(Map<Long, Entry> all) {
  /** Ticks of a second in /proc: the same on every Linux of the architectures that matter. */
  static final double TICKS = 100;

  private static final Path PROC = Path.of("/proc");

  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

  /** One process: its parent and the ticks of CPU time of itself and its ended children. */
  record Entry(long parent, long user, long kernel) {
    /** Reads a line of {@code /proc/PID/stat}; the name in brackets may hold anything. */
    static Entry of(String stat) {
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 17);
      return new Entry(
          Long.parseLong(fields[1]),
          Long.parseLong(fields[11]) + Long.parseLong(fields[13]),
          Long.parseLong(fields[12]) + Long.parseLong(fields[14]));
    }
  }

  /** CPU time in seconds. */
  record Cpu(double user, double kernel) {
    Cpu minus(Cpu before) {
      return new Cpu(user - before.user, kernel - before.kernel);
    }

    double total() {
      return user + kernel;
    }
  }

  static Processes now() throws IOException {
    Map<Long, Entry> all = new HashMap<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path folder : folders) {
        try {
          long pid = Long.parseLong(folder.getFileName().toString());
          all.put(pid, Entry.of(Files.readString(folder.resolve("stat"))));
        } catch (IOException ended) {
          // it is gone: nothing to count
        }
      }
    }
    return new Processes(all);
  }

  /** Returns {@code root} and all its descendants. */
  List<Long> tree(long root) {
    List<Long> found = new ArrayList<>();
    Deque<Long> next = new ArrayDeque<>(List.of(root));
    while (!next.isEmpty()) {
      long pid = next.remove();
      if (all.containsKey(pid)) {
        found.add(pid);
        all.forEach((child, entry) -> {
          if (entry.parent() == pid) {
            next.add(child);
          }
        });
      }
    }
    return found;
  }

  /** Returns the CPU time of {@code root} and its descendants. */
  Cpu cpu(long root) {
    long user = 0;
    long kernel = 0;
    Set<Long> tree = Set.copyOf(tree(root));
    for (Map.Entry<Long, Entry> process : all.entrySet()) {
      if (tree.contains(process.getKey())) {
        user += process.getValue().user();
        kernel += process.getValue().kernel();
      }
    }
    return new Cpu((double) user / TICKS, (double) kernel / TICKS);
  }

  /** Returns the resident memory of {@code root} and its descendants, in KiB. */
  long residentKib(long root) throws IOException {
    long kib = 0;
    for (long pid : tree(root)) {
      for (String line : Files.readAllLines(PROC.resolve(pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          kib += Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    }
    return kib;
  }

  /** Returns what objects take that are in use: asking for a histogram collects all others. */
  static long objectsKib(long pid) throws IOException, InterruptedException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(tool, String.valueOf(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher total = TOTAL.matcher(said);
    if (!total.find()) {
      throw new IOException("jcmd says: " + said.substring(0, Math.min(said.length(), 200)));
    }
    return Long.parseLong(total.group(1)) / 1024;
  }
}
