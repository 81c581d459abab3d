package warmfront.link;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import warmfront.link.wire.Certified;
import warmfront.link.wire.EnrolRequest;
import warmfront.link.wire.FleetGrpc;
import warmfront.link.wire.RenewRequest;

/**
 * How a server joins a fleet and stays in it. Its key is made here and never leaves this machine.
 */
public final class Enrolment {
  /** How joining or renewing ended. */
  public sealed interface Outcome {
    /**
     * The server is in the fleet, and its credentials are on its disk.
     *
     * @param credentials what it has from now on
     */
    record Joined(Credentials credentials) implements Outcome {}

    /**
     * Control said no, or is not the one that the token names.
     *
     * @param reason for the operator
     */
    record Refused(String reason) implements Outcome {}

    /**
     * Control could not be reached: ask again later.
     *
     * @param reason for the operator
     */
    record Unreachable(String reason) implements Outcome {}
  }

  private static final long ANSWER_SECONDS = 10;

  private final SecureRandom random;

  /** Makes an enrolment whose keys come from {@code random}. */
  public Enrolment(SecureRandom random) {
    this.random = random;
  }

  /** Joins the fleet that a token names, and keeps the credentials in {@code folder}. */
  public Outcome join(JoinToken token, Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    ManagedChannel channel =
        Credentials.channel(token.host(), token.port(), pinned(token.caFingerprint()));
    try {
      KeyPair key = newKey();
      EnrolRequest request =
          EnrolRequest.newBuilder().setSecret(token.secret()).setCsr(request(key)).build();
      Certified certified = stub(channel).enrol(request);
      return kept(certified, key, folder);
    } catch (StatusRuntimeException refused) {
      return outcome(refused);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Replaces credentials, expired or not, by new ones with a new key. */
  public Outcome renew(Credentials current, String host, int port, Path folder) throws IOException {
    ManagedChannel channel = current.channel(host, port);
    try {
      KeyPair key = newKey();
      Certified certified =
          stub(channel).renew(RenewRequest.newBuilder().setCsr(request(key)).build());
      return kept(certified, key, folder);
    } catch (StatusRuntimeException refused) {
      return outcome(refused);
    } finally {
      channel.shutdownNow();
    }
  }

  private static io.netty.handler.ssl.SslContext pinned(String fingerprint) {
    try {
      return Credentials.client().trustManager(new PinnedTrust(fingerprint)).build();
    } catch (SSLException missing) {
      throw new IllegalStateException("every JDK has TLS 1.3", missing);
    }
  }

  private static FleetGrpc.FleetBlockingStub stub(ManagedChannel channel) {
    return FleetGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private static Outcome kept(Certified certified, KeyPair key, Path folder) throws IOException {
    Credentials credentials =
        new Credentials(
            certified.getServerId(),
            certified.getChainPem(),
            Pem.of(key.getPrivate()),
            certified.getCaPem());
    credentials.save(folder);
    return new Outcome.Joined(credentials);
  }

  private static Outcome outcome(StatusRuntimeException failed) {
    Throwable root = failed;
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return switch (failed.getStatus().getCode()) {
      case UNAVAILABLE ->
          root instanceof java.security.cert.CertificateException
              ? new Outcome.Refused(String.valueOf(root.getMessage()))
              : new Outcome.Unreachable(String.valueOf(root.getMessage()));
      case DEADLINE_EXCEEDED -> new Outcome.Unreachable("no answer in " + ANSWER_SECONDS + " s");
      default -> new Outcome.Refused(String.valueOf(failed.getStatus().getDescription()));
    };
  }

  private KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JDK has P-256", missing);
    }
  }

  private static ByteString request(KeyPair key) throws IOException {
    try {
      return ByteString.copyFrom(
          new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=server"), key.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
              .getEncoded());
    } catch (OperatorCreationException missing) {
      throw new IllegalStateException("every JDK has ECDSA", missing);
    }
  }
}
