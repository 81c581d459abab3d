package warmfront.app.journeys;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ports that nobody holds, TCP and UDP; each is given once. Not thread-safe. */
final class Ports {
  private static final int TRIES_MAX = 100;

  private final Set<Integer> given = new HashSet<>();

  /** Returns a port that is free at 127.0.0.1. */
  int free() throws IOException {
    return free(List.of("127.0.0.1"));
  }

  /** Returns a port that is free at each of {@code addresses}. */
  int free(List<String> addresses) throws IOException {
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = any();
      if (isFree(port, addresses) && given.add(port)) {
        return port;
      }
    }
    throw new IOException("no port is free at " + addresses);
  }

  private static int any() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean isFree(int port, List<String> addresses) {
    for (String address : addresses) {
      try (ServerSocket stream = new ServerSocket();
          DatagramSocket datagrams = new DatagramSocket(null)) {
        InetSocketAddress socket = new InetSocketAddress(InetAddress.ofLiteral(address), port);
        stream.bind(socket);
        datagrams.bind(socket);
      } catch (IOException _) {
        return false;
      }
    }
    return true;
  }
}
