package warmfront.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import warmfront.http.ByteRange;
import warmfront.http.Ranges;

/**
 * A bucket with one film in it, under every key. Of each answer it sends so much, and the rest when
 * it is told to. Remembers what it was asked, and counts. Thread-safe.
 */
final class FilmBucket implements AutoCloseable {
  private static final int PIECE = 16 << 10;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final byte[] film;
  private final long firstBytes;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private final CountDownLatch rest = new CountDownLatch(1);

  /** A request, with the fields that say which part is wanted, of which version, and by whom. */
  record Asked(String range, String ifRange, String authorization) {
    long first() {
      return Long.parseLong(range.substring("bytes=".length(), range.indexOf('-')));
    }
  }

  /**
   * Opens it at a port that the system chooses.
   *
   * @param firstBytes what it sends of each answer before it waits
   */
  FilmBucket(byte[] film, long firstBytes) throws IOException {
    this.film = film.clone();
    this.firstBytes = firstBytes;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Returns what it was asked, in order. */
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** Returns how many bytes of films were sent. */
  long sent() {
    return sent.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = field(exchange, "Range");
      asked.add(new Asked(range, field(exchange, "If-Range"), field(exchange, "Authorization")));
      ByteRange part = ((Ranges.Part) Ranges.of(range, film.length)).range();
      String is = "bytes %d-%d/%d".formatted(part.first(), part.last(), film.length);
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      exchange.getResponseHeaders().set("Content-Range", is);
      exchange.sendResponseHeaders(206, part.length());
      send(exchange.getResponseBody(), part);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String field(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }

  private void send(OutputStream out, ByteRange part) throws IOException, InterruptedException {
    for (long at = part.first(); at <= part.last(); at += PIECE) {
      if (at - part.first() >= firstBytes) {
        rest.await();
      }
      int count = (int) Math.min(PIECE, part.last() + 1 - at);
      out.write(film, (int) at, count);
      out.flush();
      sent.addAndGet(count);
    }
  }

  @Override
  public void close() {
    rest.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
