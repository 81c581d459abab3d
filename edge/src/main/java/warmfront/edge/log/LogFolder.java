package warmfront.edge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of all distributions: {@code <id>/<id>.YYYY-MM-DD-HH.<unique>}, a new one for each hour
 * in which requests were finished. Belongs to the journal's thread.
 */
final class LogFolder {
  /** How long after its hour a file stays open for rows that come late. */
  private static final long LATE_SECONDS = 60;

  private record Series(String distribution, Instant hour) {}

  private record Sized(Path path, long bytes, FileTime modified) {}

  private final Path directory;
  private final Limits limits;
  private final RandomGenerator random;
  private final Map<Series, LogFile> open = new LinkedHashMap<>(16, 0.75f, true);

  LogFolder(Path directory, Limits limits, RandomGenerator random) {
    this.directory = directory;
    this.limits = limits;
    this.random = random;
  }

  /** Finishes what an earlier process left open. */
  void recover() throws IOException {
    for (Path left : files(LogFile.OPEN)) {
      LogFile.compress(left);
    }
    for (Path left : files(".tmp")) {
      Files.deleteIfExists(left);
    }
  }

  /** Writes a row of a request that was finished at an instant. */
  void write(String distribution, Instant finished, byte[] row) throws IOException {
    var series = new Series(distribution, finished.truncatedTo(ChronoUnit.HOURS));
    @Nullable LogFile file = open.get(series);
    if (file == null) {
      file = begin(series);
    }
    try {
      file.write(row);
    } catch (IOException e) {
      open.remove(series);
      file.abandon();
      throw e;
    }
    if (file.bytes() >= limits.fileBytesMax()) {
      open.remove(series);
      file.finish();
      tidy();
    }
  }

  /** Lets others see all that was written, and finishes the files of hours that are over. */
  void rest(Instant now) throws IOException {
    boolean finished = false;
    Iterator<Map.Entry<Series, LogFile>> all = open.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Series, LogFile> one = all.next();
      Instant over = one.getKey().hour().plus(1, ChronoUnit.HOURS).plusSeconds(LATE_SECONDS);
      if (now.isBefore(over)) {
        one.getValue().flush();
      } else {
        all.remove();
        one.getValue().finish();
        finished = true;
      }
    }
    if (finished) {
      tidy();
    }
  }

  /** Finishes all files. */
  void finish() throws IOException {
    List<LogFile> files = List.copyOf(open.values());
    open.clear();
    for (LogFile file : files) {
      file.finish();
    }
  }

  private LogFile begin(Series series) throws IOException {
    if (open.size() >= limits.openMax()) {
      Iterator<LogFile> eldest = open.values().iterator();
      LogFile least = eldest.next();
      eldest.remove();
      least.finish();
    }
    LocalDateTime hour = LocalDateTime.ofInstant(series.hour(), ZoneOffset.UTC);
    String unique = HexFormat.of().toHexDigits(random.nextInt());
    String name =
        "%s.%s-%02d.%s%s"
            .formatted(
                series.distribution(), hour.toLocalDate(), hour.getHour(), unique, LogFile.OPEN);
    var file = new LogFile(directory.resolve(series.distribution()).resolve(name));
    open.put(series, file);
    return file;
  }

  /** Deletes the oldest finished files until the rest fits. */
  private void tidy() throws IOException {
    List<Sized> finished = new ArrayList<>();
    long bytes = 0;
    for (Path path : files(LogFile.FINISHED)) {
      var sized = new Sized(path, Files.size(path), Files.getLastModifiedTime(path));
      finished.add(sized);
      bytes += sized.bytes();
    }
    finished.sort(Comparator.comparing(Sized::modified));
    for (Sized oldest : finished) {
      if (bytes <= limits.spoolBytesMax()) {
        return;
      }
      Files.deleteIfExists(oldest.path());
      bytes -= oldest.bytes();
    }
  }

  private List<Path> files(String end) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory, 2)) {
      return all.filter(Files::isRegularFile)
          .filter(path -> path.getFileName().toString().endsWith(end))
          .toList();
    }
  }
}
