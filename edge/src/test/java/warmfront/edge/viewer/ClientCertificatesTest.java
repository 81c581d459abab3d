package warmfront.edge.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static warmfront.edge.ClientAuthority.chain;
import static warmfront.edge.ClientAuthority.context;
import static warmfront.edge.ClientAuthority.showing;
import static warmfront.edge.ClientAuthority.store;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.distribution.ViewerMtls.Mode;
import warmfront.edge.ClientAuthority;
import warmfront.edge.step.Client;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Tls;

/** Viewers who are asked who they are while they shake hands. */
final class ClientCertificatesTest {
  private static final String NAME = "a.example";
  private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");
  private static final ClientAuthority ROOT = ClientAuthority.named("Root");
  private static final X509Bundle KNOWN = ROOT.below("Between").client("known");
  private static final X509Bundle UNKNOWN = ClientAuthority.named("Other").client("unknown");

  @AutoClose private final Edge edge = Edge.trusted();

  private void asks(Mode mode, boolean namesAuthorities) {
    Optional<TrustStore> store =
        mode == Mode.PASSTHROUGH ? Optional.empty() : Optional.of(store("ts_1", ROOT));
    edge.site.clients.put(
        NAME,
        new ClientCheck(
            "EA", new ViewerMtls(mode, store.map(TrustStore::id), namesAuthorities, false), store));
  }

  private SSLContext nobody() throws Exception {
    return context(new KeyManager[0], edge.authority.trust());
  }

  private SSLContext as(X509Bundle client) throws Exception {
    return showing(client, edge.authority.trust());
  }

  private SSLSocket socket(SSLContext viewer, String protocol) throws Exception {
    SSLSocket socket = edge.socket(viewer);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(NAME)));
    parameters.setProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    return socket;
  }

  private int status(SSLContext viewer, String protocol) throws Exception {
    try (SSLSocket socket = socket(viewer, protocol)) {
      return new Wire(socket)
          .send("GET / HTTP/1.1\r\nHost: " + NAME + "\r\n\r\n")
          .answer()
          .status();
    }
  }

  private Optional<Client> last() {
    return edge.site.requests.getLast().tls().flatMap(Tls::client);
  }

  @Test
  void where_one_is_required_nobody_comes_in_without() throws Exception {
    asks(Mode.REQUIRED, false);
    for (String protocol : PROTOCOLS) {
      assertThatThrownBy(() -> status(nobody(), protocol)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> status(as(UNKNOWN), protocol)).isInstanceOf(IOException.class);
      assertThat(status(as(KNOWN), protocol)).isEqualTo(200);

      assertThat(last().orElseThrow().leaf()).contains(KNOWN.getCertificate());
      assertThat(last().orElseThrow().issuers()).isEqualTo(chain(KNOWN).subList(1, 2));
    }
    assertThat(edge.site.requests).hasSize(2);
    Edge.await(() -> edge.viewers.counters().handshakesFailed() == 4);
  }

  @Test
  void where_one_is_optional_it_has_to_be_right_if_it_is_there() throws Exception {
    asks(Mode.OPTIONAL, false);
    for (String protocol : PROTOCOLS) {
      assertThatThrownBy(() -> status(as(UNKNOWN), protocol)).isInstanceOf(IOException.class);
      assertThat(status(nobody(), protocol)).isEqualTo(200);
      assertThat(last().orElseThrow().leaf()).isEmpty();
      assertThat(status(as(KNOWN), protocol)).isEqualTo(200);
      assertThat(last().orElseThrow().leaf()).contains(KNOWN.getCertificate());
    }
  }

  @Test
  void where_the_origin_judges_any_is_taken() throws Exception {
    asks(Mode.PASSTHROUGH, false);
    assertThat(status(nobody(), "TLSv1.3")).isEqualTo(200);
    assertThat(last().orElseThrow().leaf()).isEmpty();
    assertThat(status(as(UNKNOWN), "TLSv1.3")).isEqualTo(200);
    assertThat(last().orElseThrow().leaf()).contains(UNKNOWN.getCertificate());
  }

  @Test
  void who_came_over_http_2_is_known_as_well() throws Exception {
    asks(Mode.REQUIRED, false);
    try (Frames viewer = new Frames(socket(as(KNOWN), "TLSv1.3"), new byte[0], true)) {
      for (int stream = 1; stream < 4; stream += 2) {
        viewer.request(
            stream,
            true,
            List.of(":method", "GET", ":scheme", "https", ":authority", NAME, ":path", "/"));
      }
      Edge.await(() -> edge.site.requests.size() == 2);
    }

    assertThat(edge.site.requests)
        .allMatch(request -> request.protocol().logName().equals("HTTP/2.0"))
        .allMatch(request -> request.tls().flatMap(Tls::client).flatMap(Client::leaf).isPresent());
  }

  @Test
  void no_session_is_resumed() throws Exception {
    for (String protocol : PROTOCOLS) {
      SSLContext viewer = as(KNOWN);
      assertThat(status(viewer, protocol)).isEqualTo(200); // when it is asked nothing yet
      asks(Mode.REQUIRED, false);
      for (int i = 0; i < 3; i++) {
        assertThat(status(viewer, protocol)).isEqualTo(200);
        assertThat(edge.site.requests.getLast().tls().orElseThrow().beginning())
            .isEqualTo(Tls.Beginning.FULL_HANDSHAKE);
        assertThat(last().orElseThrow().leaf()).isPresent();
      }
      edge.site.clients.clear();
    }
  }

  @Test
  void authorities_are_named_if_that_is_wanted() throws Exception {
    for (String protocol : PROTOCOLS) {
      Listening listening = new Listening();
      SSLContext viewer = context(new KeyManager[] {listening}, edge.authority.trust());
      asks(Mode.OPTIONAL, false);
      assertThat(status(viewer, protocol)).isEqualTo(200);
      assertThat(listening.named).isEmpty();

      asks(Mode.OPTIONAL, true);
      assertThat(status(viewer, protocol)).isEqualTo(200);
      assertThat(listening.named).containsOnly("CN=Root").isNotEmpty();
    }
  }

  @Test
  void other_names_ask_nobody() throws Exception {
    asks(Mode.REQUIRED, true);
    Listening listening = new Listening();
    try (SSLSocket socket =
        edge.socket(context(new KeyManager[] {listening}, edge.authority.trust()))) {
      Wire wire = new Wire(socket).send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
      assertThat(wire.answer().status()).as("who names no name").isEqualTo(200);
    }
    assertThat(last()).isEmpty();
    assertThat(listening.asked).hasValue(0);
  }

  /** A viewer that hears which authorities are named, and shows nothing. */
  private static final class Listening implements X509KeyManager {
    final List<String> named = new CopyOnWriteArrayList<>();
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      asked.incrementAndGet();
      for (Principal issuer : issuers == null ? new Principal[0] : issuers) {
        named.add(issuer.getName());
      }
      return null;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[0];
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return null;
    }
  }
}
