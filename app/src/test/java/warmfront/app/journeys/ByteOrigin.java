package warmfront.app.journeys;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import warmfront.http.ByteRange;
import warmfront.http.Ranges;

/**
 * An origin that makes up objects of any length: {@code /1073741824/name} is one of a gibibyte. It
 * gives parts, counts what it sends, and waits with its answer where it was told to. Thread-safe.
 */
final class ByteOrigin implements AutoCloseable {
  private static final int PIECE = 16 << 10;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Count> counts = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

  /** What was asked for and sent of one path. */
  private record Count(AtomicInteger requests, AtomicLong bytes, AtomicInteger cutOff) {}

  private ByteOrigin(HttpServer server) {
    this.server = server;
  }

  /** Opens one at a port that the system chooses. */
  static ByteOrigin open() throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    ByteOrigin origin = new ByteOrigin(HttpServer.create(new InetSocketAddress(loopback, 0), 0));
    origin.server.setExecutor(origin.threads);
    origin.server.createContext("/", origin::answer);
    origin.server.start();
    return origin;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Has requests for {@code path} wait until {@link #release}. */
  void hold(String path) {
    held.put(path, new CountDownLatch(1));
  }

  /** Answers those that wait, and does not hold others. */
  void release(String path) {
    held(path).countDown();
  }

  /** Returns how often {@code path} was asked for. */
  int requests(String path) {
    return count(path).requests().get();
  }

  /** Returns how many bytes of {@code path} were sent, over all requests. */
  long bytes(String path) {
    return count(path).bytes().get();
  }

  /** Returns how often an answer for {@code path} was not wanted to its end. */
  int cutOff(String path) {
    return count(path).cutOff().get();
  }

  private CountDownLatch held(String path) {
    return held.getOrDefault(path, new CountDownLatch(0));
  }

  private Count count(String path) {
    return counts.computeIfAbsent(
        path, _ -> new Count(new AtomicInteger(), new AtomicLong(), new AtomicInteger()));
  }

  /** Returns a byte of any object. */
  static char at(long position) {
    return (char) ('a' + position * 31 % 1009 % 26);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      Count count = count(path);
      count.requests().incrementAndGet();
      held(path).await();
      long length = Long.parseLong(path.split("/", 3)[1]);
      String asked = exchange.getRequestHeaders().getFirst("Range");
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      exchange.getResponseHeaders().set("Cache-Control", "max-age=3600");
      if (asked != null && Ranges.of(asked, length) instanceof Ranges.Part(ByteRange part)) {
        String is = "bytes %d-%d/%d".formatted(part.first(), part.last(), length);
        exchange.getResponseHeaders().set("Content-Range", is);
        exchange.sendResponseHeaders(206, part.length());
        send(exchange.getResponseBody(), part, count);
      } else {
        exchange.sendResponseHeaders(200, length);
        send(exchange.getResponseBody(), new ByteRange(0, length - 1), count);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(OutputStream out, ByteRange part, Count count) throws IOException {
    try {
      write(out, part, count);
    } catch (IOException e) {
      count.cutOff().incrementAndGet();
      throw e;
    }
  }

  private static void write(OutputStream out, ByteRange part, Count count) throws IOException {
    byte[] piece = new byte[PIECE];
    for (long from = part.first(); from <= part.last(); from += PIECE) {
      int size = (int) Math.min(PIECE, part.last() + 1 - from);
      for (int i = 0; i < size; i++) {
        piece[i] = (byte) at(from + i);
      }
      out.write(piece, 0, size);
      count.bytes().addAndGet(size);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
