package warmfront.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The servers that run now. Thread-safe: the end of the process may come at any moment. */
final class Running implements AutoCloseable {
  private final List<Server> servers = new ArrayList<>();

  synchronized Server start(Peer peer, Ground ground, int originPort, boolean logged)
      throws IOException {
    return start(peer, ground, originPort, Map.of("LOG", logged ? "1" : "0"));
  }

  synchronized Server start(Peer peer, Ground ground, int originPort, Map<String, String> settings)
      throws IOException {
    Server server = Server.start(peer, ground, originPort, settings);
    servers.add(server);
    return server;
  }

  /** Ends them all. */
  @Override
  public synchronized void close() throws IOException {
    for (Server server : servers) {
      server.close();
    }
    servers.clear();
  }
}
