package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.app.call.SignedHttp;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/**
 * {@code warmfront up} in a folder of its own: every port a free one, five locations at 127.0.0.1
 * to 127.0.0.5, small budgets. Ended with {@link #close}; can be ended and started again on the
 * same data.
 */
final class Warmfront implements AutoCloseable {
  /** Where the locations are, by their codes. */
  static final Map<String, String> LOCATIONS = locations();

  private final Path folder;
  private final Settings settings;
  private final Path config;

  private Program program;
  private Map<String, Object> ready;

  private Warmfront(Path folder, Settings settings) throws IOException, InterruptedException {
    this.folder = folder;
    this.settings = settings;
    this.config = settings.write(folder.resolve("warmfront.yaml"));
    this.program = launch();
    this.ready = awaitReady();
  }

  private static Map<String, String> locations() {
    Map<String, String> all = new LinkedHashMap<>();
    List<String> codes = List.of("CMH", "FRA", "NRT", "GRU", "SYD");
    codes.forEach(code -> all.put(code, "127.0.0." + (all.size() + 1)));
    return all;
  }

  /**
   * Starts one and waits until it serves.
   *
   * @param folder an empty one; the data goes to {@code data} in it
   * @param more further settings, or others than the usual
   */
  static Warmfront up(Path folder, Map<String, String> more)
      throws IOException, InterruptedException {
    Settings settings = Settings.ofUp(new Ports(), List.copyOf(LOCATIONS.values()));
    for (Map.Entry<String, String> one : more.entrySet()) {
      settings = settings.with(one.getKey(), one.getValue());
    }
    return new Warmfront(folder, settings);
  }

  private Program launch() throws IOException {
    return Program.start(folder, "up", "--data", data().toString(), "--config", config.toString());
  }

  private Map<String, Object> awaitReady() throws InterruptedException {
    try {
      return program.ready();
    } catch (InterruptedException | AssertionError | RuntimeException failed) {
      program.close();
      throw failed;
    }
  }

  /** Starts it again on the same data with the same configuration; it must have ended. */
  void restart() throws IOException, InterruptedException {
    program.close();
    program = launch();
    ready = awaitReady();
  }

  /** Asks it to end and returns its exit status. */
  int sigterm() throws InterruptedException {
    return program.sigterm();
  }

  /** Kills it as kill -9 does. */
  void kill() throws InterruptedException {
    program.kill();
  }

  /** Returns the process that runs now. */
  Program program() {
    return program;
  }

  /** Returns the fields of the ready line. */
  Map<String, Object> readyLine() {
    return ready;
  }

  /** Runs another command of the program to its end. */
  Program run(String... args) throws IOException {
    return Program.start(folder, args);
  }

  Path folder() {
    return folder;
  }

  Path data() {
    return folder.resolve("data");
  }

  Path config() {
    return config;
  }

  Settings settings() {
    return settings;
  }

  URI api() {
    return URI.create(text("api"));
  }

  URI s3() {
    return URI.create(text("s3"));
  }

  URI operator() {
    return URI.create("http://" + settings.value("operator.listen"));
  }

  /** Returns where its DNS server is: host and port of the ready line. */
  InetSocketAddress dns() {
    URI uri = URI.create("dns://" + text("dns"));
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  Credentials key() {
    return new Credentials(text("access_key_id"), text("secret_access_key"));
  }

  int httpPort() {
    return Integer.parseInt(settings.value("viewers.http"));
  }

  int httpsPort() {
    return Integer.parseInt(settings.value("viewers.https"));
  }

  /** Returns where viewers of a location connect for HTTP. */
  InetSocketAddress http(String location) {
    return new InetSocketAddress(at(location), httpPort());
  }

  /** Returns where viewers of a location connect for HTTPS. */
  InetSocketAddress https(String location) {
    return new InetSocketAddress(at(location), httpsPort());
  }

  private static String at(String location) {
    String address = LOCATIONS.get(location);
    if (address == null) {
      throw new IllegalArgumentException("no location " + location);
    }
    return address;
  }

  /** Calls the API with the ready line's key. The caller closes it. */
  SignedHttp callApi() {
    return SignedHttp.api(api(), key(), Clock.system());
  }

  /** Calls the embedded S3 with the ready line's key. The caller closes it. */
  SignedHttp callS3() {
    return SignedHttp.s3(s3(), "us-east-1", key(), Clock.system());
  }

  /** Gets a page of the operator port. */
  HttpResponse<String> page(String target) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(operator().resolve(target)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
    }
  }

  /** Returns a metric of the operator port, summed over its labels. */
  double figure(String name) throws IOException, InterruptedException {
    Matcher matcher =
        Pattern.compile("(?m)^" + name + "(?:\\{[^}]*})? ([0-9.E]+)$")
            .matcher(page("/metrics").body());
    double sum = 0;
    while (matcher.find()) {
      sum += Double.parseDouble(matcher.group(1));
    }
    return sum;
  }

  private String text(String field) {
    if (ready.get(field) instanceof String text) {
      return text;
    }
    throw new AssertionError("the ready line has no " + field + ": " + ready.keySet());
  }

  @Override
  public void close() {
    program.close();
  }
}
