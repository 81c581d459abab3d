package warmfront.app.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.app.json.Json;

/**
 * Serves the operator: {@code /metrics} for Prometheus, {@code /healthz} (the process answers),
 * {@code /readyz} (200, or 503 with the reasons), {@code /status} and what rooms add. GET and HEAD
 * only, no key, nothing secret. Thread-safe.
 */
public final class OperatorServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorServer.class);

  /** Longest query that is read, in characters. */
  private static final int QUERY_CHARS_MAX = 1024;

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  /**
   * What a page answers.
   *
   * @param status of HTTP
   * @param type the media type
   * @param body in UTF-8
   */
  public record Answer(int status, String type, String body) {
    /** Returns a value as JSON. */
    public static Answer json(Object value) {
      return new Answer(200, JSON, Json.write(value) + "\n");
    }

    /** Returns a value as JSON, or outlined for a person if the query says {@code as=text}. */
    public static Answer shown(Map<String, String> query, Map<String, Object> value) {
      return "text".equals(query.get("as")) ? text(200, Outline.of(value)) : json(value);
    }

    /** Returns lines for a person. */
    public static Answer text(int status, String lines) {
      return new Answer(status, TEXT, lines.endsWith("\n") ? lines : lines + "\n");
    }
  }

  /** A page that a room adds. */
  public interface Page {
    /** Answers; {@code query} holds the decoded parameters, the last of each name. */
    Answer answer(Map<String, String> query);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Part> parts = new CopyOnWriteArrayList<>();

  private OperatorServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Listens; parts and pages are added as they come to be.
   *
   * @throws BindException if the port is taken; the message names it
   */
  public static OperatorServer open(InetSocketAddress listen) throws IOException {
    HttpServer http;
    try {
      http = HttpServer.create(listen, 0);
    } catch (BindException e) {
      BindException named =
          new BindException("the operator port cannot listen at " + listen + ": " + e.getMessage());
      named.initCause(e);
      throw named;
    }
    OperatorServer server = new OperatorServer(http);
    http.setExecutor(server.threads);
    server.page("/healthz", _ -> Answer.text(200, "ok"));
    server.page("/readyz", _ -> server.readiness());
    server.page("/metrics", _ -> server.metrics());
    server.page("/status", query -> Answer.shown(query, server.status()));
    server.page("/", _ -> Answer.text(404, "there is /metrics, /healthz, /readyz, /status"));
    http.start();
    return server;
  }

  /** Returns where it listens, with the real port. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Adds a part; its readiness counts from now. */
  public void add(Part part) {
    parts.add(part);
  }

  /** Adds a page. */
  public void page(String path, Page page) {
    server.createContext(path, exchange -> handle(exchange, page));
  }

  /** Returns every reason why the process is not ready, with the part's name before it. */
  public List<String> unready() {
    List<String> reasons = new ArrayList<>();
    for (Part part : parts) {
      part.unready().forEach(reason -> reasons.add(part.name() + ": " + reason));
    }
    return reasons;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private Answer readiness() {
    List<String> reasons = unready();
    if (!reasons.isEmpty()) {
      return Answer.text(503, String.join("\n", reasons));
    }
    List<String> lines = new ArrayList<>(List.of("ready"));
    parts.forEach(part -> part.notes().forEach(note -> lines.add(part.name() + ": " + note)));
    return Answer.text(200, String.join("\n", lines));
  }

  private Answer metrics() {
    Figures figures = new Figures();
    parts.forEach(part -> part.figures(figures));
    figures.gauge(
        "warmfront_ready", "1 if the process serves, else 0.", unready().isEmpty() ? 1 : 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    try {
      writer.write(out, figures.build());
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to be written", e);
    }
    return new Answer(200, writer.getContentType(), out.toString(UTF_8));
  }

  private Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    List<String> reasons = unready();
    status.put("ready", reasons.isEmpty());
    if (!reasons.isEmpty()) {
      status.put("reasons", reasons);
    }
    parts.forEach(part -> status.put(part.name(), part.status()));
    return status;
  }

  private static void handle(HttpExchange exchange, Page page) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange, page);
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static Answer answer(HttpExchange exchange, Page page) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.text(405, "GET and HEAD only");
    }
    try {
      return page.answer(query(exchange.getRequestURI().getRawQuery()));
    } catch (IllegalArgumentException e) {
      return Answer.text(400, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("the operator's {} failed", exchange.getRequestURI().getPath(), e);
      return Answer.text(500, "failed; see the log");
    }
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> found = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return found;
    }
    if (raw.length() > QUERY_CHARS_MAX) {
      throw new IllegalArgumentException("a query has at most " + QUERY_CHARS_MAX + " characters");
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      found.put(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
    }
    return found;
  }
}
