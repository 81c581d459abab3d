package warmfront.app;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change the fleet, each one signed call of the API. */
final class FleetCommands {
  private FleetCommands() {}

  /** Adds the commands to the program. */
  static void addTo(CommandLine line) {
    CommandLine servers = new CommandLine(new Servers());
    servers.addSubcommand("drain", new ServerAct("draining"));
    servers.addSubcommand("activate", new ServerAct("active"));
    servers.addSubcommand("revoke", new ServerAct("revoked"));
    line.addSubcommand(new Locations());
    line.addSubcommand(servers);
    line.addSubcommand(new Texts());
    ChannelCommands.addTo(line);
    KeyCommands.addTo(line);
  }

  /** The edge locations. */
  @Command(
      name = "location",
      description = "Add, list or remove edge locations.",
      subcommands = {LocationAdd.class, LocationList.class, LocationRemove.class},
      mixinStandardHelpOptions = true)
  static final class Locations {}

  /** The servers. */
  @Command(
      name = "server",
      description = "Add, list, drain, activate, revoke or remove servers.",
      subcommands = {ServerAdd.class, ServerList.class, ServerRemove.class},
      mixinStandardHelpOptions = true)
  static final class Servers {}

  /** The texts of the zone. */
  @Command(
      name = "text",
      description = "Set, list or remove texts (TXT records) of the zone.",
      subcommands = {TextSet.class, TextList.class, TextRemove.class},
      mixinStandardHelpOptions = true)
  static final class Texts {}

  /** The settings of a call; one without a value is left out. */
  static final class Query {
    private final StringJoiner pairs = new StringJoiner("&", "?", "").setEmptyValue("");

    Query put(String name, @Nullable Object value) {
      if (value != null) {
        String text = URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
        pairs.add(name + "=" + text.replace("+", "%20"));
      }
      return this;
    }

    String text() {
      return pairs.toString();
    }
  }

  @Command(name = "add", description = "Add a location, or change the one of this code.")
  static final class LocationAdd implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "CODE", description = "Three capital letters, as FRA.")
    private String code = "";

    @Option(names = "--city", required = true)
    private String city = "";

    @Option(names = "--country", required = true, description = "Two capital letters, as DE.")
    private String country = "";

    @Option(names = "--latitude", required = true, description = "Degrees north.")
    private double latitude;

    @Option(names = "--longitude", required = true, description = "Degrees east.")
    private double longitude;

    @Option(names = "--price-class", description = "100, 200 or all.")
    private @Nullable String priceClass;

    @Option(names = "--capacity", paramLabel = "GBPS", description = "Gigabits per second.")
    private @Nullable Double capacity;

    @Option(names = "--parent", paramLabel = "CODE", description = "Whose cache it asks first.")
    private @Nullable String parent;

    @Override
    public Integer call() throws InterruptedException, StartException {
      Query query = new Query();
      query.put("city", city);
      query.put("country", country);
      query.put("latitude", latitude);
      query.put("longitude", longitude);
      query.put("price-class", priceClass);
      query.put("capacity-gbps", capacity);
      query.put("parent", parent);
      return caller.call("PUT", "/fleet/locations/" + code, query);
    }
  }

  @Command(name = "list", description = "List the locations.")
  static final class LocationList implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("GET", "/fleet/locations", new Query());
    }
  }

  @Command(name = "remove", description = "Remove a location that has no servers.")
  static final class LocationRemove implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "CODE")
    private String code = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("DELETE", "/fleet/locations/" + code, new Query());
    }
  }

  @Command(
      name = "add",
      description = "Register a server and print the one-time token by which it joins (15 min).")
  static final class ServerAdd implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "ID", description = "Lower-case letters, digits and dashes.")
    private String id = "";

    @Option(names = "--role", required = true, description = "edge or routing.")
    private String role = "";

    @Option(names = "--location", required = true, paramLabel = "CODE")
    private String location = "";

    @Option(
        names = "--listen",
        required = true,
        split = ",",
        description =
            "http://ADDRESS:PORT, https://...; rtmp:// and live:// for streaming; peer:// for other"
                + " edges of the location; dns://, heartbeat:// for DNS servers.")
    private List<String> listen = List.of();

    @Option(names = "--advertise", split = ",", description = "Addresses for DNS answers.")
    private List<String> advertise = List.of();

    @Option(names = "--weight", description = "0 to 255 (default 100).")
    private @Nullable Integer weight;

    @Override
    public Integer call() throws InterruptedException, StartException {
      Query query = new Query();
      query.put("role", role);
      query.put("location", location);
      listen.forEach(address -> query.put("listen", address));
      advertise.forEach(address -> query.put("advertise", address));
      query.put("weight", weight);
      return caller.call("PUT", "/fleet/servers/" + id, query);
    }
  }

  @Command(name = "list", description = "List the servers.")
  static final class ServerList implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("GET", "/fleet/servers", new Query());
    }
  }

  /** Puts a registered server into another state. */
  @Command(mixinStandardHelpOptions = true)
  static final class ServerAct implements Callable<Integer> {
    private final String state;

    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "ID")
    private String id = "";

    ServerAct(String state) {
      this.state = state;
    }

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("POST", "/fleet/servers/" + id, new Query().put("state", state));
    }
  }

  @Command(name = "remove", description = "Forget a server.")
  static final class ServerRemove implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "ID")
    private String id = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("DELETE", "/fleet/servers/" + id, new Query());
    }
  }

  @Command(name = "set", description = "Set all texts of a name, in place of those it has.")
  static final class TextSet implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(
        index = "0",
        paramLabel = "NAME",
        description = "As _acme-challenge.d1.cdn.example.net: in the zone, with an underscore.")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "VALUE")
    private List<String> values = List.of();

    @Override
    public Integer call() throws InterruptedException, StartException {
      Query query = new Query();
      values.forEach(value -> query.put("value", value));
      return caller.call("PUT", "/fleet/texts/" + name, query);
    }
  }

  @Command(name = "list", description = "List the texts.")
  static final class TextList implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("GET", "/fleet/texts", new Query());
    }
  }

  @Command(name = "remove", description = "Remove all texts of a name.")
  static final class TextRemove implements Callable<Integer> {
    @Mixin private Caller caller = new Caller();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException, StartException {
      return caller.call("DELETE", "/fleet/texts/" + name, new Query());
    }
  }
}
