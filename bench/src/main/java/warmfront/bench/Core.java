package warmfront.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One core's seconds since the machine started (proc(5)).
 *
 * @param busy seconds that it worked for anybody
 * @param stolen seconds that the machine below gave to other guests
 */
record Core(double busy, double stolen) {
  /** Reads the core of that number from the text of {@code /proc/stat}. */
  static Core of(String stat, int number) {
    String[] fields =
        stat.lines()
            .filter(line -> line.startsWith("cpu" + number + " "))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no core " + number))
            .split(" ", -1);
    // user nice system idle iowait irq softirq steal
    double busy = 0;
    for (int column : new int[] {1, 2, 3, 6, 7}) {
      busy += Long.parseLong(fields[column]);
    }
    return new Core(busy / Processes.TICKS, Long.parseLong(fields[8]) / Processes.TICKS);
  }

  static Core now(int number) throws IOException {
    return of(Files.readString(Path.of("/proc/stat")), number);
  }

  Core minus(Core before) {
    return new Core(busy - before.busy, stolen - before.stolen);
  }
}
