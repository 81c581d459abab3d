package warmfront.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** A command whose name is settled but which this version does not have; says so. */
@CommandLine.Command(description = "(not in this version)")
final class NotYet implements Callable<Integer> {
  private final String name;

  @CommandLine.Unmatched private List<String> ignored = List.of();

  NotYet(String name) {
    this.name = name;
  }

  @Override
  public Integer call() {
    System.err.println("warmfront: " + name + " is not in this version (" + Main.VERSION + ")");
    return Main.USAGE;
  }
}
