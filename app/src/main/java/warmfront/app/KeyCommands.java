package warmfront.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import warmfront.app.FleetCommands.Query;
import warmfront.app.json.Json;

/**
 * The commands of users and their access keys, each one call of the API that the root key signs.
 */
final class KeyCommands {
  private static final String USERS = "/fleet/users";
  private static final String KEYS = "/fleet/keys";
  private static final Pattern KEY_ID = Pattern.compile("AKIA[A-Z2-7]{16}");

  private KeyCommands() {}

  /** Adds the commands to the program. */
  static void addTo(CommandLine line) {
    CommandLine keys = new CommandLine(new Keys());
    keys.addSubcommand("activate", new Change("active"));
    keys.addSubcommand("deactivate", new Change("inactive"));
    line.addSubcommand(keys);
  }

  /** The users and their keys. */
  @Command(
      name = "keys",
      description =
          "Create, list, show, delete users of the API and what they may do; rotate, activate,"
              + " deactivate, delete their keys.",
      subcommands = {
        Create.class,
        ListAll.class,
        Show.class,
        Permit.class,
        Rotate.class,
        Delete.class
      },
      mixinStandardHelpOptions = true)
  static final class Keys {}

  /** What a user may do. */
  static final class Granted {
    @Option(
        names = "--policy",
        paramLabel = "FILE|NAME",
        description =
            "A policy in IAM's JSON, or AdministratorAccess, CloudFrontFullAccess or"
                + " CloudFrontReadOnlyAccess. May be given again; one FILE at most.")
    private List<String> policies = List.of();

    @Option(
        names = "--allow",
        paramLabel = "ACTION",
        split = ",",
        description = "An action, as cloudfront:CreateInvalidation, in place of a FILE.")
    private List<String> actions = List.of();

    @Option(
        names = "--on",
        paramLabel = "ARN",
        split = ",",
        description = "What the actions of --allow may be done to (default: everything).")
    private List<String> resources = List.of("*");

    /** Sends it, with a call. */
    int call(Caller caller, String method, String name)
        throws InterruptedException, StartException {
      Query query = new Query();
      List<String> documents = new ArrayList<>();
      for (String policy : policies) {
        Path file = Path.of(policy);
        if (Files.exists(file)) {
          documents.add(read(file));
        } else {
          query.put("policy", policy);
        }
      }
      if (!actions.isEmpty()) {
        documents.add(allowing(actions, resources));
      }
      if (documents.size() > 1) {
        throw new StartException("a user has one policy of its own: one FILE, or --allow");
      }
      return caller.call(method, USERS + "/" + name, query, String.join("", documents));
    }

    private static String read(Path file) throws StartException {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new StartException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
      }
    }

    private static String allowing(List<String> actions, List<String> resources) {
      Map<String, Object> statement = new LinkedHashMap<>();
      statement.put("Effect", "Allow");
      statement.put("Action", actions);
      statement.put("Resource", resources);
      Map<String, Object> policy = new LinkedHashMap<>();
      policy.put("Version", "2012-10-17");
      policy.put("Statement", List.of(statement));
      return Json.write(policy);
    }
  }

  @Command(name = "create", description = "Create a user and print its key's secret, once.")
  static final class Create implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();
    @Mixin private Granted granted = new Granted();

    @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits and _+=,.@-")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return granted.call(caller, "PUT", name);
    }
  }

  @Command(name = "permit", description = "Say anew what a user may do, in place of all before.")
  static final class Permit implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();
    @Mixin private Granted granted = new Granted();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return granted.call(caller, "POST", name);
    }
  }

  @Command(name = "list", description = "List the users and their keys.")
  static final class ListAll implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("GET", USERS, new Query());
    }
  }

  @Command(name = "show", description = "Show a user's keys and what it may do.")
  static final class Show implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("GET", USERS + "/" + name, new Query());
    }
  }

  @Command(
      name = "rotate",
      description = "Give a user a second key and print its secret, once; the first still works.")
  static final class Rotate implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("POST", USERS + "/" + name, new Query().put("key", "new"));
    }
  }

  @Command(name = "delete", description = "Delete a key, or a user with its keys.")
  static final class Delete implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "KEY-ID|NAME")
    private String which = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      String root = KEY_ID.matcher(which).matches() ? KEYS : USERS;
      return caller.call("DELETE", root + "/" + which, new Query());
    }
  }

  /** Says whether a key may be used. */
  @Command(mixinStandardHelpOptions = true)
  static final class Change implements Callable<Integer> {
    private final String state;

    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "KEY-ID")
    private String id = "";

    Change(String state) {
      this.state = state;
    }

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("POST", KEYS + "/" + id, new Query().put("state", state));
    }
  }
}
