package warmfront.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * Where the measurement takes place.
 *
 * @param home the folder that this build stands in
 * @param folder a temporary one, for everything that servers write
 * @param network words that say which network it is
 * @param serverCore the core that servers run on
 * @param loadCore the core of load and origin, where this process is
 */
record Ground(Path home, Path folder, String network, int serverCore, int loadCore) {
  /** Below the ports that the kernel gives to clients, so that no connection holds a server's. */
  private static final int FIRST_PORT = 17_000;

  private static final int LAST_PORT = 19_999;

  /**
   * Returns the one that {@code bench/run} prepared and says in system properties.
   *
   * @param folder a temporary one
   */
  static Ground given(Path folder) {
    return new Ground(
        Path.of(System.getProperty("bench.home", ".")),
        folder,
        System.getProperty("bench.network", "loopback"),
        Integer.getInteger("bench.server.core", 0),
        Integer.getInteger("bench.load.core", 0));
  }

  Path certificate() {
    return folder.resolve("certificate.pem");
  }

  Path key() {
    return folder.resolve("key.pem");
  }

  /** Returns the first port from {@code from} that nobody listens on. */
  static int freePort(int from) throws IOException {
    for (int port = Math.max(from, FIRST_PORT); port <= LAST_PORT; port++) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException taken) {
        // the next one then
      }
    }
    throw new IOException("no free port from " + from + " to " + LAST_PORT);
  }
}
