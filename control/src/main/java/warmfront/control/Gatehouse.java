package warmfront.control;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import warmfront.control.certificate.Authority;
import warmfront.control.identity.EnrolmentTokens;
import warmfront.control.identity.ServerCertificates;
import warmfront.control.publish.Admission;
import warmfront.control.publish.Peer;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Server;
import warmfront.link.JoinToken;
import warmfront.link.Pem;
import warmfront.time.Clock;

/** Lets servers into the fleet: tokens from identity, certificates from the authority. */
public final class Gatehouse implements Admission {
  private final Store store;
  private final Authority authority;
  private final EnrolmentTokens tokens;
  private final Clock clock;

  /** Makes the gate of a fleet. */
  public Gatehouse(Store store, Authority authority, EnrolmentTokens tokens, Clock clock) {
    this.store = store;
    this.authority = authority;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * Makes the token by which a registered server joins, once, within 15 minutes.
   *
   * @param host where it reaches control
   * @param port where it reaches control
   * @return the token; empty if no such server is registered
   */
  public Optional<JoinToken> invite(String serverId, String host, int port) {
    return store.write(transaction ->
        mayJoin(transaction, serverId)
            ? Optional.of(
                new JoinToken(
                    tokens.issue(transaction, serverId), authority.fingerprint(), host, port))
            : Optional.empty());
  }

  @Override
  public Answer enrol(String secret, byte[] csr) {
    return store.write(transaction ->
        switch (tokens.redeem(transaction, secret)) {
          case EnrolmentTokens.Redeemed.For(String serverId) ->
              grant(transaction, serverId, csr, false);
          case EnrolmentTokens.Redeemed.Expired _ ->
              new Answer.Refused("the token has expired; ask for another with `server add`");
          case EnrolmentTokens.Redeemed.Unknown _ ->
              new Answer.Refused("the token was used before, or never was");
        });
  }

  @Override
  public Answer renew(Peer.Vouched peer, byte[] csr) {
    return store.write(transaction ->
        refusal(transaction, peer)
            .<Answer>map(Answer.Refused::new)
            .orElseGet(() -> grant(transaction, peer.serverId(), csr, true)));
  }

  @Override
  public Optional<String> refusal(Peer.Vouched peer) {
    return store.read(transaction -> refusal(transaction, peer));
  }

  private static Optional<String> refusal(Transaction transaction, Peer.Vouched peer) {
    String shown = Pem.fingerprint(peer.certificate());
    return mayJoin(transaction, peer.serverId())
            && ServerCertificates.isTaken(transaction, peer.serverId(), shown)
        ? Optional.empty()
        : Optional.of("the certificate was revoked or replaced; join anew");
  }

  private Answer grant(Transaction transaction, String serverId, byte[] csr, boolean renewed) {
    if (!mayJoin(transaction, serverId)) {
      return new Answer.Refused(serverId + " is not of the fleet");
    }
    Optional<List<X509Certificate>> chain = authority.server(serverId, csr);
    if (chain.isEmpty()) {
      return new Answer.Refused("the certification request is malformed or not signed by its key");
    }
    ServerCertificates.take(
        transaction, serverId, Pem.fingerprint(chain.get().getFirst()), renewed, clock.now());
    return new Answer.Granted(serverId, Pem.of(chain.get()), authority.pem());
  }

  private static boolean mayJoin(Transaction transaction, String serverId) {
    return transaction
        .latest(Kind.SERVER, serverId)
        .map(Server.class::cast)
        .filter(server -> server.state() != Server.State.REVOKED)
        .isPresent();
  }
}
