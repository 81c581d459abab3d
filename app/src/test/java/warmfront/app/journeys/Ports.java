package warmfront.app.journeys;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody holds, TCP and UDP; each is given once, whoever asks. They lie below those that
 * Linux takes for connections by itself (32768 and up), so that none is lost before it is listened
 * at.
 */
final class Ports {
  private static final int TRIES_MAX = 100;
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_000;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  /** Returns a port that is free at 127.0.0.1. */
  int free() throws IOException {
    return free(List.of("127.0.0.1"));
  }

  /** Returns a port that is free at each of {@code addresses}. */
  int free(List<String> addresses) throws IOException {
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port, addresses) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IOException("no port is free at " + addresses);
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
