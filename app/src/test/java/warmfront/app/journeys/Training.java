package warmfront.app.journeys;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What makes starts quick, as a build makes it for the product: a cache of loaded classes, which
 * the demo's check leaves, and what it made of the tables of addresses. Whoever starts a program
 * first has it made; it lies in {@code app/target} until a class changes. Without it programs start
 * all the same.
 */
final class Training {
  private static final int SECONDS_MAX = 240;
  private static final Path TARGET = Program.home().resolve(Path.of("app", "target"));
  private static final Path FOLDER = TARGET.resolve("journeys");
  private static final Path CACHE = FOLDER.resolve("classes.aot");
  private static final Path OF_WHAT = FOLDER.resolve("of-what");

  private static final String CLASS_PATH = String.valueOf(System.getProperty("java.class.path"));

  private Training() {}

  /** Returns what a JVM of the program is to be told: its class path, and the cache of that. */
  static List<String> options() {
    return Made.OPTIONS;
  }

  private static final class Made {
    static final List<String> OPTIONS = make();

    private static List<String> make() {
      try {
        List<String> classPath = List.of("-cp", jars());
        String ofWhat = ofWhat();
        if (!Files.exists(CACHE)
            || !Files.exists(OF_WHAT)
            || !Files.readString(OF_WHAT).equals(ofWhat)) {
          Files.deleteIfExists(CACHE);
          train(classPath);
          Files.writeString(OF_WHAT, ofWhat);
        }
        return Files.exists(CACHE) ? with(classPath, "-XX:AOTCache=" + CACHE) : classPath;
      } catch (IOException e) {
        throw new IllegalStateException("no training for journeys", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** A cache is of archives: folders of classes are packed, with dates that do not change. */
  private static String jars() throws IOException {
    Files.createDirectories(FOLDER);
    List<String> all = new ArrayList<>();
    for (String part : CLASS_PATH.split(File.pathSeparator, -1)) {
      Path path = Path.of(part).toAbsolutePath();
      if (!part.isEmpty()) {
        all.add(Files.isDirectory(path) ? pack(path).toString() : part);
      }
    }
    return String.join(File.pathSeparator, all);
  }

  private static Path pack(Path folder) throws IOException {
    String name = Program.home().relativize(folder).toString().replace(File.separatorChar, '-');
    Path jar = FOLDER.resolve(name + ".jar");
    Path fresh = FOLDER.resolve(name + ".new");
    try (ZipOutputStream out =
            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)));
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(one -> !one.equals(folder)).sorted().toList()) {
        boolean leaf = Files.isRegularFile(file);
        byte[] bytes = leaf ? Files.readAllBytes(file) : new byte[0];
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        // Folders have entries of their own: migrations are looked for in one.
        ZipEntry entry = new ZipEntry(folder.relativize(file) + (leaf ? "" : "/"));
        entry.setMethod(ZipEntry.STORED);
        entry.setTime(0);
        entry.setSize(bytes.length);
        entry.setCrc(checksum.getValue());
        out.putNextEntry(entry);
        out.write(bytes);
      }
    }
    if (Files.exists(jar) && Files.mismatch(jar, fresh) < 0) {
      Files.delete(fresh);
    } else {
      Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
    }
    return jar;
  }

  /** A cache fits archives of the same dates and sizes, and the JVM that made it. */
  private static String ofWhat() throws IOException {
    StringBuilder all = new StringBuilder(System.getProperty("java.vm.version")).append('\n');
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        all.append("%s %s %d\n".formatted(jar, Files.getLastModifiedTime(jar), Files.size(jar)));
      }
    }
    return all.append(CLASS_PATH).toString();
  }

  private static void train(List<String> classPath) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory(FOLDER, "training");
    Path data = scratch.resolve("data");
    Path config =
        Settings.ofUp(new Ports(), List.copyOf(Warmfront.LOCATIONS.values()))
            .with("routing.map", "{window: 10 s}")
            .write(scratch.resolve("warmfront.yaml"));
    List<String> command =
        Program.command(
            with(classPath, "-XX:AOTCacheOutput=" + CACHE),
            "demo",
            "--check",
            "--config",
            config.toString(),
            "--data",
            data.toString());
    Process process =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("training.log").toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS_MAX, SECONDS) || process.exitValue() != 0) {
        System.err.println("journeys start slowly: see " + FOLDER.resolve("training.log"));
        Files.deleteIfExists(CACHE);
      }
      for (String ranges : List.of("countries.ranges", "systems.ranges")) {
        if (Files.exists(data.resolve(ranges))) {
          Files.move(
              data.resolve(ranges), TARGET.resolve(ranges), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } finally {
      process.destroyForcibly();
      delete(scratch);
    }
  }

  private static List<String> with(List<String> options, String last) {
    return Stream.concat(options.stream(), Stream.of(last)).toList();
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failed)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
