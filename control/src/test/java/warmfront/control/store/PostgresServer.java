package warmfront.control.store;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL for tests, unpacked from its jar, with a new schema for each that asks. It
 * refuses to run as root, so root runs it as {@code nobody}.
 */
public final class PostgresServer implements AutoCloseable {
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--");

  private final Path home;
  private final Path data;
  private final int port;
  private final AtomicInteger databases = new AtomicInteger();
  private Process process;

  private PostgresServer(Path home, Path data, int port) throws IOException, InterruptedException {
    this.home = home;
    this.data = data;
    this.port = port;
    this.process = run();
  }

  /** Kept for all tests of a JVM, for a start takes seconds. */
  private static final class Shared {
    static final Optional<PostgresServer> SERVER = start();

    private static Optional<PostgresServer> start() {
      try {
        Optional<PostgresServer> server = PostgresServer.start();
        server.ifPresent(one -> Runtime.getRuntime().addShutdownHook(new Thread(one::close)));
        return server;
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }

  /** Returns the server that all tests of this JVM use; empty where there are no binaries. */
  public static Optional<PostgresServer> shared() {
    return Shared.SERVER;
  }

  /** Starts a server; empty where there are no binaries for this machine. */
  public static Optional<PostgresServer> start() throws IOException, InterruptedException {
    String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "arm_64";
    try (InputStream packed =
        PostgresServer.class.getResourceAsStream("/postgres-linux-" + machine + ".txz")) {
      return packed == null ? Optional.empty() : Optional.of(start(packed));
    }
  }

  /** Makes a schema, which is a database of its own but quick to make, and returns its URL. */
  public String newDatabase() throws SQLException {
    String name = "store" + databases.incrementAndGet();
    execute(port, "create schema " + name);
    return "postgresql://postgres@127.0.0.1:%d/postgres?currentSchema=%s".formatted(port, name);
  }

  /** Returns where it listens. */
  public int port() {
    return port;
  }

  /** Runs a statement as the superuser. */
  public void execute(String sql) throws SQLException {
    execute(port, sql);
  }

  /** Ends the sessions that hold advisory locks. */
  public void endHoldersOfLocks() throws SQLException {
    execute("select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'");
  }

  /** Ends all sessions and the server; the data stay. */
  public void stop() {
    try {
      // Fast shutdown; SIGTERM would wait for the sessions to end.
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it where it was before it was stopped. */
  public void restart() throws IOException, InterruptedException {
    process = run();
  }

  /** Starts another server of the same version. */
  public PostgresServer another() throws IOException, InterruptedException {
    return inited(home);
  }

  /** Starts another server with the data of this one, which was stopped. */
  public PostgresServer copy(int port) throws IOException, InterruptedException {
    Path copied = home.resolve("data-" + port);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path to = copied.resolve(data.relativize(file));
        Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
        own(to);
      }
    }
    return new PostgresServer(home, copied, port);
  }

  @Override
  public void close() {
    stop();
    try {
      delete(data);
      try (Stream<Path> left = Files.list(home)) {
        if (left.noneMatch(file -> home.relativize(file).toString().startsWith("data-"))) {
          delete(home);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static PostgresServer start(InputStream packed) throws IOException, InterruptedException {
    Path home =
        Files.createTempDirectory(
            "postgres",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    unpack(packed, home);
    return inited(home);
  }

  private static PostgresServer inited(Path home) throws IOException, InterruptedException {
    int port = freePort();
    Path data = Files.createDirectory(home.resolve("data-" + port));
    own(data);
    String bin = home.resolve("bin").toString() + File.separator;
    List<String> init = new ArrayList<>(asNobody(home));
    init.addAll(List.of(bin + "initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust"));
    init.addAll(List.of("-E", "UTF8", "--no-locale", "--no-sync"));
    Path log = home.resolve("initdb.log");
    int code =
        new ProcessBuilder(init)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("initdb failed: " + Files.readString(log));
    }
    return new PostgresServer(home, data, port);
  }

  private Process run() throws IOException, InterruptedException {
    String bin = home.resolve("bin").toString() + File.separator;
    List<String> run = new ArrayList<>(asNobody(home));
    run.addAll(List.of(bin + "postgres", "-D", data.toString(), "-p", Integer.toString(port)));
    run.addAll(List.of("-h", "127.0.0.1", "-k", "", "-c", "fsync=off"));
    process =
        new ProcessBuilder(run)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("postgres-" + port + ".log").toFile())
            .start();
    awaitReady();
    return process;
  }

  private static List<String> asNobody(Path home) throws IOException {
    return Files.getOwner(home).getName().equals("root") ? AS_NOBODY : List.of();
  }

  private static void own(Path file) throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      UserPrincipal nobody =
          file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      Files.setOwner(file, nobody);
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (int attempt = 0; attempt < 200; attempt++) {
      try {
        execute(port, "select 1");
        return;
      } catch (SQLException notYet) {
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
    String said = Files.readString(home.resolve("postgres-" + port + ".log"));
    close();
    throw new IOException("postgres did not start: " + said);
  }

  private static void execute(int port, String sql) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns a port that nobody has. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void unpack(InputStream packed, Path into) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = into.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(tar, file);
          String mode = (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--";
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, @org.jspecify.annotations.Nullable IOException failed)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
