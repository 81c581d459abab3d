package warmfront.control.publish;

import io.grpc.Server;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.time.Clock;

/** Where servers of the fleet reach control. */
public final class FleetServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetServer.class);

  /** Largest message of a server, in bytes. */
  private static final int MESSAGE_MAX = 1 << 20;

  private static final int KEEPALIVE_SECONDS = 10;
  private static final int STREAMS_MAX = 16;

  private final Server server;
  private final ExecutorService threads;

  private FleetServer(Server server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * What control shows to servers, and whom it trusts.
   *
   * @param keys what is shown; asked for each connection, because it is renewed
   * @param ca whose servers are of the fleet
   */
  public record Tls(KeyManager keys, X509Certificate ca) {}

  /**
   * Listens for other processes: TLS 1.3, a certificate asked for, and needed for all but
   * enrolling.
   *
   * @throws IllegalStateException if the port is taken
   */
  public static FleetServer listen(
      InetSocketAddress address, Tls tls, Publisher publisher, Admission admission, Clock clock) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Server server =
          NettyServerBuilder.forAddress(address)
              .sslContext(
                  GrpcSslContexts.configure(SslContextBuilder.forServer(tls.keys()), provider())
                      .protocols(List.of("TLSv1.3"))
                      .trustManager(new FleetTrust(tls.ca()))
                      .clientAuth(ClientAuth.OPTIONAL)
                      .build())
              .executor(threads)
              .maxInboundMessageSize(MESSAGE_MAX)
              .maxConcurrentCallsPerConnection(STREAMS_MAX)
              .handshakeTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
              .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
              .keepAliveTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
              .permitKeepAliveTime(KEEPALIVE_SECONDS / 2, TimeUnit.SECONDS)
              .permitKeepAliveWithoutCalls(true)
              .addService(new FleetService(publisher, admission))
              .intercept(Peers.ofWire(clock))
              .build()
              .start();
      return new FleetServer(server, threads);
    } catch (IOException failed) {
      threads.close();
      throw new IllegalStateException(
          "control cannot listen on %s:%d; is the port taken?"
              .formatted(address.getHostString(), address.getPort()),
          failed);
    }
  }

  /**
   * When control was away, all servers shake hands at once with a JVM that is cold: BoringSSL needs
   * no warmth. Where it does not run, the JDK does.
   */
  private static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  /** Serves this process alone, under a name for gRPC's in-process transport. */
  public static FleetServer inProcess(String name, Publisher publisher, Admission admission) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Server server =
          InProcessServerBuilder.forName(name)
              .executor(threads)
              .addService(new FleetService(publisher, admission))
              .intercept(Peers.ofProcess())
              .build()
              .start();
      return new FleetServer(server, threads);
    } catch (IOException failed) {
      threads.close();
      throw new UncheckedIOException("the name is taken in this process: " + name, failed);
    }
  }

  /** Returns the port it listens on; -1 in process. */
  public int port() {
    return server.getPort();
  }

  /** Ends all streams and calls. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("calls of the fleet do not end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }
}
