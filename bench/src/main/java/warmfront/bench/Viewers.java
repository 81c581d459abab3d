package warmfront.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import warmfront.time.Clock;

/**
 * Keep-alive viewers of one server over HTTP/1.1, each with one request at a time, all on the
 * caller's thread. Bodies are dropped inside the kernel, so that the load never bounds the server.
 * They stay connected until closed.
 */
final class Viewers implements AutoCloseable {
  private static final int HEAD_BYTES_MAX = 8 * 1024;
  private static final int DROP_BYTES_MAX = 1 << 20;
  private static final int EVENTS_MAX = 256;
  private static final int WAIT_MILLIS = 20;
  private static final int OK = 200;

  private final Clock clock;
  private final int port;
  private final Arena arena = Arena.ofConfined();
  private final Linux linux = new Linux(arena, EVENTS_MAX);
  private final MemorySegment request = arena.allocate(HEAD_BYTES_MAX);
  private final MemorySegment received = arena.allocate(HEAD_BYTES_MAX);
  private final MemorySegment dropped = arena.allocate(DROP_BYTES_MAX);
  private final Connection[] connections;
  private final int readiness;

  private Asks asks = Asks.fixed("/");
  private long mayStill;
  private long done;
  private long bytes;
  private long errors;
  private long firstByteNanos;

  /** One viewer: what it has read of the head, and what is to come of the body. */
  private static final class Connection {
    int socket = -1;
    byte[] head = new byte[512];
    int headBytes;
    boolean asking;
    boolean inBody;
    long bodyLeft;
  }

  /** Connects {@code count} viewers to {@code port} of this machine. */
  Viewers(Clock clock, int port, int count) throws IOException {
    this.clock = clock;
    this.port = port;
    this.connections = new Connection[count];
    this.readiness = check(linux.readiness(), "epoll");
    for (int i = 0; i < count; i++) {
      connections[i] = new Connection();
    }
    try {
      for (int i = 0; i < count; i++) {
        connect(i);
      }
    } catch (IOException failed) {
      close();
      throw failed;
    }
  }

  /** Every viewer asks again and again until {@code limit} has passed. */
  Load run(Asks wanted, Duration limit) throws IOException {
    return run(wanted, Long.MAX_VALUE, limit);
  }

  /** The same, with at most {@code requests} in all; ends when the last of them is answered. */
  Load run(Asks wanted, long requests, Duration limit) throws IOException {
    asks = wanted;
    mayStill = requests;
    done = bytes = errors = firstByteNanos = 0;
    long begin = clock.nanos();
    long end = begin + limit.toNanos();
    for (int i = 0; i < connections.length; i++) {
      ask(i);
    }
    while (done < requests && clock.nanos() < end) {
      int events = linux.await(readiness, WAIT_MILLIS);
      if (events != Linux.INTERRUPTED) {
        check(events, "epoll_wait");
      }
      for (int n = 0; n < events; n++) {
        receive(linux.index(n));
      }
    }
    return new Load(done, bytes, errors, (double) (clock.nanos() - begin) / 1e9, firstByteNanos);
  }

  private void connect(int index) throws IOException {
    Connection connection = connections[index];
    connection.socket = check(linux.connect(port), "connect");
    check(linux.watch(readiness, connection.socket, index), "epoll_ctl");
  }

  private void ask(int index) throws IOException {
    Connection connection = connections[index];
    connection.asking = mayStill > 0;
    if (!connection.asking) {
      return;
    }
    mayStill--;
    connection.headBytes = 0;
    connection.inBody = false;
    byte[] next = asks.next();
    MemorySegment.copy(next, 0, request, JAVA_BYTE, 0, next.length);
    long sent = linux.send(connection.socket, request, next.length);
    if (sent != next.length) {
      throw new IOException("a request could not be sent: " + sent);
    }
  }

  private void receive(int index) throws IOException {
    Connection connection = connections[index];
    long count =
        connection.inBody
            ? linux.drop(connection.socket, dropped, Math.min(connection.bodyLeft, DROP_BYTES_MAX))
            : linux.receive(connection.socket, received, HEAD_BYTES_MAX);
    if (count == Linux.AGAIN) {
      return;
    }
    if (count <= 0) {
      closed(index, count);
      return;
    }
    if (firstByteNanos == 0) {
      firstByteNanos = clock.nanos();
    }
    bytes += count;
    if (connection.inBody) {
      connection.bodyLeft -= count;
    } else {
      readHead(connection, (int) count);
    }
    if (connection.inBody && connection.bodyLeft == 0) {
      done++;
      ask(index);
    }
  }

  private void readHead(Connection connection, int count) throws IOException {
    int have = connection.headBytes;
    if (have + count > connection.head.length) {
      byte[] larger = new byte[Math.max(have + count, HEAD_BYTES_MAX)];
      System.arraycopy(connection.head, 0, larger, 0, have);
      connection.head = larger;
    }
    MemorySegment.copy(received, JAVA_BYTE, 0, connection.head, have, count);
    connection.headBytes += count;
    Optional<Head> head = Head.of(connection.head, connection.headBytes);
    if (head.isEmpty()) {
      if (connection.headBytes > HEAD_BYTES_MAX) {
        throw new IOException("a response head of more than " + HEAD_BYTES_MAX + " bytes");
      }
      return;
    }
    Head complete = head.get();
    if (complete.bodyBytes() < 0) {
      throw new IOException("a response without Content-Length, status " + complete.status());
    }
    if (complete.status() != OK) {
      errors++;
    }
    connection.inBody = true;
    connection.bodyLeft = complete.bodyBytes() - (connection.headBytes - complete.bytes());
    if (connection.bodyLeft < 0) {
      throw new IOException("more bytes than Content-Length says");
    }
  }

  /** A server may close between two requests, and then the viewer comes again; never within one. */
  private void closed(int index, long result) throws IOException {
    Connection connection = connections[index];
    if (connection.asking && (connection.inBody || connection.headBytes > 0)) {
      throw new IOException("the server closed within a response: " + result);
    }
    linux.close(connection.socket);
    connect(index);
    if (connection.asking) {
      mayStill++;
      ask(index);
    }
  }

  private static int check(int result, String call) throws IOException {
    if (result < 0) {
      throw new IOException(call + " failed: errno " + -result);
    }
    return result;
  }

  @Override
  public void close() {
    for (Connection connection : connections) {
      if (connection.socket >= 0) {
        linux.close(connection.socket);
      }
    }
    linux.close(readiness);
    arena.close();
  }
}
