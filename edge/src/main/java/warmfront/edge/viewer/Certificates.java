package warmfront.edge.viewer;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.internal.tcnative.SSL;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.step.ClientCheck;
import warmfront.time.Clock;

/**
 * The certificates that viewers are shown, chosen by the name they ask for: an alias has that of
 * its distribution, a name that the zone's are for has that one, and then a longer wildcard alias
 * comes before a shorter one. Exchanged while connections go on, which keep theirs. Thread-safe:
 * one atomic swap.
 */
public final class Certificates {
  private final Clock clock;
  private final RandomGenerator chance;
  private volatile Choice choice = Choice.NONE;

  /**
   * Makes a holder without certificates.
   *
   * @param chance for ticket keys: a {@link java.security.SecureRandom} but in tests
   */
  public Certificates(Clock clock, RandomGenerator chance) {
    this.clock = clock;
    this.chance = chance;
  }

  /**
   * Exchanges the zone's certificates, and those of some owners of names; the others stay as they
   * are.
   *
   * @param zone all of them: each is shown for its own id and for the DNS names in it; the first
   *     also to viewers who ask for no name, or for one that none covers
   * @param sites what some distributions and tenants have viewers shown from now on, by id; of an
   *     owner's a later one comes before an earlier one
   * @throws Unshown if a certificate or key cannot be read; nothing has changed
   */
  public synchronized void use(
      Collection<ZoneCertificate> zone, Map<String, List<SiteCertificate>> sites) {
    Choice.Edit edit = choice.edit(source -> new ShownCertificate(source, clock, chance));
    for (ZoneCertificate one : zone) {
      readable(one.id(), () -> edit.add(one));
    }
    sites.keySet().forEach(edit::remove);
    sites.forEach((owner, shown) -> readable(owner, () -> edit.add(owner, shown)));
    choice = edit.build();
  }

  private static void readable(String owner, Runnable adding) {
    try {
      adding.run();
    } catch (IllegalArgumentException e) {
      throw new Unshown(owner, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Returns the context of HTTP for a server name in lower case; null if there is no certificate at
   * all.
   *
   * @param http2 whether HTTP/2 is offered beside HTTP/1.1
   */
  @Nullable SslContext context(String serverName, boolean http2) {
    @Nullable ShownCertificate shown = choice.find(serverName);
    return shown == null ? null : shown.web(http2);
  }

  /**
   * Returns the context of HTTP for a server name in lower case whose viewers are asked who they
   * are; null if there is no certificate at all.
   *
   * @param http2 whether HTTP/2 is offered beside HTTP/1.1
   * @param check what is asked of their certificates
   */
  @Nullable SslContext context(String serverName, boolean http2, ClientCheck check) {
    @Nullable ShownCertificate shown = choice.find(serverName);
    return shown == null ? null : shown.asking(http2, check);
  }

  /**
   * Returns the server's side of TLS for a connection that does not speak HTTP, with the
   * certificate that viewers over HTTPS are shown for the name. No protocol within is agreed on
   * (RFC 7301), and no session can be resumed.
   *
   * @param serverName in lower case; empty if none was asked for
   * @return empty if there is no certificate at all
   */
  public Optional<SSLEngine> engine(String serverName) {
    return Optional.ofNullable(choice.find(serverName)).map(shown -> ticketless(shown.other()));
  }

  /** Players with librtmp take a ticket that comes after TLS 1.3's handshake for the end. */
  private static SSLEngine ticketless(SslContext context) {
    SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
    refuseTickets(engine);
    return engine;
  }

  /** Has a handshake neither give away nor take tickets by which its session could be resumed. */
  static void refuseTickets(SSLEngine engine) {
    SSL.setOptions(((ReferenceCountedOpenSslEngine) engine).sslPointer(), SSL.SSL_OP_NO_TICKET);
  }

  /**
   * Returns the context of QUIC: a handshake goes on with the certificate of the name that it asks
   * for, as {@link #context} has it, or is refused. Sessions can be resumed, but never with data in
   * the first flight, which anyone who heard it could send again (RFC 8446, section 8).
   *
   * @param isServed whether a name, in lower case, is served over HTTP/3
   */
  QuicSslContext quic(Predicate<String> isServed) {
    return QuicSslContextBuilder.buildForServerWithSni(
        name -> quic(name == null ? "" : Ascii.lower(name), isServed));
  }

  private @Nullable QuicSslContext quic(String serverName, Predicate<String> isServed) {
    @Nullable ShownCertificate shown = isServed.test(serverName) ? choice.find(serverName) : null;
    return shown == null ? null : shown.quic();
  }

  /** Returns which hosts the certificate covers that is shown for a server name in lower case. */
  Predicate<String> coverage(String serverName) {
    @Nullable ShownCertificate shown = choice.find(serverName);
    return shown == null ? _ -> false : shown::covers;
  }
}
