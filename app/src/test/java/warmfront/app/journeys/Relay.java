package warmfront.app.journeys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way from a server to control, which a test can cut and mend. Thread-safe. */
final class Relay implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final ServerSocket door;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private Relay(ServerSocket door, InetSocketAddress target) {
    this.door = door;
    this.target = target;
  }

  /** Listens on a free port. */
  static Relay to(InetSocketAddress target) throws IOException {
    Relay relay = new Relay(new ServerSocket(0, 50, LOOPBACK), target);
    Thread.ofVirtual().start(relay::accept);
    return relay;
  }

  String address() {
    return LOOPBACK.getHostAddress() + ":" + door.getLocalPort();
  }

  /** Ends what is open; whoever comes is turned away. */
  void cut() {
    cut = true;
    open.forEach(Relay::end);
  }

  void mend() {
    cut = false;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket near = door.accept();
        open.add(near);
        if (cut) {
          end(near);
        } else {
          Socket far = new Socket(target.getAddress(), target.getPort());
          open.add(far);
          Thread.ofVirtual().start(() -> pump(near, far));
          Thread.ofVirtual().start(() -> pump(far, near));
          if (cut) {
            open.forEach(Relay::end);
          }
        }
      } catch (IOException _) {
        // Control is not there, or the test is over: whoever asked sees a closed connection.
        open.forEach(Relay::end);
      }
    }
  }

  private void pump(Socket from, Socket to) {
    try (from;
        to) {
      long _ = from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // The connection was cut: both ends are closed here.
    } finally {
      open.remove(from);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException unclean) {
      throw new UncheckedIOException(unclean);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
      cut();
    } catch (IOException unclean) {
      throw new UncheckedIOException(unclean);
    }
  }
}
