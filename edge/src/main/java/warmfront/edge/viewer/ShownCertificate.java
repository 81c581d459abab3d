package warmfront.edge.viewer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.ViewerMtls.Mode;
import warmfront.edge.step.ClientCheck;
import warmfront.time.Clock;

/**
 * A certificate in use, under certain rules. Its contexts are made when they are first asked for: a
 * site that nobody visits costs no more than the certificate. Thread-safe.
 *
 * <p>Session tickets are sealed with keys of its own, so that a session of one name is never
 * resumed under another's, and the keys are renewed (RFC 5077, section 5.5).
 */
final class ShownCertificate {
  private static final List<String> HTTP_2_AND_1 =
      List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
  private static final List<String> HTTP_1 = List.of(ApplicationProtocolNames.HTTP_1_1);
  private static final String HTTP_3 = "h3"; // RFC 9114, 3.1
  private static final Duration TICKET_KEY_AGE_MAX = Duration.ofHours(12);

  /** A name of a certificate that is of DNS (RFC 5280, section 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private final Clock clock;
  private final RandomGenerator chance;
  private final TlsRules rules;
  private final PrivateKey key;
  private final X509Certificate[] chain;
  private final Set<String> names;
  private volatile @Nullable SslContext web;
  private volatile @Nullable SslContext http1;
  private final Map<String, Asking> asking = new ConcurrentHashMap<>();
  private @Nullable SslContext other;
  private @Nullable QuicSslContext quic;
  private @Nullable OpenSslSessionTicketKey current;
  private volatile long renewedNanos;

  /** A context, and what it asks of viewers. */
  private record Asking(ClientCheck check, SslContext context) {}

  /**
   * What one is made of.
   *
   * @param id what it is called where it cannot be read
   * @param own a name that it is for whatever it says itself; empty for none
   * @param chainPem the certificate and its issuers
   * @param keyPem its key, PKCS #8
   * @param rules what may be agreed on
   */
  record Source(String id, String own, String chainPem, String keyPem, TlsRules rules) {
    @Override
    public String toString() {
      return "Source[" + id + "]";
    }
  }

  /**
   * Reads a certificate.
   *
   * @param chance for ticket keys
   * @throws IllegalArgumentException if the certificate or key cannot be read
   */
  ShownCertificate(Source source, Clock clock, RandomGenerator chance) {
    this.clock = clock;
    this.chance = chance;
    rules = source.rules();
    try {
      key = PemKey.of(source.keyPem());
      chain = chain(source.chainPem());
      names = names(source.own(), chain[0]);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the certificate or key of %s cannot be read: %s".formatted(source.id(), e.getMessage()),
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

  private static Set<String> names(String own, X509Certificate leaf)
      throws CertificateParsingException {
    Set<String> names = new LinkedHashSet<>();
    if (!own.isEmpty()) {
      names.add(own);
    }
    @Nullable Collection<List<?>> others = leaf.getSubjectAlternativeNames();
    for (List<?> other : others == null ? List.<List<?>>of() : others) {
      if (other.get(0).equals(DNS_NAME)) {
        names.add(Ascii.lower((String) other.get(1)));
      }
    }
    return names;
  }

  /** Returns the DNS names that it is for, lower case. */
  Set<String> names() {
    return names;
  }

  /** Returns whether it is for a host, lower case. */
  boolean covers(String host) {
    return names.contains(host) || names.contains(wildcard(host));
  }

  /** Returns a host with its first label given up (RFC 9525, 6.3: a wildcard stands for one). */
  static String wildcard(String host) {
    int dot = host.indexOf('.');
    return dot > 0 ? "*" + host.substring(dot) : "";
  }

  /**
   * Returns the context of HTTP.
   *
   * @param http2 whether HTTP/2 is offered beside HTTP/1.1
   */
  SslContext web(boolean http2) {
    @Nullable SslContext made = http2 ? web : http1;
    if (made == null) {
      return make(http2);
    }
    if (clock.nanos() - renewedNanos > TICKET_KEY_AGE_MAX.toNanos()) {
      setTicketKeys();
    }
    return made;
  }

  private synchronized SslContext make(boolean http2) {
    @Nullable SslContext made = http2 ? web : http1;
    if (made != null) {
      return made;
    }
    made = context(http(http2), ClientAuth.NONE, Optional.empty());
    if (http2) {
      web = made;
    } else {
      http1 = made;
    }
    setTicketKeys();
    return made;
  }

  private static ApplicationProtocolConfig http(boolean http2) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        http2 ? HTTP_2_AND_1 : HTTP_1);
  }

  /**
   * Returns the context of HTTP for viewers who are asked who they are. Their sessions are not
   * resumed (CloudFront, "Mutual TLS"), so that each connection is judged.
   *
   * @param http2 whether HTTP/2 is offered beside HTTP/1.1
   */
  SslContext asking(boolean http2, ClientCheck check) {
    String key = check.distribution() + (http2 ? " h2" : " http/1.1");
    return asking
        .compute(
            key,
            (_, last) ->
                last != null && last.check().equals(check)
                    ? last
                    : new Asking(check, made(http2, check)))
        .context();
  }

  private SslContext made(boolean http2, ClientCheck check) {
    ClientAuth need = check.mode() == Mode.REQUIRED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
    SslContext context = context(http(http2), need, Optional.of(new ViewerTrust(check, clock)));
    ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
    return context;
  }

  /** Returns the context of what is not HTTP. */
  synchronized SslContext other() {
    @Nullable SslContext made = other;
    if (made == null) {
      made = context(ApplicationProtocolConfig.DISABLED, ClientAuth.NONE, Optional.empty());
      other = made;
    }
    return made;
  }

  /** Returns the context of HTTP/3; TLS 1.3, which it always speaks, is right under all rules. */
  synchronized QuicSslContext quic() {
    @Nullable QuicSslContext made = quic;
    if (made == null) {
      made =
          QuicSslContextBuilder.forServer(key, null, chain)
              .applicationProtocols(HTTP_3)
              .earlyData(false)
              .build();
      quic = made;
    }
    return made;
  }

  private SslContext context(
      ApplicationProtocolConfig protocols, ClientAuth clients, Optional<ViewerTrust> trust) {
    try {
      SslContextBuilder builder = SslContextBuilder.forServer(key, chain).clientAuth(clients);
      trust.ifPresent(builder::trustManager);
      return builder
          .sslProvider(SslProvider.OPENSSL) // BoringSSL; the JDK's engine costs twice as much
          .protocols(rules.protocols())
          .ciphers(rules.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
          .option(OpenSslContextOption.GROUPS, TlsRules.groups())
          .applicationProtocolConfig(protocols)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("a certificate that was read cannot be served", e);
    }
  }

  private synchronized void setTicketKeys() {
    renewedNanos = clock.nanos();
    OpenSslSessionTicketKey fresh = ticketKey();
    @Nullable OpenSslSessionTicketKey last = current;
    current = fresh;
    for (@Nullable SslContext context : Arrays.asList(web, http1)) {
      if (context != null) {
        OpenSslSessionContext sessions = (OpenSslSessionContext) context.sessionContext();
        if (last == null) {
          sessions.setTicketKeys(fresh);
        } else {
          sessions.setTicketKeys(fresh, last); // sealed with the first, opened with either
        }
      }
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
