package warmfront.bench;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** An origin whose answers are made for each request: no cache may keep them. */
final class DynamicOrigin implements AutoCloseable {
  private static final int BODY_BYTES = 1024;
  private static final byte[] ANSWER =
      ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-store\r\nContent-Length: "
              + BODY_BYTES
              + "\r\n\r\n"
              + "x".repeat(BODY_BYTES))
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket plain;
  private final ServerSocket secure;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LongAdder plainConnections = new LongAdder();
  private final LongAdder secureConnections = new LongAdder();

  /** Listens on all addresses, at {@code port} without and at the next one with TLS. */
  DynamicOrigin(Ground ground, int port) throws IOException {
    var tls =
        (JdkSslContext)
            SslContextBuilder.forServer(ground.certificate().toFile(), ground.key().toFile())
                .sslProvider(SslProvider.JDK)
                .build();
    plain = new ServerSocket(port);
    secure = tls.context().getServerSocketFactory().createServerSocket(port + 1);
    threads.execute(() -> accept(plain, plainConnections));
    threads.execute(() -> accept(secure, secureConnections));
  }

  int securePort() {
    return secure.getLocalPort();
  }

  /** Returns how many connections came without TLS, so far. */
  long plainConnections() {
    return plainConnections.sum();
  }

  /** Returns how many connections came with TLS, so far. */
  long secureConnections() {
    return secureConnections.sum();
  }

  private void accept(ServerSocket listener, LongAdder connections) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.increment();
        threads.execute(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (readHead(in)) {
        socket.getOutputStream().write(ANSWER);
      }
    } catch (IOException gone) {
      // a viewer that has what it wanted
    }
  }

  /** Reads up to an empty line; false at the end of the stream. */
  private static boolean readHead(InputStream in) throws IOException {
    int ends = 0;
    while (ends < 2) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    plain.close();
    secure.close();
    threads.shutdownNow();
  }
}
