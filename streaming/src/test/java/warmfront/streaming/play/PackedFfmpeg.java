package warmfront.streaming.play;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The ffmpeg that comes in a jar with {@code -Dfull}, and is there without being installed. */
final class PackedFfmpeg {
  private static final String FOLDER = "org/bytedeco/ffmpeg/linux-x86_64-gpl/";

  private PackedFfmpeg() {}

  /** Puts the program and its libraries into a folder, and returns it; empty if there is no jar. */
  static Optional<Path> unpacked(Path folder) throws IOException {
    URL packed = PackedFfmpeg.class.getResource("/" + FOLDER + "ffmpeg");
    if (packed == null || !(packed.openConnection() instanceof JarURLConnection connection)) {
      return Optional.empty();
    }
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().startsWith(FOLDER) && !entry.isDirectory()) {
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, folder.resolve(entry.getName().substring(FOLDER.length())));
          }
        }
      }
    }
    Path program = folder.resolve("ffmpeg");
    return program.toFile().setExecutable(true) ? Optional.of(program) : Optional.empty();
  }
}
