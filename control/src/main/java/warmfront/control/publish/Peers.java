package warmfront.control.publish;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import warmfront.link.Credentials;
import warmfront.time.Clock;

/** Finds out who calls, before the call is taken. */
final class Peers implements ServerInterceptor {
  private static final Context.Key<Peer> PEER = Context.key("peer");

  private final Optional<Clock> wire;

  private Peers(Optional<Clock> wire) {
    this.wire = wire;
  }

  /** Calls come from other processes; their certificates are judged by this clock. */
  static Peers ofWire(Clock clock) {
    return new Peers(Optional.of(clock));
  }

  /** Calls come from this process. */
  static Peers ofProcess() {
    return new Peers(Optional.empty());
  }

  static Peer current() {
    return Optional.ofNullable(PEER.get()).orElseGet(Peer.Anonymous::new);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Peer peer = wire.map(clock -> peer(call, clock)).orElseGet(Peer.Local::new);
    return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
  }

  private static Peer peer(ServerCall<?, ?> call, Clock clock) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return new Peer.Anonymous();
    }
    try {
      Certificate[] shown = session.getPeerCertificates();
      if (shown.length == 0 || !(shown[0] instanceof X509Certificate certificate)) {
        return new Peer.Anonymous();
      }
      Instant now = clock.now();
      boolean valid =
          !now.isBefore(certificate.getNotBefore().toInstant())
              && !now.isAfter(certificate.getNotAfter().toInstant());
      return new Peer.Vouched(Credentials.serverId(certificate), certificate, valid);
    } catch (SSLPeerUnverifiedException none) {
      return new Peer.Anonymous();
    }
  }
}
