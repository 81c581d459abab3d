package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/**
 * A control plane, edges and DNS servers, each a process with a folder of its own, known to one
 * another by addresses and tokens only. Every port is a free one. Not thread-safe but for what
 * asks.
 */
final class Fleet implements AutoCloseable {
  private static final String CONTROL = "control";
  private static final String LATENCIES = "latencies.csv";

  /** Where edges may be: all of them listen at one port. */
  static final List<String> ADDRESSES =
      IntStream.rangeClosed(2, 21).mapToObj(i -> "127.0.0." + i).toList();

  private final Path folder;
  private final Ports ports = new Ports();
  private final int httpPort;
  private final Map<String, Settings> settings = new HashMap<>();
  private final Map<String, String> roles = new HashMap<>();
  private final Map<String, String> tokens = new HashMap<>();
  private final Map<String, InetSocketAddress> dns = new HashMap<>();
  private final Map<String, Program> programs = new LinkedHashMap<>();
  private final Map<String, Relay> relays = new LinkedHashMap<>();
  private final Map<String, Path> earlier = new HashMap<>();
  private Map<String, Object> controlReady = Map.of();

  private Fleet(Path folder) throws IOException {
    this.folder = folder;
    this.httpPort = ports.free(ADDRESSES);
  }

  /** Starts a control plane alone. */
  static Fleet begin(Path folder) throws Exception {
    return begin(folder, Map.of());
  }

  /**
   * Starts a control plane alone.
   *
   * @param more further settings of it
   */
  static Fleet begin(Path folder, Map<String, String> more) throws Exception {
    Fleet fleet = new Fleet(folder);
    RolesApartJourney.latencies(folder.resolve(LATENCIES));
    try {
      Settings own =
          new Settings(
              Map.of(
                  "api.listen",
                  fleet.own(),
                  "link.listen",
                  fleet.own(),
                  "operator.listen",
                  fleet.own(),
                  "zone.ttl",
                  "1 s",
                  "link.lease",
                  "2 s"));
      for (Map.Entry<String, String> one : more.entrySet()) {
        own = own.with(one.getKey(), one.getValue());
      }
      fleet.settings.put(CONTROL, own);
      fleet.roles.put(CONTROL, CONTROL);
      fleet.startControl();
      return fleet;
    } catch (Exception | AssertionError failed) {
      fleet.close();
      throw failed;
    }
  }

  private String own() throws IOException {
    return "127.0.0.1:" + ports.free();
  }

  void startControl() throws Exception {
    Program control = launch(CONTROL, CONTROL);
    programs.put(CONTROL, control);
    controlReady = control.ready();
  }

  /** Lets a server that is not started yet reach control by a way that can be cut. */
  Relay relay(String id) throws IOException {
    String[] link = text("link").split(":", -1);
    Relay relay =
        Relay.to(new InetSocketAddress(InetAddress.ofLiteral(link[0]), Integer.parseInt(link[1])));
    relays.put(id, relay);
    return relay;
  }

  /** Has a server be of a version with these classes in the place of ours, whenever it starts. */
  void earlier(String id, Path classes) {
    earlier.put(id, classes);
  }

  /** Has a server be of this version when it starts the next time. */
  void upgrade(String id) {
    earlier.remove(id);
  }

  /**
   * Adds locations, the first as an operator does, the others with the same calls without a JVM for
   * each. Where they lie does not matter: the table of round-trip times decides.
   */
  void locations(String first, String... further) throws Exception {
    run(
        "location",
        "add",
        first,
        "--city",
        first,
        "--country",
        "DE",
        "--latitude",
        "50",
        "--longitude",
        "8");
    for (String code : further) {
      registerLocation(code);
    }
  }

  /** Adds one with the same call. */
  void registerLocation(String code) throws Exception {
    registerLocation(code, 50, 8);
  }

  /** Adds one at a place on earth. */
  void registerLocation(String code, double latitude, double longitude) throws Exception {
    put(
        "/fleet/locations/%s?country=DE&latitude=%s&longitude=%s"
            .formatted(code, latitude, longitude));
  }

  /** Registers an edge as an operator does. */
  void addEdge(String id, String location, String address) throws Exception {
    roles.put(id, "edge");
    String token =
        run(
            "server",
            "add",
            id,
            "--role",
            "edge",
            "--location",
            location,
            "--listen",
            "http://" + address + ":" + httpPort,
            "--advertise",
            address);
    tokens.put(id, token.strip());
  }

  /** Registers an edge with the same call. */
  void registerEdge(String id, String location, String address) throws Exception {
    roles.put(id, "edge");
    register(
        id,
        "role=edge&location=%s&listen=http://%s:%d&advertise=%s"
            .formatted(location, address, httpPort, address));
  }

  /** Registers an edge that others of its location may ask. */
  void registerNeighbour(String id, String location, String address) throws Exception {
    roles.put(id, "edge");
    register(
        id,
        "role=edge&location=%s&listen=http://%s:%d&listen=peer://%s:%d&advertise=%s"
            .formatted(
                location, address, httpPort, address, ports.free(List.of(address)), address));
  }

  /**
   * Where an edge streams.
   *
   * @param rtmp for viewers and publishers
   * @param live for whoever fetches channels
   */
  record Stage(InetSocketAddress rtmp, InetSocketAddress live) {}

  /** Registers an edge that speaks RTMP and serves channels. */
  Stage registerStage(String id, String location, String address) throws Exception {
    roles.put(id, "edge");
    InetAddress at = InetAddress.ofLiteral(address);
    int rtmp = ports.free(List.of(address));
    int live = ports.free(List.of(address));
    register(
        id,
        "role=edge&location=%s&listen=http://%s:%d&listen=rtmp://%s:%d&listen=live://%s:%d&advertise=%s"
            .formatted(location, address, httpPort, address, rtmp, address, live, address));
    return new Stage(new InetSocketAddress(at, rtmp), new InetSocketAddress(at, live));
  }

  /** Returns the authority that proves the names of the zone. */
  Path authority() {
    return folder.resolve(CONTROL).resolve("ca.pem");
  }

  void registerDns(String id, String location) throws Exception {
    roles.put(id, "routing");
    int port = ports.free();
    dns.put(id, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    register(
        id,
        "role=routing&location=%s&listen=dns://127.0.0.1:%d&listen=heartbeat://%s"
            .formatted(location, port, own()));
  }

  private void register(String id, String query) throws Exception {
    String escaped = query.replace(":", "%3A").replace("/", "%2F");
    tokens.put(id, put("/fleet/servers/" + id + "?" + escaped).strip());
  }

  /** Returns what {@code server add} printed. */
  String token(String id) {
    return tokens.getOrDefault(id, "");
  }

  /** Starts servers side by side and waits until each is ready. */
  void startAll(boolean join, String... ids) throws Exception {
    for (String id : ids) {
      String role = roles.getOrDefault(id, "");
      programs.put(id, join ? launch(role, id, "--join", token(id)) : launch(role, id));
    }
    for (String id : ids) {
      assertThat(program(id).ready()).containsEntry("server", id);
    }
  }

  /** Starts a process of a role in the folder of that name; the caller sees to its end. */
  Program launch(String role, String name, String... more) throws IOException {
    Settings own = settings.get(name);
    if (own == null) {
      Relay relay = relays.get(name);
      own =
          new Settings(
              Map.of(
                  "link.control",
                  relay == null ? text("link") : relay.address(),
                  "operator.listen",
                  own(),
                  "edge.memory",
                  "16 MiB",
                  "edge.disk",
                  "64 MiB",
                  "edge.loops",
                  "1",
                  "origins.privateAllowed",
                  "127.0.0.0/8",
                  "geography.latencies",
                  folder.resolve(LATENCIES).toString()));
      settings.put(name, own);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                role,
                "--config",
                own.write(folder.resolve(name + ".yaml")).toString(),
                "--data",
                folder.resolve(name).toString()));
    command.addAll(List.of(more));
    return Program.start(options(name), folder, command.toArray(String[]::new));
  }

  /** What is of an earlier version comes before the classes of this one. */
  private List<String> options(String name) {
    @Nullable Path before = earlier.get(name);
    return before == null
        ? Training.options()
        : List.of("-cp", before + File.pathSeparator + System.getProperty("java.class.path"));
  }

  /** Kills a process as kill -9 does. */
  void kill(String name) throws InterruptedException {
    program(name).kill();
  }

  Program program(String name) {
    Program program = programs.get(name);
    if (program == null) {
      throw new IllegalArgumentException("not started: " + name);
    }
    return program;
  }

  /** Runs a command against this fleet's API to its end and returns what it printed. */
  String run(String... args) throws Exception {
    try (Program program = command(args)) {
      String out = program.stdout();
      assertThat(program.exit()).as(program.stderr()).isZero();
      return out;
    }
  }

  /** Runs a command that asks control's operator port to its end and returns what it printed. */
  String ask(String command) throws Exception {
    URI operator = operator(CONTROL);
    try (Program program = Program.start(folder, command, "--operator", operator.toString())) {
      String out = program.stdout();
      assertThat(program.exit()).as(program.stderr()).isZero();
      return out;
    }
  }

  /** Runs a command that is refused to its end and returns what it said on stderr. */
  String refused(String... args) throws Exception {
    try (Program program = command(args)) {
      assertThat(program.exit()).isEqualTo(1);
      assertThat(program.stdout()).isEmpty();
      return program.stderr();
    }
  }

  private Program command(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(args));
    command.addAll(List.of("--api", text("api"), "--data", folder.resolve(CONTROL).toString()));
    return Program.start(folder, command.toArray(String[]::new));
  }

  /** Returns the lines of {@code server list}. */
  String list() throws Exception {
    return call("GET", "/fleet/servers");
  }

  private String put(String target) throws Exception {
    return call("PUT", target);
  }

  private String call(String method, String target) throws Exception {
    try (SignedHttp http = signed()) {
      HttpResponse<byte[]> answer = http.send(method, target, Fields.empty(), new byte[0]);
      String text = new String(answer.body(), UTF_8);
      assertThat(answer.statusCode()).as(text).isEqualTo(200);
      return text;
    }
  }

  Api api() {
    return new Api(signed());
  }

  private SignedHttp signed() {
    return SignedHttp.api(
        URI.create(text("api")),
        new Credentials(text("access_key_id"), text("secret_access_key")),
        Clock.system());
  }

  private String text(String field) {
    return String.valueOf(controlReady.get(field));
  }

  InetSocketAddress dns(String id) {
    InetSocketAddress address = dns.get(id);
    if (address == null) {
      throw new IllegalArgumentException("no DNS server " + id);
    }
    return address;
  }

  int httpPort() {
    return httpPort;
  }

  /** Has DNS servers that are started from now on answer by another table of round-trip times. */
  void latencies(String rows) throws IOException {
    Files.writeString(folder.resolve(LATENCIES), rows);
  }

  /** Gets a page of a server's operator port. */
  HttpResponse<String> page(String name, String target) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(operator(name).resolve(target)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
    }
  }

  private URI operator(String name) {
    Settings own = settings.getOrDefault(name, new Settings(Map.of()));
    return URI.create("http://" + own.value("operator.listen"));
  }

  @Override
  public void close() {
    programs.values().forEach(Program::close);
    relays.values().forEach(Relay::close);
  }
}
