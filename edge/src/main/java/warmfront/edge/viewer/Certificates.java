package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ZoneCertificate;
import warmfront.time.Clock;

/**
 * The certificates that viewers are shown, chosen by the name they ask for; exchanged while
 * connections go on. Thread-safe: one atomic swap.
 *
 * <p>Session tickets are sealed with keys of one certificate, so that a session of one name is
 * never resumed under another's, and the keys are renewed (RFC 5077, section 5.5).
 */
public final class Certificates {
  private static final Duration TICKET_KEY_AGE_MAX = Duration.ofHours(12);

  private final Clock clock;
  private final RandomGenerator chance;
  private volatile Choice choice = new Choice(Map.of(), null);

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
    Map<String, Entry> byName = new HashMap<>();
    @Nullable Entry first = null;
    for (ZoneCertificate certificate : certificates) {
      @Nullable Entry known = choice.byName.get(Ascii.lower(certificate.id()));
      Entry entry =
          known != null && known.certificate.equals(certificate)
              ? known
              : new Entry(certificate, context(certificate));
      byName.put(Ascii.lower(certificate.id()), entry);
      first = first == null ? entry : first;
    }
    choice = new Choice(Map.copyOf(byName), first);
  }

  /**
   * Returns the context for a server name in lower case; null if there is no certificate at all.
   */
  @Nullable SslContext context(String serverName) {
    @Nullable Entry entry = choice.entry(serverName);
    if (entry == null) {
      return null;
    }
    entry.renewTicketKeys();
    return entry.context;
  }

  /** Returns which hosts the certificate covers that is shown for a server name in lower case. */
  Predicate<String> coverage(String serverName) {
    @Nullable Entry entry = choice.entry(serverName);
    return entry == null ? _ -> false : entry::covers;
  }

  private static SslContext context(ZoneCertificate certificate) {
    ApplicationProtocolConfig protocols =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);
    try {
      return SslContextBuilder.forServer(
              PemKey.of(certificate.keyPem()), chain(certificate.chainPem()))
          .sslProvider(SslProvider.OPENSSL) // BoringSSL; the JDK's engine costs twice as much
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(protocols)
          .build();
    } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the certificate or key of " + certificate.id() + " cannot be read: " + e.getMessage(),
          e);
    }
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

  private record Choice(Map<String, Entry> byName, @Nullable Entry first) {
    @Nullable Entry entry(String serverName) {
      @Nullable Entry entry = byName.get(serverName);
      int dot = serverName.indexOf('.');
      if (entry == null && dot > 0) { // RFC 9525, 6.3: a wildcard stands for one label
        entry = byName.get("*" + serverName.substring(dot));
      }
      return entry == null ? first : entry;
    }
  }

  /** A certificate in use. */
  private final class Entry {
    private final ZoneCertificate certificate;
    private final SslContext context;
    private @Nullable OpenSslSessionTicketKey current;
    private volatile long renewedNanos;

    Entry(ZoneCertificate certificate, SslContext context) {
      this.certificate = certificate;
      this.context = context;
      setTicketKeys();
    }

    boolean covers(String host) {
      String name = Ascii.lower(certificate.id());
      return name.startsWith("*.")
          ? host.indexOf('.') > 0 && host.substring(host.indexOf('.')).equals(name.substring(1))
          : host.equals(name);
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
      OpenSslSessionContext sessions = (OpenSslSessionContext) context.sessionContext();
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
