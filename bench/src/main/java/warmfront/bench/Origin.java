package warmfront.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import warmfront.time.Clock;

/**
 * The origin before which all servers stand: cacheable bodies of the size that the path names.
 * {@code /s/SIZE} is one object, {@code /u/SIZE/NAME} any number of them, {@code /slow/SIZE/NAME}
 * comes after a second, {@code /fed/SIZE/NAME} at 50 MB per second. Counts what it is asked.
 */
final class Origin implements AutoCloseable {
  /** How long {@code /slow} waits. */
  static final Duration SLOWNESS = Duration.ofSeconds(1);

  private static final int BACKLOG = 4096;
  private static final int CHUNK = 512 * 1024;
  private static final long FED_BYTES_PER_SECOND = 50_000_000;

  private final Clock clock;
  private final ServerSocket listener = new ServerSocket();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LongAdder asked = new LongAdder();
  private final Map<String, Long> fedSince = new ConcurrentHashMap<>();
  private final byte[] chunk = new byte[CHUNK];

  /** Listens on {@code port} of the loopback address. */
  Origin(Clock clock, int port, RandomGenerator random) throws IOException {
    this.clock = clock;
    random.nextBytes(chunk);
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    threads.execute(this::accept);
  }

  /** Returns how many requests came, so far. */
  long asked() {
    return asked.sum();
  }

  /** Returns when the first byte for a {@code /fed} path was sent, by the clock. */
  Optional<Long> fedSince(String path) {
    return Optional.ofNullable(fedSince.get(path));
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        threads.execute(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 4096);
      OutputStream out = socket.getOutputStream();
      for (String path = path(in); !path.isEmpty(); path = path(in)) {
        asked.increment();
        answer(path, out);
      }
    } catch (IOException gone) {
      // a server that is ended breaks its connections off: nothing to do
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads one request to its empty line and returns its path; empty at the end of the stream. */
  private static String path(InputStream in) throws IOException {
    String first = line(in);
    for (String next = first; !next.isEmpty(); ) {
      next = line(in);
    }
    String[] words = first.split(" ", 3);
    return words.length == 3 ? words[1] : "";
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private void answer(String path, OutputStream out) throws IOException, InterruptedException {
    String[] parts = path.split("/", 4);
    String kind = parts.length > 2 ? parts[1] : "";
    long size = parts.length > 2 ? size(parts[2]) : -1;
    if (size < 0) {
      out.write(head("404 Not Found", 0));
      return;
    }
    if (kind.equals("slow")) {
      Thread.sleep(SLOWNESS);
    }
    boolean fed = kind.equals("fed");
    if (fed) {
      fedSince.putIfAbsent(path, clock.nanos());
    }
    byte[] head = head("200 OK", size);
    if (size <= 64 * 1024) {
      byte[] all = new byte[head.length + (int) size];
      System.arraycopy(head, 0, all, 0, head.length);
      System.arraycopy(chunk, 0, all, head.length, (int) size);
      out.write(all);
      return;
    }
    out.write(head);
    body(size, fed, out);
  }

  private void body(long size, boolean fed, OutputStream out)
      throws IOException, InterruptedException {
    long begin = clock.nanos();
    for (long sent = 0; sent < size; sent += CHUNK) {
      long dueNanos = begin + sent * 1_000_000_000 / FED_BYTES_PER_SECOND;
      if (fed && clock.nanos() < dueNanos) {
        Thread.sleep(Duration.ofNanos(dueNanos - clock.nanos()));
      }
      out.write(chunk, 0, (int) Math.min(CHUNK, size - sent));
    }
  }

  private static byte[] head(String status, long size) {
    return ("HTTP/1.1 "
            + status
            + "\r\nContent-Type: application/octet-stream\r\n"
            + "Cache-Control: max-age=86400\r\nETag: \""
            + size
            + "\"\r\n"
            + "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
            + "Content-Length: "
            + size
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the bytes that {@code 1k}, {@code 100m} … mean; -1 if it is not a size. */
  static long size(String word) {
    if (!word.matches("[0-9]{1,4}[km]?")) {
      return -1;
    }
    long unit = word.endsWith("k") ? 1 << 10 : word.endsWith("m") ? 1 << 20 : 1;
    return Long.parseLong(word.replaceAll("[km]", "")) * unit;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
