package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * A browser without a window: it loads a page, or plays a stream with somebody's player, and its
 * page tells how that goes. The players are where {@code ./warmfront test --full} puts them.
 */
final class Chromium implements AutoCloseable {
  private static final String PROGRAM = "chromium";
  private static final Path PLAYERS =
      Program.home().resolve("app/target/players/node_modules").toAbsolutePath();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final Process process;

  private Chromium(HttpServer server, Path folder, String query) throws IOException {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    // Under the name that browsers take for secure, without which there is no Media Source.
    String page = "http://localhost:%d/?%s".formatted(server.getAddress().getPort(), query);
    process =
        new ProcessBuilder(
                PROGRAM,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--mute-audio",
                "--no-first-run",
                "--autoplay-policy=no-user-gesture-required",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile"),
                "--remote-debugging-port=0",
                page)
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile(folder, "chromium", ".log").toFile())
            .start();
    process.getOutputStream().close();
  }

  /** Says what is missing on this machine to watch with; empty if nothing is. */
  static Optional<String> missing() {
    if (!Tool.isThere(PROGRAM)) {
      return Optional.of("chromium is not installed");
    }
    return Files.isDirectory(PLAYERS)
        ? Optional.empty()
        : Optional.of("no players in " + PLAYERS + "; ./warmfront test --full fetches them");
  }

  /**
   * Returns a page as it is once all of it is loaded; skips the test where there is no browser.
   *
   * @param names hosts that are at an address, as {@code NAME ADDRESS}
   */
  static String page(Path folder, List<String> names, List<String> options, String url)
      throws Exception {
    assumeTrue(Tool.isThere(PROGRAM), "chromium is not installed");
    List<String> command =
        new ArrayList<>(
            List.of(
                PROGRAM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile"),
                "--host-resolver-rules="
                    + names.stream().map(name -> "MAP " + name).collect(joining(","))));
    command.addAll(options);
    command.addAll(List.of("--dump-dom", url));
    Tool.Said said = Tool.run(folder, Map.of(), command.toArray(String[]::new));
    assertThat(said.status()).as("%s%s", said.stdout(), said.stderr()).isZero();
    return said.stdout();
  }

  /**
   * Watches a stream.
   *
   * @param player hls, dash, smooth or flv; or file, for what the browser plays by itself, two
   *     seconds from its end on
   */
  static Chromium watch(Path folder, String player, String url) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    try {
      return new Chromium(
          server, folder, "player=%s&url=%s".formatted(player, URLEncoder.encode(url, UTF_8)));
    } catch (IOException e) {
      server.stop(0);
      throw e;
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/report")) {
        reports.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        exchange.sendResponseHeaders(204, -1);
      } else if (path.equals("/")) {
        try (InputStream page = Chromium.class.getResourceAsStream("player.html")) {
          send(exchange, "text/html", page);
        }
      } else {
        file(exchange, PLAYERS.resolve(path.replace("/players/", "")).normalize());
      }
    }
  }

  private static void file(HttpExchange exchange, Path file) throws IOException {
    if (!file.startsWith(PLAYERS) || !Files.isRegularFile(file)) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      send(exchange, "text/javascript", in);
    }
  }

  private static void send(HttpExchange exchange, String type, InputStream body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      body.transferTo(out);
    }
  }

  /** Returns everything that the page told, oldest first. */
  List<String> reports() {
    return List.copyOf(reports);
  }

  /** Returns the newest report; empty text before the first. */
  String report() {
    return reports.isEmpty() ? "" : reports.getLast();
  }

  /** Returns a number of a report; -1 if it is not there. */
  static double number(String report, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":(-?[0-9.]+)").matcher(report);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : -1;
  }

  /** Returns the numbers of a list in a report. */
  static DoubleStream numbers(String report, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\\[([0-9.,]+)]").matcher(report);
    return matcher.find()
        ? Pattern.compile(",").splitAsStream(matcher.group(1)).mapToDouble(Double::parseDouble)
        : DoubleStream.empty();
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    server.stop(0);
    threads.shutdownNow();
  }
}
