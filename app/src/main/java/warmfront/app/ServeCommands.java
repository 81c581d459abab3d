package warmfront.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import warmfront.app.config.Config;
import warmfront.time.Clock;

/** Commands that serve until they are told to end. */
final class ServeCommands {
  private ServeCommands() {}

  /** What every serving command is told. */
  static final class Told {
    @CommandLine.Option(
        names = "--data",
        paramLabel = "DIR",
        description = "data directory (default: WARMFRONT_DATA, else the configuration's, ./data)")
    private @Nullable Path data;

    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        description = "warmfront.yaml; every key has a default (docs/configuration.md)")
    private @Nullable Path file;

    Config config() throws StartException {
      Config config = Configured.read(Optional.ofNullable(file), Optional.ofNullable(data));
      LogLines.install(config.log());
      return config;
    }
  }

  /** The stream of the ready line; from here on nothing else may be printed there. */
  static PrintStream readyLine() {
    PrintStream out = System.out;
    System.setOut(System.err);
    return out;
  }

  @CommandLine.Command(name = "up", description = "Everything in one process, empty.")
  static final class Up implements Callable<Integer> {
    @CommandLine.Mixin private final Told told = new Told();

    @Override
    public Integer call() throws StartException, InterruptedException {
      PrintStream out = readyLine();
      Clock clock = Clock.system();
      Serving.serve(told.config(), (config, data) -> AllInOne.start(config, data, clock), out);
      return 0;
    }
  }

  @CommandLine.Command(name = "control", description = "The control plane alone.")
  static final class ControlPlane implements Callable<Integer> {
    @CommandLine.Mixin private final Told told = new Told();

    @Override
    public Integer call() throws StartException, InterruptedException {
      PrintStream out = readyLine();
      Clock clock = Clock.system();
      Serving.serve(told.config(), (config, data) -> ControlRole.start(config, data, clock), out);
      return 0;
    }
  }

  /** What a server of a fleet is told. */
  static final class Fleet {
    @CommandLine.Mixin private final Told told = new Told();

    @CommandLine.Option(
        names = "--join",
        paramLabel = "TOKEN@HOST:PORT",
        description = "what `server add` printed; needed for the first start only")
    private @Nullable String join;

    Optional<String> join() {
      return Optional.ofNullable(join);
    }
  }

  @CommandLine.Command(name = "edge", description = "An edge of a fleet alone.")
  static final class EdgeServer implements Callable<Integer> {
    @CommandLine.Mixin private final Fleet fleet = new Fleet();

    @Override
    public Integer call() throws StartException, InterruptedException {
      PrintStream out = readyLine();
      Clock clock = Clock.system();
      Serving.serve(
          fleet.told.config(),
          (config, data) -> EdgeRole.start(config, data, fleet.join(), clock),
          out);
      return 0;
    }
  }

  @CommandLine.Command(name = "routing", description = "A DNS server of a fleet alone.")
  static final class RoutingServer implements Callable<Integer> {
    @CommandLine.Mixin private final Fleet fleet = new Fleet();

    @Override
    public Integer call() throws StartException, InterruptedException {
      PrintStream out = readyLine();
      Clock clock = Clock.system();
      Serving.serve(
          fleet.told.config(),
          (config, data) -> RoutingRole.start(config, data, fleet.join(), clock),
          out);
      return 0;
    }
  }
}
