package warmfront.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import warmfront.http.ByteRange;
import warmfront.http.Ranges;
import warmfront.time.Clock;

/**
 * The bucket that films come from: {@code /media/NAME-ANYTHING.mp4} is the file {@code NAME.mp4} of
 * a folder, so that there is always one that nobody has seen. Sends at most so much a second over
 * all connections, and counts.
 */
final class FilmOrigin implements AutoCloseable {
  /** A quarter of what a socket's buffer takes: the count is what has left, or nearly. */
  private static final int PIECE = 16 << 10;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path folder;
  private final Clock clock;
  private final Map<String, byte[]> films = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final ReentrantLock pacing = new ReentrantLock();
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private long freeAtNanos;

  FilmOrigin(Clock clock, Path folder, int port) throws IOException {
    this.clock = clock;
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
    server.setExecutor(threads);
    server.createContext("/media/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** From now on it sends so much a second. */
  void pace(long bytes) {
    bytesPerSecond = bytes;
  }

  /** Returns how many requests came, so far. */
  long requests() {
    return requests.get();
  }

  /** Returns how many bytes of films were sent, so far. */
  long sent() {
    return sent.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      String name = exchange.getRequestURI().getPath().substring("/media/".length());
      byte[] film = film(name.replaceFirst("-[^.]*", ""));
      String asked = exchange.getRequestHeaders().getFirst("Range");
      exchange.getResponseHeaders().set("ETag", "\"1\"");
      Ranges ranges = asked == null ? new Ranges.Whole() : Ranges.of(asked, film.length);
      if (ranges instanceof Ranges.Part(ByteRange part)) {
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                "bytes %d-%d/%d".formatted(part.first(), part.last(), film.length));
        exchange.sendResponseHeaders(206, part.length());
        send(exchange, film, (int) part.first(), (int) part.last() + 1);
      } else {
        exchange.sendResponseHeaders(200, film.length);
        send(exchange, film, 0, film.length);
      }
    }
  }

  private byte[] film(String name) throws IOException {
    byte[] read = films.get(name);
    if (read == null) {
      read = Files.readAllBytes(folder.resolve(Path.of(name).getFileName()));
      films.put(name, read);
    }
    return read;
  }

  private void send(HttpExchange exchange, byte[] film, int from, int to) throws IOException {
    try (OutputStream out = exchange.getResponseBody()) {
      for (int at = from; at < to; at += PIECE) {
        int count = Math.min(PIECE, to - at);
        await(count);
        out.write(film, at, count);
        out.flush();
        sent.addAndGet(count);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it is the turn of so many bytes more. */
  private void await(int count) throws InterruptedException {
    long rate = bytesPerSecond;
    if (rate == Long.MAX_VALUE) {
      return;
    }
    long turn;
    pacing.lock();
    try {
      turn = Math.max(freeAtNanos, clock.nanos());
      freeAtNanos = turn + count * 1_000_000_000L / rate;
    } finally {
      pacing.unlock();
    }
    TimeUnit.NANOSECONDS.sleep(turn - clock.nanos());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
