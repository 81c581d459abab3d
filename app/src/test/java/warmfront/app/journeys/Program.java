package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The program as a process of its own, with the JVM flags of the entry script. Its stdout is read
 * line by line, its stderr goes to a file that every failure shows. Whoever starts it closes it.
 */
final class Program implements AutoCloseable {
  private static final int READY_SECONDS_MAX = 60;
  private static final int END_SECONDS_MAX = 20;

  private final Process process;
  private final Path stderr;
  private final BlockingQueue<Optional<String>> stdout = new LinkedBlockingQueue<>();

  private Program(Process process, Path stderr) {
    this.process = process;
    this.stderr = stderr;
    Thread.ofVirtual().start(this::readStdout);
  }

  /**
   * Starts {@code warmfront ARGS}.
   *
   * @param folder where its stderr is kept; its working directory, too
   */
  static Program start(Path folder, String... args) throws IOException {
    return start(Training.options(), folder, args);
  }

  /** Starts it with other options of the JVM, its class path among them. */
  static Program start(List<String> options, Path folder, String... args) throws IOException {
    Path stderr = Files.createTempFile(folder, "stderr-" + args[0], ".txt");
    ProcessBuilder builder = new ProcessBuilder(command(options, args));
    builder.directory(folder.toFile());
    builder.redirectError(stderr.toFile());
    builder.environment().remove("WARMFRONT_DATA");
    Process process = builder.start();
    process.getOutputStream().close();
    return new Program(process, stderr);
  }

  /** The repository's root: the folder with the entry script in it. */
  static Path home() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("warmfront")) ? here : here.resolveSibling(".").normalize();
  }

  /**
   * Returns the command line of a process of the program.
   *
   * @param options of the JVM, its class path among them
   */
  static List<String> command(List<String> options, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-ea",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-Xlog:aot*=off:stderr",
            "-Xlog:cds*=off:stderr",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1", // a journey ends before the better compiler pays
            "-Xms64m",
            "-Xmx384m",
            "-XX:MaxDirectMemorySize=256m",
            "-Dkeystore.pkcs12.keyPbeIterationCount=1",
            "-Dkeystore.pkcs12.certPbeIterationCount=1",
            "-Dfile.encoding=UTF-8",
            "-Dwarmfront.home=" + home()));
    command.addAll(options);
    command.add("warmfront.app.Main");
    command.addAll(List.of(args));
    return command;
  }

  private void readStdout() {
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        stdout.add(Optional.of(line));
      }
    } catch (IOException _) {
      // The process is gone, and so is what it had to say.
    }
    stdout.add(Optional.empty());
  }

  /** Waits for the next line of stdout; empty at its end. */
  Optional<String> line() throws InterruptedException {
    Optional<String> line = stdout.poll(READY_SECONDS_MAX, SECONDS);
    if (line == null) {
      throw new AssertionError("nothing on stdout in time; stderr:\n" + stderr());
    }
    return line;
  }

  /** Waits for the ready line and returns its fields. */
  Map<String, Object> ready() throws InterruptedException {
    String line =
        line().orElseThrow(() -> new AssertionError("ended unready; stderr:\n" + stderr()));
    return json(line);
  }

  /** Returns the fields of a JSON object; every JSON text is YAML, too. */
  @SuppressWarnings("unchecked") // the keys of a JSON object are text
  static Map<String, Object> json(String text) {
    Object value = new Load(LoadSettings.builder().build()).loadFromString(text);
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new AssertionError("not a JSON object: " + text);
  }

  /** Waits until stdout ends and returns what came there since the last line that was read. */
  String stdout() throws InterruptedException {
    StringBuilder all = new StringBuilder();
    for (Optional<String> line = line(); line.isPresent(); line = line()) {
      all.append(line.get()).append('\n');
    }
    return all.toString();
  }

  /** Returns what it has said on stderr so far. */
  String stderr() {
    try {
      return Files.readString(stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to end and returns its exit status. */
  int sigterm() throws InterruptedException {
    process.toHandle().destroy();
    return exit();
  }

  /** Waits until it has ended by itself and returns its exit status. */
  int exit() throws InterruptedException {
    if (!process.waitFor(END_SECONDS_MAX, SECONDS)) {
      throw new AssertionError("does not end; stderr:\n" + stderr());
    }
    return process.exitValue();
  }

  /** Kills it as kill -9 does, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    exit();
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
    process.onExit().orTimeout(END_SECONDS_MAX, SECONDS).join();
  }
}
