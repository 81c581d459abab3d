package warmfront.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import warmfront.time.Clock;

/** One peer that runs, with all its processes, on the servers' core. */
final class Server implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int END_MILLIS = 2_000;
  private static final int POLL_MILLIS = 2;
  private static final int ANSWER_MILLIS = 10_000;

  private final Peer peer;
  private final Process process;
  private final Path folder;
  private final int http;
  private final int https;

  private Server(Peer peer, Process process, Path folder, int http, int https) {
    this.peer = peer;
    this.process = process;
    this.folder = folder;
    this.http = http;
    this.https = https;
  }

  /**
   * Starts {@code peer} before the origin on {@code originPort}; it does not serve yet.
   *
   * @param settings variables beside the usual ones, or in their place
   */
  static Server start(Peer peer, Ground ground, int originPort, Map<String, String> settings)
      throws IOException {
    Path folder = Files.createTempDirectory(ground.folder(), peer.word() + "-");
    int http = Ground.freePort(originPort + 1);
    int https = Ground.freePort(http + 1);
    Path script = ground.home().resolve("bench/peers").resolve(peer.word());
    ProcessBuilder builder =
        new ProcessBuilder("taskset", "-c", String.valueOf(ground.serverCore()), script.toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "HTTP_PORT", String.valueOf(http),
                "TLS_PORT", String.valueOf(https),
                "ORIGIN_PORT", String.valueOf(originPort),
                "CERT", ground.certificate().toString(),
                "KEY", ground.key().toString(),
                "RUN", folder.toString()));
    builder.environment().putAll(settings);
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile());
    return new Server(peer, builder.start(), folder, http, https);
  }

  Peer peer() {
    return peer;
  }

  int http() {
    return http;
  }

  int https() {
    return https;
  }

  long pid() {
    return process.pid();
  }

  /** Waits until {@code path} is answered with 200; then until TLS is listened for, too. */
  void awaitAnswer(Clock clock, String path) throws IOException, InterruptedException {
    long end = clock.nanos() + START_LIMIT.toNanos();
    while (!answers(path)) {
      alive(clock, end);
    }
  }

  /** Waits until somebody listens for TLS. */
  void awaitTls(Clock clock) throws IOException, InterruptedException {
    long end = clock.nanos() + START_LIMIT.toNanos();
    while (!listens(https)) {
      alive(clock, end);
    }
  }

  private void alive(Clock clock, long end) throws IOException, InterruptedException {
    if (!process.isAlive() || clock.nanos() > end) {
      throw new IOException(
          (process.isAlive() ? "does not serve" : "ended with " + process.exitValue()) + said());
    }
    Thread.sleep(POLL_MILLIS);
  }

  private static boolean listens(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private boolean answers(String path) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http)) {
      socket.setSoTimeout(ANSWER_MILLIS);
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, Asks.HOST);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.startsWith("HTTP/1.1 200 ");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Returns the end of what it said, for an error. */
  private String said() {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("said").toFile(), "r")) {
      file.seek(Math.max(0, file.length() - 400));
      byte[] end = new byte[400];
      int count = Math.max(0, file.read(end));
      return ": " + new String(end, 0, count, StandardCharsets.UTF_8).replaceAll("\\s+", " ");
    } catch (IOException silent) {
      return "";
    }
  }

  /** Ends it and every process that it started; what it stored is deleted. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> tree =
        Processes.now().tree(process.pid()).stream()
            .map(ProcessHandle::of)
            .flatMap(Optional::stream)
            .toList();
    tree.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(END_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    tree.forEach(ProcessHandle::destroyForcibly);
    Folders.delete(folder);
  }
}
