package warmfront.control.certificate;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import warmfront.link.Pem;

/**
 * Shows each new connection the certificate of the moment. The alias names a certificate by its
 * fingerprint, so that a handshake gets the key that belongs to it also while it is replaced.
 */
public final class ShownKeys extends X509ExtendedKeyManager {
  private final Supplier<Authority.Issued> own;
  private volatile Authority.Issued now;
  private volatile Authority.Issued before;

  /**
   * Makes them.
   *
   * @param own gives what is shown now; asked for each connection
   */
  public ShownKeys(Supplier<Authority.Issued> own) {
    this.own = own;
    this.now = own.get();
    this.before = now;
  }

  private Authority.Issued latest() {
    Authority.Issued latest = own.get();
    synchronized (this) {
      if (!alias(latest).equals(alias(now))) {
        before = now;
        now = latest;
      }
      return now;
    }
  }

  private static String alias(Authority.Issued own) {
    return Pem.fingerprint(own.chain().getFirst());
  }

  private Authority.@Nullable Issued named(@Nullable String alias) {
    if (alias(now).equals(alias)) {
      return now;
    }
    return alias(before).equals(alias) ? before : null;
  }

  @Override
  public String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, SSLEngine engine) {
    return alias(latest());
  }

  @Override
  public String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
    return alias(latest());
  }

  @Override
  public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {alias(latest())};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    Authority.Issued named = named(alias);
    return named == null ? null : named.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    Authority.Issued named = named(alias);
    return named == null ? null : named.key();
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
