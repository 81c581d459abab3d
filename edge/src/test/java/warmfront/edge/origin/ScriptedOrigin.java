package warmfront.edge.origin;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An origin that does on each connection exactly what its script says, byte by byte. */
final class ScriptedOrigin implements AutoCloseable {
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** What an origin does on a connection. */
  interface Script {
    void run(Talk talk) throws IOException, InterruptedException;
  }

  ScriptedOrigin(Script script) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), script);
  }

  ScriptedOrigin(ServerSocket server, Script script) {
    this.server = server;
    var _ = threads.submit(() -> accept(script));
  }

  int port() {
    return server.getLocalPort();
  }

  /** Returns how many connections were opened so far. */
  int connections() {
    return connections.get();
  }

  /** Returns the heads of the requests so far. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private @Nullable Void accept(Script script) throws IOException {
    while (true) {
      Socket socket = server.accept();
      sockets.add(socket);
      int number = connections.incrementAndGet();
      var _ = threads.submit(() -> talk(script, socket, number));
    }
  }

  private @Nullable Void talk(Script script, Socket socket, int number)
      throws IOException, InterruptedException {
    try (socket) {
      script.run(new Talk(socket, number));
    }
    return null;
  }

  /** One connection, seen from the origin. */
  final class Talk {
    private final Socket socket;
    private final int number;

    private Talk(Socket socket, int number) {
      this.socket = socket;
      this.number = number;
    }

    /** Returns which connection this is, from 1. */
    int number() {
      return number;
    }

    /** Reads a request's head; null when the edge closes. */
    @Nullable String head() throws IOException {
      StringBuilder text = new StringBuilder();
      while (!text.toString().endsWith("\r\n\r\n")) {
        int c = socket.getInputStream().read();
        if (c < 0) {
          return null;
        }
        text.append((char) c);
      }
      heads.add(text.toString());
      return text.toString();
    }

    /** Returns the next line without its end. */
    String line() throws IOException {
      StringBuilder text = new StringBuilder();
      while (!text.toString().endsWith("\r\n")) {
        text.append((char) socket.getInputStream().read());
      }
      return text.substring(0, text.length() - 2);
    }

    byte[] bytes(int count) throws IOException {
      return socket.getInputStream().readNBytes(count);
    }

    /** Reads a chunked body to its end. */
    String chunked() throws IOException {
      StringBuilder text = new StringBuilder();
      while (true) {
        int size = Integer.parseInt(line(), 16);
        text.append(new String(bytes(size), StandardCharsets.ISO_8859_1));
        line();
        if (size == 0) {
          return text.toString();
        }
      }
    }

    void say(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /** Waits until the edge closes. */
    void untilClosed() throws IOException {
      try (InputStream in = socket.getInputStream()) {
        var _ = in.readAllBytes();
      }
    }

    void close() throws IOException {
      socket.close();
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Goes on over TLS; closing this connection itself then cuts TLS off. */
    Talk overTls(SSLContext context) throws IOException {
      SSLSocket secured =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, null, socket.getPort(), false);
      secured.setUseClientMode(false);
      return new Talk(secured, number);
    }

    /** Answers every request with this body until the edge closes. */
    void serve(String body) throws IOException {
      while (head() != null) {
        say("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
      }
    }
  }
}
