package warmfront.edge.viewer;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.internal.tcnative.SSL;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ZoneCertificate;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.viewer.ShownCertificate.Source;
import warmfront.time.Clock;

/**
 * The certificates that viewers are shown, chosen by the name they ask for: an alias has that of
 * its distribution, a name that the zone's are for has that one, and then a longer wildcard alias
 * comes before a shorter one. Exchanged while connections go on, which keep theirs. Thread-safe:
 * one atomic swap.
 */
public final class Certificates {
  private static final String WILDCARD = "*.";

  private final Clock clock;
  private final RandomGenerator chance;
  private volatile Choice choice = new Choice(Map.of(), Map.of(), Map.of(), Map.of(), null);

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
   * Puts these certificates in the place of the last.
   *
   * @param zone each is shown for its own id and for the DNS names in it; the first also to viewers
   *     who ask for no name, or for one that none covers
   * @param sites those of distributions and tenants; a later one comes before an earlier one
   * @throws IllegalArgumentException if a certificate or key cannot be read; nothing has changed
   */
  public synchronized void use(
      Collection<ZoneCertificate> zone, Collection<SiteCertificate> sites) {
    Map<Source, ShownCertificate> known = choice.bySource;
    Map<Source, ShownCertificate> bySource = new HashMap<>();
    Map<String, ShownCertificate> byName = new HashMap<>();
    Map<String, ShownCertificate> own = new HashMap<>();
    @Nullable ShownCertificate first = null;
    for (ZoneCertificate one : zone) {
      String name = Ascii.lower(one.id());
      Source source = new Source(name, name, one.chainPem(), one.keyPem(), TlsRules.ZONE);
      ShownCertificate shown = bySource.computeIfAbsent(source, made -> shown(known, made));
      shown.names().forEach(any -> byName.putIfAbsent(any, shown));
      own.put(name, shown);
      first = first == null ? shown : first;
    }
    byName.putAll(own);
    Map<String, ShownCertificate> aliases = new HashMap<>();
    Map<String, ShownCertificate> wildcards = new HashMap<>();
    for (SiteCertificate site : sites) {
      Source source =
          new Source(
              site.certificate().id(),
              "",
              site.certificate().chainPem(),
              site.certificate().keyPem(),
              TlsRules.of(site.policy()));
      ShownCertificate shown = bySource.computeIfAbsent(source, made -> shown(known, made));
      for (String alias : site.aliases()) {
        if (site.covered() && !shown.covers(alias)) {
          continue;
        }
        if (alias.startsWith(WILDCARD)) {
          wildcards.put(alias.substring(WILDCARD.length()), shown);
        } else {
          aliases.put(alias, shown);
        }
      }
    }
    choice =
        new Choice(
            Map.copyOf(bySource),
            Map.copyOf(byName),
            Map.copyOf(aliases),
            Map.copyOf(wildcards),
            first);
  }

  private ShownCertificate shown(Map<Source, ShownCertificate> known, Source source) {
    @Nullable ShownCertificate same = known.get(source);
    return same == null ? new ShownCertificate(source, clock, chance) : same;
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

  /** Certificates by what they are made of, and by whom they are shown for. */
  private record Choice(
      Map<Source, ShownCertificate> bySource,
      Map<String, ShownCertificate> byName,
      Map<String, ShownCertificate> aliases,
      Map<String, ShownCertificate> wildcards,
      @Nullable ShownCertificate first) {
    @Nullable ShownCertificate find(String serverName) {
      @Nullable ShownCertificate found = aliases.get(serverName);
      found = found == null ? byName.get(serverName) : found;
      found = found == null ? byName.get(ShownCertificate.wildcard(serverName)) : found;
      found = found == null ? wildcard(serverName) : found;
      return found == null ? first : found;
    }

    private @Nullable ShownCertificate wildcard(String serverName) {
      if (wildcards.isEmpty()) {
        return null;
      }
      for (int dot = serverName.indexOf('.'); dot > 0; dot = serverName.indexOf('.', dot + 1)) {
        @Nullable ShownCertificate found = wildcards.get(serverName.substring(dot + 1));
        if (found != null) {
          return found;
        }
      }
      return null;
    }
  }
}
