package warmfront.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import warmfront.app.config.Config;
import warmfront.control.Backup;
import warmfront.control.store.StoreUnavailable;

/** The whole configuration as a file, at the database itself: no API is asked. */
final class BackupCommands {
  private BackupCommands() {}

  /** Where the control plane's database is. */
  static final class Where {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "control's data directory (default: WARMFRONT_DATA, else ./data)")
    private @Nullable Path data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "control's warmfront.yaml, for `store` and `secretKeyFile`")
    private @Nullable Path file;

    Config config() throws StartException {
      Config config = Configured.read(Optional.ofNullable(file), Optional.ofNullable(data));
      LogLines.install(config.log());
      return config;
    }

    static Backup backup(Config config) {
      return new Backup(config.data(), ControlRole.store(config), config.secretKeyFile());
    }
  }

  /** What is done with a file. */
  private interface Work {
    long run() throws IOException, StartException;
  }

  private static int run(Path file, String what, Work work) throws StartException {
    try {
      System.out.printf("%s %s: %d rows%n", file, what, work.run());
      return 0;
    } catch (IOException | IllegalArgumentException | IllegalStateException | StoreUnavailable e) {
      throw new StartException(file + " is not " + what + ": " + e.getMessage(), e);
    }
  }

  @Command(
      name = "export",
      description = "Write the whole configuration to a file; control may run meanwhile.")
  static final class Export implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Parameters(paramLabel = "FILE", description = "Where to; replaced if it is there.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws StartException {
      Backup backup = Where.backup(where.config());
      return run(file, "written", () -> backup.write(file));
    }
  }

  @Command(
      name = "import",
      description = "Fill a new database with what `export` wrote; before control's first start.")
  static final class Import implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Parameters(paramLabel = "FILE", description = "What `export` wrote.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws StartException {
      Config config = where.config();
      if (!Files.isReadable(file)) {
        throw new StartException("there is no file " + file + " that can be read");
      }
      return run(
          file,
          "read",
          () -> {
            try (DataDirectory _ = DataDirectory.hold(config.data())) {
              return Where.backup(config).read(file);
            }
          });
    }
  }
}
