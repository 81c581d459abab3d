package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ZoneCertificate;
import warmfront.time.Clock;

/**
 * The certificates that viewers are shown, chosen by the name they ask for: one is shown for its
 * own id and for each DNS name in it. Exchanged while connections go on. Thread-safe: one atomic
 * swap.
 *
 * <p>Session tickets are sealed with keys of one certificate, so that a session of one name is
 * never resumed under another's, and the keys are renewed (RFC 5077, section 5.5).
 */
public final class Certificates {
  private static final Duration TICKET_KEY_AGE_MAX = Duration.ofHours(12);

  /** A name of a certificate that is of DNS (RFC 5280, section 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private final Clock clock;
  private final RandomGenerator chance;
  private volatile Choice choice = new Choice(Map.of(), Map.of(), null);

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
   * Puts these certificates in the place of the last; the first is also shown to viewers who ask
   * for no name, or for one that none covers. Connections that exist keep theirs.
   *
   * @throws IllegalArgumentException if a certificate or key cannot be read; nothing has changed
   */
  public synchronized void use(Collection<ZoneCertificate> certificates) {
    Map<String, Entry> byId = new HashMap<>();
    Map<String, Entry> byName = new HashMap<>();
    @Nullable Entry first = null;
    for (ZoneCertificate certificate : certificates) {
      @Nullable Entry known = choice.byId.get(certificate.id());
      Entry entry =
          known != null && known.certificate.equals(certificate) ? known : new Entry(certificate);
      byId.put(certificate.id(), entry);
      entry.names.forEach(name -> byName.putIfAbsent(name, entry));
      first = first == null ? entry : first;
    }
    byId.forEach((id, entry) -> byName.put(Ascii.lower(id), entry));
    choice = new Choice(Map.copyOf(byId), Map.copyOf(byName), first);
  }

  /**
   * Returns the context of HTTP for a server name in lower case; null if there is no certificate at
   * all.
   */
  @Nullable SslContext context(String serverName) {
    @Nullable Entry entry = choice.entry(serverName);
    if (entry == null) {
      return null;
    }
    entry.renewTicketKeys();
    return entry.web;
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
    return Optional.ofNullable(choice.entry(serverName)).map(entry -> ticketless(entry.other()));
  }

  /** Players with librtmp take a ticket that comes after TLS 1.3's handshake for the end. */
  private static SSLEngine ticketless(SslContext context) {
    SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
    SSL.setOptions(((ReferenceCountedOpenSslEngine) engine).sslPointer(), SSL.SSL_OP_NO_TICKET);
    return engine;
  }

  /** Returns which hosts the certificate covers that is shown for a server name in lower case. */
  Predicate<String> coverage(String serverName) {
    @Nullable Entry entry = choice.entry(serverName);
    return entry == null ? _ -> false : entry::covers;
  }

  private static X509Certificate[] chain(String pem) throws CertificateException {
    X509Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)))
            .toArray(X509Certificate[]::new);
    if (chain.length == 0) {
      throw new CertificateException("no certificate in the PEM text");
    }
    return chain;
  }

  private static Set<String> names(String id, X509Certificate leaf)
      throws CertificateParsingException {
    Set<String> names = new LinkedHashSet<>(Set.of(Ascii.lower(id)));
    @Nullable Collection<List<?>> others = leaf.getSubjectAlternativeNames();
    for (List<?> other : others == null ? List.<List<?>>of() : others) {
      if (other.get(0).equals(DNS_NAME)) {
        names.add(Ascii.lower((String) other.get(1)));
      }
    }
    return names;
  }

  /** Returns a host with its first label given up (RFC 9525, 6.3: a wildcard stands for one). */
  private static String wildcard(String host) {
    int dot = host.indexOf('.');
    return dot > 0 ? "*" + host.substring(dot) : "";
  }

  private record Choice(Map<String, Entry> byId, Map<String, Entry> byName, @Nullable Entry first) {
    @Nullable Entry entry(String serverName) {
      @Nullable Entry named = byName.get(serverName);
      @Nullable Entry entry = named == null ? byName.get(wildcard(serverName)) : named;
      return entry == null ? first : entry;
    }
  }

  /** A certificate in use. */
  private final class Entry {
    private final ZoneCertificate certificate;
    private final PrivateKey key;
    private final X509Certificate[] chain;
    private final Set<String> names;
    private final SslContext web;
    private @Nullable SslContext other;
    private @Nullable OpenSslSessionTicketKey current;
    private volatile long renewedNanos;

    Entry(ZoneCertificate certificate) {
      this.certificate = certificate;
      try {
        key = PemKey.of(certificate.keyPem());
        chain = chain(certificate.chainPem());
        names = names(certificate.id(), chain[0]);
        web =
            context(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1));
      } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "the certificate or key of %s cannot be read: %s"
                .formatted(certificate.id(), e.getMessage()),
            e);
      }
      setTicketKeys();
    }

    boolean covers(String host) {
      return names.contains(host) || names.contains(wildcard(host));
    }

    /** Returns the context of what is not HTTP, made when it is first asked for. */
    synchronized SslContext other() {
      @Nullable SslContext made = other;
      if (made == null) {
        try {
          made = context(ApplicationProtocolConfig.DISABLED);
        } catch (SSLException e) {
          throw new IllegalStateException("it was read before", e);
        }
        other = made;
      }
      return made;
    }

    private SslContext context(ApplicationProtocolConfig protocols) throws SSLException {
      return SslContextBuilder.forServer(key, chain)
          .sslProvider(SslProvider.OPENSSL) // BoringSSL; the JDK's engine costs twice as much
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(protocols)
          .build();
    }

    void renewTicketKeys() {
      if (clock.nanos() - renewedNanos > TICKET_KEY_AGE_MAX.toNanos()) {
        setTicketKeys();
      }
    }

    private synchronized void setTicketKeys() {
      renewedNanos = clock.nanos();
      OpenSslSessionTicketKey fresh = ticketKey();
      @Nullable OpenSslSessionTicketKey last = current;
      current = fresh;
      OpenSslSessionContext sessions = (OpenSslSessionContext) web.sessionContext();
      if (last == null) {
        sessions.setTicketKeys(fresh);
      } else {
        sessions.setTicketKeys(fresh, last); // sealed with the first, opened with either
      }
    }

    private OpenSslSessionTicketKey ticketKey() {
      byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
      byte[] hmac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
      byte[] aes = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
      chance.nextBytes(name);
      chance.nextBytes(hmac);
      chance.nextBytes(aes);
      return new OpenSslSessionTicketKey(name, hmac, aes);
    }
  }
}
