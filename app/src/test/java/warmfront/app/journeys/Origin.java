package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An origin that says what it was told to say, and counts. Thread-safe. */
final class Origin implements AutoCloseable {
  /** The field in which it expects its secret. */
  static final String SECRET_FIELD = "X-Origin-Secret";

  /** The field in which it lists cache tags. */
  static final String TAG_FIELD = "Cache-Tag";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final Map<String, String> tags = new ConcurrentHashMap<>();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final Map<String, String> bodies = new ConcurrentHashMap<>();
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();

  /** What is said; the body of a POST is repeated behind {@code body}. */
  private record Reply(int status, String cacheControl, String body) {}

  /** A request as it came; fields without regard to case, lines of one name joined. */
  record Asked(String target, Map<String, String> fields) {
    /** Returns a field; empty text if it is not there. */
    String field(String name) {
      return fields.getOrDefault(name, "");
    }
  }

  private Origin(HttpServer server) {
    this.server = server;
  }

  /** Opens one at a port that the system chooses. */
  static Origin open() throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    Origin origin = new Origin(HttpServer.create(new InetSocketAddress(loopback, 0), 0));
    origin.server.setExecutor(origin.threads);
    origin.server.createContext("/", origin::answer);
    origin.server.start();
    return origin;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** From now on {@code path} is answered so. */
  Origin says(String path, int status, String cacheControl, String body) {
    replies.put(path, new Reply(status, cacheControl, body));
    return this;
  }

  /** From now on answers for {@code path} have these cache tags. */
  void tags(String path, String listed) {
    tags.put(path, listed);
  }

  /** Returns how often {@code path} was asked for. */
  int count(String path) {
    return counts.getOrDefault(path, 0);
  }

  /** Returns the body that came last with a request for {@code path}. */
  String received(String path) {
    return bodies.getOrDefault(path, "");
  }

  /** Returns the secret that came last with a request for {@code path}. */
  String secret(String path) {
    return secrets.getOrDefault(path, "");
  }

  /** Returns the request that came last for {@code path}. */
  Asked asked(String path) {
    return Objects.requireNonNull(asked.get(path), path);
  }

  private static Asked read(HttpExchange exchange) {
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> fields.put(name, String.join(", ", values)));
    return new Asked(exchange.getRequestURI().toString(), fields);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      counts.merge(path, 1, Integer::sum);
      asked.put(path, read(exchange));
      List<String> secret = exchange.getRequestHeaders().get(SECRET_FIELD);
      secrets.put(path, secret == null ? "" : String.join(",", secret));
      bodies.put(path, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      Reply reply = replies.getOrDefault(path, new Reply(404, "", "not here"));
      if (!reply.cacheControl().isEmpty()) {
        exchange.getResponseHeaders().set("Cache-Control", reply.cacheControl());
      }
      if (tags.containsKey(path)) {
        exchange.getResponseHeaders().set(TAG_FIELD, tags.get(path));
      }
      String type = path.endsWith(".html") ? "text/html" : "text/plain";
      exchange.getResponseHeaders().set("Content-Type", type);
      byte[] body = reply.body().getBytes(UTF_8);
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(reply.status(), isHead ? -1 : body.length);
      if (!isHead) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** From now on nobody listens at the port. */
  void stop() {
    server.stop(0);
    threads.close();
  }

  @Override
  public void close() {
    stop();
  }
}
