package warmfront.routing.dns;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.routing.dns.DnsCounters.Transport;
import warmfront.time.Clock;

/**
 * Answers the connections of one TCP port (RFC 7766): a virtual thread for each, queries in the
 * order in which they come, as many as the client cares to send ahead. {@link #closeOverdue} ends
 * connections that stand still, in reading or in writing.
 */
final class TcpListener {
  private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
  private static final int LENGTH_BYTES = 2;

  private final ServerSocket server;
  private final Shared shared;
  private final DnsLimits limits;
  private final DnsCounters counters;
  private final Clock clock;
  private final Thread thread;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Map<InetAddress, Integer> byClient = new ConcurrentHashMap<>();

  TcpListener(ServerSocket server, Shared shared) {
    this.server = server;
    this.shared = shared;
    this.limits = shared.limits();
    this.counters = shared.counters();
    this.clock = shared.clock();
    this.thread = Thread.ofPlatform().name("dns-tcp").unstarted(this::accept);
  }

  void start() {
    thread.start();
  }

  /** Takes no more connections; those that are open go on. */
  void stopAccepting() throws IOException {
    server.close();
  }

  boolean isIdle() {
    return connections.isEmpty();
  }

  void closeAll() {
    connections.forEach(Connection::close);
  }

  /** Closes connections that got nowhere for longer than the limit. */
  void closeOverdue() {
    long now = clock.nanos();
    for (Connection connection : connections) {
      if (now - connection.movedNanos >= limits.connections().idle().toNanos()) {
        connection.close();
      }
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        admit(server.accept());
      } catch (IOException | RuntimeException failed) {
        if (!server.isClosed()) {
          counters.failures.increment();
          LOG.warn("a DNS connection could not be accepted", failed);
        }
      }
    }
  }

  private void admit(Socket socket) {
    Connection connection = new Connection(socket, clock.nanos());
    int ofClient = byClient.merge(connection.address, 1, Integer::sum);
    connections.add(connection);
    if (ofClient > limits.connections().perClientMax()) {
      refuse(connection);
      return;
    }
    if (connections.size() > limits.connections().max()) {
      // Those who hold connections without a use for them do not keep out those who have one.
      connections.stream()
          .min(Comparator.comparingLong(one -> one.movedNanos - connection.movedNanos))
          .ifPresent(this::refuse);
    }
    Thread.ofVirtual().name("dns-tcp-connection").start(() -> serve(connection));
  }

  private void refuse(Connection connection) {
    counters.connectionsRefused.increment();
    end(connection);
  }

  private void end(Connection connection) {
    connection.close();
    if (connections.remove(connection)) {
      byClient.computeIfPresent(
          connection.address, (_, count) -> count > 1 ? Integer.valueOf(count - 1) : null);
    }
  }

  private void serve(Connection connection) {
    try {
      connection.serve();
    } catch (IOException over) {
      // A connection ends when either side ends it; there is nothing to tell.
    } catch (RuntimeException failed) {
      counters.failures.increment();
      LOG.warn("a DNS query over TCP failed", failed);
    } finally {
      end(connection);
    }
  }

  private final class Connection {
    private final Socket socket;
    private final InetAddress address;
    private volatile long movedNanos;

    Connection(Socket socket, long nanos) {
      this.socket = socket;
      this.address = socket.getInetAddress();
      this.movedNanos = nanos;
    }

    void serve() throws IOException {
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      OutputStream out = socket.getOutputStream();
      Responder responder = new Responder(shared);
      Client client = new Client();
      client.set(address);
      byte[] message = new byte[limits.messages().queryBytesMax()];
      byte[] framed = new byte[LENGTH_BYTES + DnsLimits.REPLY_BYTES_MAX];
      while (true) {
        int length;
        try {
          length = in.readUnsignedShort();
        } catch (EOFException done) {
          return;
        }
        if (length > message.length) {
          counters.silent.increment();
          return;
        }
        in.readFully(message, 0, length);
        responder.readClock();
        int size = responder.respond(message, length, client, Transport.TCP);
        if (size == 0) {
          return; // what is no query is no client of ours
        }
        framed[0] = (byte) (size >> 8);
        framed[1] = (byte) size;
        System.arraycopy(responder.reply(), 0, framed, LENGTH_BYTES, size);
        // One write: length and message in one segment (RFC 7766, section 8).
        out.write(framed, 0, LENGTH_BYTES + size);
        movedNanos = clock.nanos();
      }
    }

    void close() {
      try {
        socket.close();
      } catch (IOException already) {
        LOG.debug("a DNS connection did not close", already);
      }
    }
  }
}
