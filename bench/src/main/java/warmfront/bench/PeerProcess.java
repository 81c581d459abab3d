package warmfront.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import warmfront.time.Clock;

/** The process of a server that is measured, on the servers' core; it ends when this is closed. */
record PeerProcess(Process process, Path said) implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration END_LIMIT = Duration.ofSeconds(3);
  private static final int POLL_MILLIS = 50;
  private static final int WORDS_MAX = 300;

  /**
   * Starts a server in a folder of its own; it does not serve yet.
   *
   * @param file its file among the peers
   * @param variables what that file wants to know, but for {@code RUN}
   */
  static PeerProcess start(Ground ground, String file, Map<String, String> variables)
      throws IOException {
    Path folder = Files.createTempDirectory(ground.folder(), file + "-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Map<String, String> all = new HashMap<>(variables);
    all.put("RUN", folder.toString());
    Path script = ground.home().resolve("bench/peers").resolve(file);
    ProcessBuilder builder =
        new ProcessBuilder("taskset", "-c", String.valueOf(ground.serverCore()), script.toString());
    builder.environment().putAll(all);
    Path said = folder.resolve("said");
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
    return new PeerProcess(builder.start(), said);
  }

  /**
   * Waits until it serves, three minutes at most.
   *
   * @param contact fails until it does
   * @return what the contact gives
   * @throws IOException if it does not, or ends, with its last words
   */
  <T> T await(Clock clock, Callable<T> contact) throws IOException, InterruptedException {
    long begin = clock.nanos();
    while (process.isAlive() && clock.nanos() - begin < START_LIMIT.toNanos()) {
      try {
        return contact.call();
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (Exception failed) {
        throw new IOException(failed);
      }
    }
    String words = Files.readString(said, StandardCharsets.UTF_8).replaceAll("\\s+", " ");
    throw new IOException(
        "does not serve: " + words.substring(Math.max(0, words.length() - WORDS_MAX)));
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException hurry) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
