package warmfront.app.journeys;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Programs of others that may be on this machine: aws, curl, dig. */
final class Tool {
  private static final int SECONDS_MAX = 60;

  private Tool() {}

  /** What a program said. */
  record Said(int status, String stdout, String stderr) {}

  /** Returns whether there is such a program on the PATH. */
  static boolean isThere(String name) {
    String path = System.getenv("PATH");
    return path != null
        && Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(path)
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  /** Runs a program to its end, in {@code folder}, which keeps what it says. */
  static Said run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path stdout = Files.createTempFile(folder, "tool", ".out");
    Path stderr = Files.createTempFile(folder, "tool", ".err");
    ProcessBuilder builder = new ProcessBuilder(List.of(command));
    builder.directory(folder.toFile());
    builder.environment().putAll(environment);
    Process process =
        builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(SECONDS_MAX, SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command[0] + " does not end");
    }
    return new Said(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
  }
}
