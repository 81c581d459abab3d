package warmfront.edge.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The finished files, which may take only so much. */
final class Spool {
  private record Sized(Path path, long bytes, FileTime modified) {}

  private final Path directory;
  private final long bytesMax;

  Spool(Path directory, long bytesMax) {
    this.directory = directory;
    this.bytesMax = bytesMax;
  }

  /** Returns the files that an earlier process left open, or finished and not compressed. */
  List<Path> left() throws IOException {
    for (Path half : files(LogFile.HALF)) {
      Files.deleteIfExists(half);
    }
    return files(LogFile.OPEN);
  }

  /** Deletes the oldest files until the rest fits: compressed ones, and those that wait for it. */
  void tidy(Collection<Path> waiting) throws IOException {
    List<Path> all = new ArrayList<>(files(LogFile.FINISHED));
    all.addAll(waiting);
    List<Sized> sized = new ArrayList<>();
    long bytes = 0;
    for (Path path : all) {
      if (Files.exists(path)) {
        Sized one = new Sized(path, Files.size(path), Files.getLastModifiedTime(path));
        sized.add(one);
        bytes += one.bytes();
      }
    }
    sized.sort(Comparator.comparing(Sized::modified));
    for (Sized oldest : sized) {
      if (bytes <= bytesMax) {
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
