package warmfront.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import warmfront.app.json.Json;
import warmfront.time.Clock;

/** A small origin whose answers change: {@code /api/time} says what time it is, uncacheably. */
public final class DynamicOrigin implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LongAdder requests = new LongAdder();
  private final Clock clock;

  private DynamicOrigin(HttpServer server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  /** Listens on loopback at a port that the system chooses. */
  public static DynamicOrigin open(Clock clock) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    DynamicOrigin origin = new DynamicOrigin(server, clock);
    server.setExecutor(origin.threads);
    server.createContext("/api/time", origin::time);
    server.start();
    return origin;
  }

  /** Returns the port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Returns how many requests came. */
  public long requests() {
    return requests.sum();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void time(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.increment();
      Map<String, Object> answer = new TreeMap<>();
      answer.put("time", clock.now().toString());
      answer.put("method", exchange.getRequestMethod());
      byte[] body = (Json.write(answer) + "\n").getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
