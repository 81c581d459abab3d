package warmfront.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.certificate.Authority;
import warmfront.control.certificate.ShownKeys;
import warmfront.control.identity.EnrolmentTokens;
import warmfront.control.identity.Fleet;
import warmfront.control.publish.FleetServer;
import warmfront.control.publish.Publisher;
import warmfront.control.publish.Timing;
import warmfront.control.store.Kept;
import warmfront.control.store.Store;
import warmfront.distribution.Location;
import warmfront.distribution.PriceClass;
import warmfront.distribution.Server;
import warmfront.link.Credentials;
import warmfront.link.Enrolment;
import warmfront.link.Enrolment.Outcome;
import warmfront.link.Follower;
import warmfront.link.FollowerIdentity;
import warmfront.link.JoinToken;
import warmfront.snapshot.Subscriber;
import warmfront.time.ManualClock;

/** Joining over real TLS. */
final class EnrolmentTest {
  @TempDir private Path folder;

  // The JDK's TLS asks the machine what time it is, so the fleet's clock starts there.
  private final ManualClock clock = new ManualClock(Instant.now());
  private final SecureRandom random = new SecureRandom();
  private final Enrolment enrolment = new Enrolment(random);
  private Store store;
  private Publisher publisher;
  private Authority authority;
  private Gatehouse gatehouse;
  private FleetServer server;
  private volatile Authority.Issued shown;

  @BeforeEach
  void start() throws IOException {
    SecretKeySpec sealing = new SecretKeySpec(new byte[32], "AES");
    store = Store.open(Kept.chosen().url(folder), sealing);
    publisher = Publisher.start(store, clock, Timing.STANDARD, Optional.empty());
    authority = Authority.loadOrMake(folder, sealing, clock, random);
    gatehouse = new Gatehouse(store, authority, new EnrolmentTokens(clock, random), clock);
    shown = authority.control();
    server = listen(authority);
    Fleet fleet = new Fleet(store);
    fleet.register(
        new Location(
            "FRA", "Frankfurt", "DE", 50, 8, PriceClass.PRICE_CLASS_100, 10, Optional.empty()));
    fleet.register(
        new Server(
            "edge-1",
            Server.Role.EDGE,
            "FRA",
            List.of(),
            List.of(),
            List.of(),
            1,
            Server.State.ACTIVE));
  }

  @AfterEach
  void stop() {
    server.close();
    publisher.close();
    store.close();
  }

  @Test
  void a_server_joins_with_its_token_and_follows_over_mutual_tls() throws IOException {
    Credentials credentials = joined(enrolment.join(invitation(), folder.resolve("edge")));

    assertThat(credentials.serverId()).isEqualTo("edge-1");
    assertThat(credentials.expires()).isAfter(clock.now().plus(Duration.ofDays(29)));
    assertThat(Credentials.load(folder.resolve("edge"))).contains(credentials);
    assertThat(mode(folder.resolve("edge/server.key"))).isEqualTo("rw-------");
    try (Follower follower = follow("edge-1", credentials)) {
      eventually(() -> follower.state().revision() == store.head().revision());
      assertThat(follower.state().ready()).isTrue();
    }
  }

  @Test
  void a_token_is_good_once() throws IOException {
    JoinToken token = invitation();
    joined(enrolment.join(token, folder.resolve("edge")));

    assertThat(enrolment.join(token, folder.resolve("thief")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, no -> assertThat(no.reason()).contains("used before"));
    assertThat(Files.exists(folder.resolve("thief/server.pem"))).isFalse();
  }

  @Test
  void a_token_is_good_for_fifteen_minutes() throws IOException {
    JoinToken token = invitation();
    clock.advance(EnrolmentTokens.LIFE.plusSeconds(1));

    assertThat(enrolment.join(token, folder.resolve("edge")))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, no -> assertThat(no.reason()).contains("expired"));
  }

  @Test
  void a_token_is_not_shown_to_a_control_plane_with_another_ca() throws IOException {
    JoinToken token = invitation();
    server.close();
    Path other = Files.createDirectory(folder.resolve("other"));
    server =
        listen(Authority.loadOrMake(other, new SecretKeySpec(new byte[32], "AES"), clock, random));
    JoinToken there =
        new JoinToken(token.secret(), token.caFingerprint(), token.host(), server.port());

    Outcome outcome = enrolment.join(there, folder.resolve("edge"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class, no -> assertThat(no.reason()).contains("CA that the token"));
    server.close();
    server = listen(authority);
    JoinToken back =
        new JoinToken(token.secret(), token.caFingerprint(), token.host(), server.port());
    joined(enrolment.join(back, folder.resolve("edge")));
  }

  @Test
  void nobody_at_the_address_is_not_a_refusal() throws IOException {
    JoinToken token = invitation();
    server.close();

    assertThat(enrolment.join(token, folder.resolve("edge")))
        .isInstanceOf(Outcome.Unreachable.class);
    server = listen(authority);
  }

  @Test
  void a_server_without_a_certificate_or_with_another_s_name_may_not_follow() throws IOException {
    Credentials credentials = joined(enrolment.join(invitation(), folder.resolve("edge")));

    try (Follower follower = follow("edge-2", credentials)) {
      eventually(() -> follower.state().head().isEmpty() && !follower.state().connected());
      assertThat(publisher.status()).hasSize(1);
      assertThat(follower.state().revision()).isZero();
    }
  }

  @Test
  void a_renewed_certificate_works_and_so_does_the_one_before_it_but_no_older_one()
      throws IOException {
    Credentials first = joined(enrolment.join(invitation(), folder.resolve("edge")));
    assertThat(clock.now()).isBefore(first.renewalDue());

    Credentials second = renewed(first);
    Credentials third = renewed(second);

    assertThat(third.keyPem()).isNotEqualTo(first.keyPem());
    assertThat(renew(second)).isInstanceOf(Outcome.Joined.class);
    assertThat(renew(first)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void an_expired_server_may_renew_and_only_then_follow() throws IOException {
    clock.advance(Authority.SERVER_LIFE.plusDays(3).negated());
    Credentials expired = joined(enrolment.join(invitation(), folder.resolve("edge")));
    clock.advance(Authority.SERVER_LIFE.plusDays(3));
    try (Follower follower = follow("edge-1", expired)) {
      eventually(() -> follower.state().head().isEmpty());
      assertThat(follower.state().revision()).isZero();
    }

    Credentials fresh = renewed(expired);

    try (Follower follower = follow("edge-1", fresh)) {
      eventually(() -> follower.state().revision() == store.head().revision());
    }
  }

  @Test
  void a_revoked_server_is_cut_off_and_may_not_renew() throws IOException {
    Credentials credentials = joined(enrolment.join(invitation(), folder.resolve("edge")));
    try (Follower follower = follow("edge-1", credentials)) {
      eventually(() -> follower.state().connected());

      new Fleet(store).revoke("edge-1");

      eventually(() -> !follower.state().connected());
    }
    assertThat(renew(credentials)).isInstanceOf(Outcome.Refused.class);
    assertThat(gatehouse.invite("edge-1", "127.0.0.1", server.port())).isEmpty();
  }

  @Test
  void a_server_s_certificate_does_not_pass_for_control_s() throws IOException {
    Credentials credentials = joined(enrolment.join(invitation(), folder.resolve("edge")));
    JoinToken token = invitation();
    server.close();
    server =
        FleetServer.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new FleetServer.Tls(
                new ShownKeys(() ->
                    new Authority.Issued(
                        warmfront.link.Pem.privateKey(credentials.keyPem()),
                        warmfront.link.Pem.certificates(credentials.chainPem()))),
                authority.certificate()),
            publisher,
            gatehouse,
            clock);
    JoinToken there =
        new JoinToken(token.secret(), token.caFingerprint(), token.host(), server.port());

    assertThat(enrolment.join(there, folder.resolve("edge"))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void a_renewed_certificate_of_control_is_shown_without_a_restart() throws IOException {
    Credentials credentials = joined(enrolment.join(invitation(), folder.resolve("edge")));
    try (Follower follower = follow("edge-1", credentials)) {
      eventually(() -> follower.state().connected());

      shown = authority.control();

      assertThat(shownSerial()).isEqualTo(shown.chain().getFirst().getSerialNumber());
      assertThat(follower.state().connected()).isTrue();
    }
    assertThat(renew(credentials)).isInstanceOf(Outcome.Joined.class);
  }

  private BigInteger shownSerial() throws IOException {
    try (SSLSocket socket = (SSLSocket) trustingAll().createSocket("127.0.0.1", server.port())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private static SSLSocketFactory trustingAll() {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
      return context.getSocketFactory();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private FleetServer listen(Authority of) {
    shown = of.control();
    return FleetServer.listen(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new FleetServer.Tls(new ShownKeys(() -> shown), of.certificate()),
        publisher,
        gatehouse,
        clock);
  }

  private JoinToken invitation() {
    JoinToken token = gatehouse.invite("edge-1", "127.0.0.1", server.port()).orElseThrow();
    return JoinToken.parse(token.text());
  }

  private Follower follow(String id, Credentials credentials) {
    return Follower.start(
        new FollowerIdentity(id, Server.Role.EDGE, 1, Set.of()),
        folder.resolve("state-" + id),
        (next, changes) -> new Subscriber.Verdict.Applied(),
        new Follower.Surroundings(
            () -> channel(credentials), clock, new Random(1), Follower.Timing.STANDARD));
  }

  private ManagedChannel channel(Credentials credentials) {
    return credentials.channel("127.0.0.1", server.port());
  }

  private Outcome renew(Credentials current) throws IOException {
    return enrolment.renew(current, "127.0.0.1", server.port(), folder.resolve("edge"));
  }

  private Credentials renewed(Credentials current) throws IOException {
    return joined(renew(current));
  }

  private static Credentials joined(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Joined.class);
    return ((Outcome.Joined) outcome).credentials();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("it did not come about within 10 s");
        }
        boolean _ = new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }
}
