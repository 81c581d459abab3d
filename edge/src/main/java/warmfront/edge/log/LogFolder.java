package warmfront.edge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import warmfront.time.Clock;

/**
 * The files of all distributions: {@code <id>/<id>.YYYY-MM-DD-HH.<unique>}, a new one for each hour
 * in which requests were finished, and for each span of deliveries where they go to a bucket.
 * Belongs to the journal's thread.
 */
final class LogFolder {
  /** How long after its hour a file stays open for rows that come late. */
  private static final long LATE_SECONDS = 60;

  private record Hourly(Series series, Instant hour) {}

  private final Path directory;
  private final Limits limits;
  private final Clock clock;
  private final RandomGenerator random;
  private final Consumer<Path> whenFinished;
  private final Map<Hourly, LogFile> open = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Makes a folder.
   *
   * @param whenFinished takes each file that nothing is written to any more
   */
  LogFolder(
      Path directory,
      Limits limits,
      Clock clock,
      RandomGenerator random,
      Consumer<Path> whenFinished) {
    this.directory = directory;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.whenFinished = whenFinished;
  }

  /** Writes rows that go into one file, or into the next ones when it is full. */
  void write(Rows rows, Rows.Run run) throws IOException {
    var series = new Hourly(run.series(), run.hour());
    int from = run.from();
    while (from < run.to()) {
      @Nullable LogFile file = open.get(series);
      if (file == null) {
        file = begin(series);
      }
      int to = endOfRow(rows.bytes(), from + limits.fileBytesMax() - file.bytes(), from, run.to());
      try {
        file.write(rows.bytes(), from, to);
      } catch (IOException e) {
        open.remove(series);
        file.abandon();
        throw e;
      }
      from = to;
      if (file.bytes() >= limits.fileBytesMax()) {
        open.remove(series);
        whenFinished.accept(file.finish());
      }
    }
  }

  /** Returns the end of the row that {@code at} lies in, or of the first row or the last. */
  private static int endOfRow(byte[] rows, long at, int first, int end) {
    if (at >= end) {
      return end;
    }
    int to = (int) Math.max(at, first + 1);
    while (rows[to - 1] != '\n') {
      to++;
    }
    return to;
  }

  /** Lets others see all that was written, and finishes the files whose time is over. */
  void rest() throws IOException {
    Instant now = clock.now();
    Iterator<Map.Entry<Hourly, LogFile>> all = open.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Hourly, LogFile> one = all.next();
      if (now.isBefore(end(one.getKey(), one.getValue()))) {
        one.getValue().flush();
      } else {
        all.remove();
        whenFinished.accept(one.getValue().finish());
      }
    }
  }

  private Instant end(Hourly of, LogFile file) {
    Instant over = of.hour().plus(1, ChronoUnit.HOURS).plusSeconds(LATE_SECONDS);
    Instant due = file.begun().plus(limits.delivering().after());
    return of.series().to().isPresent() && due.isBefore(over) ? due : over;
  }

  /** Finishes all files. */
  void finish() throws IOException {
    List<LogFile> files = List.copyOf(open.values());
    open.clear();
    for (LogFile file : files) {
      whenFinished.accept(file.finish());
    }
  }

  private LogFile begin(Hourly hourly) throws IOException {
    if (open.size() >= limits.openMax()) {
      Iterator<LogFile> eldest = open.values().iterator();
      LogFile least = eldest.next();
      eldest.remove();
      whenFinished.accept(least.finish());
    }
    Series series = hourly.series();
    LocalDateTime hour = LocalDateTime.ofInstant(hourly.hour(), ZoneOffset.UTC);
    // Unlikely to be that of another server, whose file it would replace in the bucket.
    String unique = HexFormat.of().toHexDigits(random.nextLong());
    String name =
        "%s.%s-%02d.%s%s"
            .formatted(
                series.distribution(), hour.toLocalDate(), hour.getHour(), unique, LogFile.OPEN);
    Path folder = Files.createDirectories(directory.resolve(series.folder()));
    if (series.to().isPresent()) {
      series.to().get().leave(folder);
    }
    var file = new LogFile(folder.resolve(name), series.form(), clock.now());
    open.put(hourly, file);
    return file;
  }
}
