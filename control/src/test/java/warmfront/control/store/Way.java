package warmfront.control.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The way to a server, which may go silent: connections stand, and nothing comes through. */
public final class Way implements AutoCloseable {
  private final ServerSocket listening;
  private final int port;
  private final List<Carried> carried = new CopyOnWriteArrayList<>();

  private Way(ServerSocket listening, int port) {
    this.listening = listening;
    this.port = port;
  }

  /** Opens a way to a port of this machine. */
  public static Way to(int port) throws IOException {
    Way way = new Way(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofVirtual().start(way::accept);
    return way;
  }

  /** Returns where it begins. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Returns how many connections were ever made. */
  public int connections() {
    return carried.size();
  }

  /** Lets nothing through on the connections that stand; new ones work. */
  public void silence() {
    carried.forEach(one -> one.silent = true);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Carried one : carried) {
      one.client.close();
      one.server.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        Carried one = new Carried(client, server);
        carried.add(one);
        Thread.ofVirtual().start(() -> one.carry(client, server));
        Thread.ofVirtual().start(() -> one.carry(server, client));
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private static final class Carried {
    private final Socket client;
    private final Socket server;
    private volatile boolean silent;

    Carried(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void carry(Socket from, Socket to) {
      byte[] buffer = new byte[8192];
      try (InputStream in = from.getInputStream();
          OutputStream out = to.getOutputStream()) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!silent) {
            out.write(buffer, 0, read);
            out.flush();
          }
        }
      } catch (IOException closed) {
        // the end
      }
    }
  }
}
