package warmfront.app;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import warmfront.app.FleetCommands.Query;

/** The commands of live channels, each one signed call of the API. */
final class ChannelCommands {
  private static final String PATH = "/fleet/channels";

  private ChannelCommands() {}

  /** Adds the commands to the program. */
  static void addTo(CommandLine line) {
    CommandLine channels = new CommandLine(new Channels());
    channels.addSubcommand("enable", new Change("enabled", "true"));
    channels.addSubcommand("disable", new Change("enabled", "false"));
    channels.addSubcommand("rotate", new Change("key", "new"));
    line.addSubcommand(channels);
  }

  /** The live channels. */
  @Command(
      name = "channel",
      description =
          "Create, list, show, enable, disable, record, remove live channels; rotate a key.",
      subcommands = {Create.class, ListAll.class, Show.class, SetRecording.class, Remove.class},
      mixinStandardHelpOptions = true)
  static final class Channels {}

  @Command(name = "create", description = "Create a channel and print its stream key, once.")
  static final class Create implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "NAME", description = "1 to 63 lower-case letters, digits, dashes.")
    private String name = "";

    @Option(names = "--location", required = true, paramLabel = "CODE", description = "Its home.")
    private String location = "";

    @Option(
        names = "--part",
        paramLabel = "MILLIS",
        description = "A part's length, 100 and up (default 250).")
    private @Nullable Integer part;

    @Option(
        names = "--segment",
        paramLabel = "MILLIS",
        description = "A segment's length, 1000 to 10000 (default 2000).")
    private @Nullable Integer segment;

    @Option(
        names = "--record",
        paramLabel = "BUCKET[/PREFIX]",
        description = "The bucket to record it to, by its domain name.")
    private @Nullable String record;

    @Override
    public Integer call() throws InterruptedException, StartException {
      Query query = new Query();
      query.put("location", location);
      query.put("record", record);
      query.put("part-millis", part);
      query.put("segment-millis", segment);
      return caller.call("PUT", PATH + "/" + name, query);
    }
  }

  @Command(name = "list", description = "List the channels.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("GET", PATH, new Query());
    }
  }

  @Command(name = "show", description = "Show where a channel is published and played.")
  static final class Show implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("GET", PATH + "/" + name, new Query());
    }
  }

  @Command(name = "remove", description = "Remove a channel.")
  static final class Remove implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("DELETE", PATH + "/" + name, new Query());
    }
  }

  @Command(name = "record", description = "Record a channel to a bucket from now on, or no more.")
  static final class SetRecording implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(index = "0", paramLabel = "NAME")
    private String name = "";

    @Parameters(
        index = "1",
        paramLabel = "BUCKET[/PREFIX]|off",
        description = "The bucket by its domain name, or off.")
    private String where = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("POST", PATH + "/" + name, new Query().put("record", where));
    }
  }

  /** Changes one setting of a channel. */
  @Command(mixinStandardHelpOptions = true)
  static final class Change implements Callable<Integer> {
    private final String setting;
    private final String value;

    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    Change(String setting, String value) {
      this.setting = setting;
      this.value = value;
    }

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("POST", PATH + "/" + name, new Query().put(setting, value));
    }
  }
}
