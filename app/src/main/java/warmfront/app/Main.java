package warmfront.app;

import picocli.CommandLine;

/** The program: reads the command line and does what it says. */
@CommandLine.Command(
    name = "warmfront",
    version = Main.VERSION,
    mixinStandardHelpOptions = true,
    description = "A content delivery network that anyone can run.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "./warmfront test [MODULE] [--full] runs the tests, ./warmfront bench NAME measures.",
      "Read on in README.md and docs/."
    })
public final class Main {
  /** The version that the build has. */
  static final String VERSION = "0.1.0";

  private Main() {}

  /** Runs a command; serving ones end with the process. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.addSubcommand(new ServeCommands.Up());
    line.addSubcommand(new ServeCommands.ControlPlane());
    line.addSubcommand(new ServeCommands.EdgeServer());
    line.addSubcommand(new ServeCommands.RoutingServer());
    line.addSubcommand(new AskCommands.Status());
    line.addSubcommand(new AskCommands.Route());
    line.addSubcommand(new AskCommands.Explain());
    line.addSubcommand(new AskCommands.Hosts());
    line.addSubcommand(new AskCommands.Examine());
    FleetCommands.addTo(line);
    line.addSubcommand(new BackupCommands.Export());
    line.addSubcommand(new BackupCommands.Import());
    line.addSubcommand(new ApplyCommand());
    line.addSubcommand(new DemoCommand());
    line.addSubcommand(new CommandLine.HelpCommand());
    line.setExecutionExceptionHandler((failure, command, _) -> {
      if (failure instanceof StartException) {
        System.err.println("warmfront: " + failure.getMessage());
        return 1;
      }
      throw failure;
    });
    return line;
  }
}
