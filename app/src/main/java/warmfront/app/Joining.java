package warmfront.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.app.config.Config;
import warmfront.app.config.Endpoint;
import warmfront.link.Credentials;
import warmfront.link.Enrolment;
import warmfront.link.JoinToken;
import warmfront.link.KeyFile;
import warmfront.link.Membership;
import warmfront.time.Clock;

/**
 * How a process becomes one of its fleet: by a token at its first start, by what lies on its disk
 * ever after. A token that was used here already is passed over, so that a unit file may keep it.
 */
final class Joining {
  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
  private static final String REMEDY =
      "register it with `./warmfront server add` and start it with --join and what that prints";

  /** How long a control plane that is not there yet is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final Config config;
  private final Path folder;
  private final Clock clock;
  private final Enrolment enrolment;

  /**
   * What is kept beside the credentials.
   *
   * @param control where control is
   * @param tokenHash of the token that was used
   */
  private record Used(Endpoint control, String tokenHash) {}

  Joining(Config config, DataDirectory data, Clock clock, SecureRandom random) {
    this.config = config;
    this.folder = data.folder("fleet");
    this.clock = clock;
    this.enrolment = new Enrolment(random);
  }

  /**
   * Joins, or finds that it joined before.
   *
   * @param join {@code TOKEN@HOST:PORT}, if the operator gave one
   * @throws StartException if it is in no fleet and cannot join one
   */
  Membership member(Optional<String> join) throws StartException, InterruptedException {
    try {
      Optional<JoinToken> token = join.map(JoinToken::parse);
      Optional<Credentials> known = Credentials.load(folder);
      Optional<Used> used = used();
      boolean spent =
          token.isPresent() && used.isPresent() && used.get().tokenHash().equals(hash(token.get()));
      if (token.isPresent() && (known.isEmpty() || !spent)) {
        return joined(token.get());
      }
      if (known.isEmpty()) {
        throw new StartException("this server is in no fleet yet; " + REMEDY);
      }
      return membership(known.get(), used.map(Used::control));
    } catch (IllegalArgumentException | IOException e) {
      throw new StartException("cannot join the fleet: " + e.getMessage(), e);
    }
  }

  private Membership joined(JoinToken token)
      throws StartException, InterruptedException, IOException {
    long end = clock.nanos() + PATIENCE.toNanos();
    while (true) {
      switch (enrolment.join(token, folder)) {
        case Enrolment.Outcome.Joined(Credentials credentials) -> {
          Endpoint control = new Endpoint(token.host(), token.port());
          KeyFile.write(
              folder.resolve("joined"), (control + " " + hash(token) + "\n").getBytes(UTF_8));
          LOG.info("joined the fleet at {} as {}", control, credentials.serverId());
          return membership(credentials, Optional.of(control));
        }
        case Enrolment.Outcome.Refused(String reason) ->
            throw new StartException("the fleet refuses this server: " + reason);
        case Enrolment.Outcome.Unreachable(String reason) -> {
          if (clock.nanos() > end) {
            throw new StartException(
                "no control plane at %s:%d: %s".formatted(token.host(), token.port(), reason));
          }
          LOG.warn("waits for control at {}:{}: {}", token.host(), token.port(), reason);
          TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos());
        }
      }
    }
  }

  private Membership membership(Credentials credentials, Optional<Endpoint> told)
      throws StartException {
    Endpoint control =
        config
            .link()
            .control()
            .or(() -> told)
            .orElseThrow(
                () -> new StartException("it is not known where control is; set link.control"));
    return Membership.of(credentials, control.host(), control.port(), folder, enrolment, clock);
  }

  private Optional<Used> used() throws IOException {
    Path file = folder.resolve("joined");
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    String[] words = Files.readString(file, UTF_8).strip().split(" ", -1);
    if (words.length != 2) {
      throw new IOException(file + " is damaged");
    }
    return Optional.of(new Used(Endpoint.parse(words[0]), words[1]));
  }

  private static String hash(JoinToken token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(token.token().getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
