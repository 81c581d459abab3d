package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.edge.step.Place;
import warmfront.time.ManualClock;

/** Viewers' sockets on loopback, one plain and one with TLS, before a {@link Site}. */
final class Edge implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Location FRANKFURT =
      new Location(
          "FRA", "Frankfurt", "DE", 50.1, 8.7, PriceClass.PRICE_CLASS_100, 1, Optional.empty());

  final Site site = new Site();
  final ManualClock clock = new ManualClock(Instant.parse("2026-05-04T03:02:01Z"));
  final Certificates certificates = new Certificates(clock, new SplittableRandom(1));
  final TestAuthority authority = new TestAuthority();
  final Viewers viewers;
  final InetSocketAddress plain;
  final InetSocketAddress secure;

  Edge() throws Exception {
    this(Limits.standard(), true);
  }

  Edge(Limits limits, boolean epoll) throws Exception {
    this(limits, epoll, listener(true));
  }

  private Edge(Limits limits, boolean epoll, Listener withTls) throws Exception {
    viewers = new Viewers(limits, clock, new SplittableRandom(2), 2, epoll);
    List<InetSocketAddress> addresses =
        viewers.start(List.of(listener(false), withTls), site, certificates);
    plain = addresses.get(0);
    secure = addresses.get(1);
  }

  /** Starts one for a test class to keep; it has no certificate yet. */
  static Edge started() {
    try {
      return new Edge();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts one that shows viewers over TLS a certificate for a.example. */
  static Edge trusted() {
    Edge edge = started();
    try {
      edge.certificates.use(List.of(edge.authority.certificate("a.example")), Map.of());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return edge;
  }

  /** Starts one that speaks HTTP/3, too, with a certificate for a.example and tcp.example. */
  static Edge http3(Limits limits) {
    try {
      Listener usual = listener(true);
      Edge edge = new Edge(limits, true, new Listener(usual.address(), usual.place(), true));
      edge.certificates.use(
          List.of(edge.authority.certificate("a.example", "a.example", "tcp.example")), Map.of());
      return edge;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static Listener listener(boolean secure) {
    return new Listener(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new Place(FRANKFURT, secure, 8443));
  }

  Wire wire() throws IOException {
    return new Wire(plain);
  }

  /** Connects a viewer that speaks HTTP/2. */
  Frames frames(byte[] settings) throws Exception {
    return new Frames(socket(), settings, true);
  }

  /** Connects a viewer that trusts the authority; the handshake has not begun. */
  SSLSocket socket() throws Exception {
    return socket(authority.trusting());
  }

  /** The same for a viewer that keeps its sessions in {@code context}. */
  SSLSocket socket(SSLContext context) throws Exception {
    return (SSLSocket)
        context.getSocketFactory().createSocket(secure.getAddress(), secure.getPort());
  }

  /** Waits until something that happens on a loop has happened. */
  static void await(BooleanSupplier condition) throws TimeoutException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("waited for " + PATIENCE);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Lets time pass, and has the edge look whether a viewer takes too long. */
  void pass(Duration time) {
    clock.advance(time);
    viewers.sweep();
  }

  /** Ends, and checks that nothing is held any more. */
  @Override
  public void close() {
    viewers.close();
    assertThat(site.tracked.live()).as("slices still pinned").isZero();
    assertThat(viewers.counters().open())
        .as("connections still open: %s", viewers.counters())
        .isZero();
  }
}
