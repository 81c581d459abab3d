package warmfront.control.publish;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows each new connection control's certificate of the moment. The alias names a certificate by
 * its serial number, so that a handshake gets the key that belongs to it also while it is replaced.
 */
final class FleetKeys extends X509ExtendedKeyManager {
  private final Supplier<FleetServer.Own> own;
  private volatile FleetServer.Own now;
  private volatile FleetServer.Own before;

  FleetKeys(Supplier<FleetServer.Own> own) {
    this.own = own;
    this.now = own.get();
    this.before = now;
  }

  private synchronized FleetServer.Own latest() {
    FleetServer.Own latest = own.get();
    if (!alias(latest).equals(alias(now))) {
      before = now;
      now = latest;
    }
    return now;
  }

  private static String alias(FleetServer.Own own) {
    return own.chain().getFirst().getSerialNumber().toString(16);
  }

  private FleetServer.@Nullable Own named(@Nullable String alias) {
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
    FleetServer.Own named = named(alias);
    return named == null ? null : named.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    FleetServer.Own named = named(alias);
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
