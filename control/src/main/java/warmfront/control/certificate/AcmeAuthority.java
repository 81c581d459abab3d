package warmfront.control.certificate;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import org.shredzone.acme4j.Account;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.util.KeyPairUtils;
import warmfront.link.KeyFile;
import warmfront.snapshot.Seal;

/**
 * A public authority that is asked by ACME (RFC 8555). It wants to see texts in DNS for the names
 * that a certificate is to be for (section 8.4). Thread-safe.
 */
public final class AcmeAuthority {
  /** How long the authority may take to look at all proofs, and to issue. */
  private static final Duration STEP_MAX = Duration.ofMinutes(2);

  /** How long an answer may take. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private static final String KEY_FILE = "acme.key";

  private final Options options;
  private final KeyPair accountKey;
  private final SecureRandom random;

  private AcmeAuthority(Options options, KeyPair accountKey, SecureRandom random) {
    this.options = options;
    this.accountKey = accountKey;
    this.random = random;
  }

  /**
   * Which authority.
   *
   * @param directory where its resources are listed
   * @param contact who is told of trouble, an address of mail
   */
  public record Options(URI directory, Optional<String> contact) {}

  /** Where the authority looks for proofs. */
  public interface Proofs {
    /**
     * Has DNS answer with texts, and returns once it does.
     *
     * @param texts by the domains that they are for, without wildcards
     * @throws IOException if DNS does not come to answer
     */
    void show(Map<String, List<String>> texts) throws IOException, InterruptedException;

    /** Takes the texts of domains away. */
    void withdraw(Set<String> domains);
  }

  /**
   * Returns the authority, with the account's key of a data directory ({@code acme.key}, sealed),
   * which is made if there is none.
   *
   * @throws IllegalStateException if the sealing key does not open it
   */
  public static AcmeAuthority loadOrMake(
      Options options, Path folder, SecretKey sealing, SecureRandom random) throws IOException {
    Path file = folder.resolve(KEY_FILE);
    Seal seal = new Seal(sealing, random);
    if (Files.notExists(file)) {
      StringWriter pem = new StringWriter();
      // The JDK's keys of RSA have the public key in them, its keys of elliptic curves have not.
      KeyPairUtils.writeKeyPair(Authority.newKey(SiteKey.RSA_2048, random), pem);
      KeyFile.write(file, seal.seal(pem.toString().getBytes(StandardCharsets.US_ASCII), KEY_FILE));
    }
    byte[] opened =
        seal.open(Files.readAllBytes(file), KEY_FILE)
            .orElseThrow(() -> new IllegalStateException("the sealing key does not open " + file));
    KeyPair key =
        KeyPairUtils.readKeyPair(new StringReader(new String(opened, StandardCharsets.US_ASCII)));
    return new AcmeAuthority(options, key, random);
  }

  /**
   * Orders a certificate and waits for it, some minutes at most.
   *
   * @param names DNS names in lower case; wildcards may be among them
   * @throws IOException if it is not issued; says why
   */
  public Authority.Issued issue(List<String> names, SiteKey kind, Proofs proofs)
      throws IOException, InterruptedException {
    try {
      Order order = account().newOrder().domains(names).create();
      prove(order, proofs);
      order.waitUntilReady(STEP_MAX);
      KeyPair pair = Authority.newKey(kind, random);
      order.execute(pair);
      if (order.waitForCompletion(STEP_MAX) != Status.VALID) {
        throw new IOException("the order is " + order.getStatus() + said(order.getError()));
      }
      return new Authority.Issued(pair.getPrivate(), order.getCertificate().getCertificateChain());
    } catch (AcmeException | AcmeLazyLoadingException | AcmeProtocolException failed) {
      throw new IOException(String.valueOf(failed.getMessage()), failed);
    }
  }

  /** An account that the key has already is that account (RFC 8555, section 7.3.1). */
  private Account account() throws AcmeException {
    Session session = new Session(options.directory());
    session.networkSettings().setTimeout(ANSWER_MAX);
    AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(accountKey);
    options.contact().ifPresent(builder::addEmail);
    return builder.create(session);
  }

  private static void prove(Order order, Proofs proofs)
      throws AcmeException, IOException, InterruptedException {
    Map<Authorization, Dns01Challenge> asked = new LinkedHashMap<>();
    Map<String, List<String>> texts = new LinkedHashMap<>();
    for (Authorization one : order.getAuthorizations()) {
      if (one.getStatus() == Status.VALID) {
        continue;
      }
      String domain = one.getIdentifier().getDomain();
      Dns01Challenge challenge =
          one.findChallenge(Dns01Challenge.class)
              .orElseThrow(
                  () -> new IOException("the authority does not take proofs in DNS for " + domain));
      asked.put(one, challenge);
      texts.computeIfAbsent(domain, _ -> new ArrayList<>()).add(challenge.getDigest());
    }
    try {
      proofs.show(texts);
      for (Map.Entry<Authorization, Dns01Challenge> one : asked.entrySet()) {
        one.getValue().trigger();
        if (one.getKey().waitForCompletion(STEP_MAX) != Status.VALID) {
          one.getValue().fetch();
          throw new IOException(
              "the authority does not take the proof for "
                  + one.getKey().getIdentifier().getDomain()
                  + said(one.getValue().getError()));
        }
      }
    } finally {
      proofs.withdraw(texts.keySet());
    }
  }

  private static String said(Optional<Problem> problem) {
    return problem.flatMap(Problem::getDetail).map(detail -> ": " + detail).orElse("");
  }
}
