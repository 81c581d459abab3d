package warmfront.control.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import warmfront.control.store.Row;
import warmfront.control.store.Transaction;
import warmfront.time.Clock;

/**
 * One-time tokens by which servers join: 15 minutes, stored as a hash alone. A token is spent in
 * the transaction that uses it.
 */
public final class EnrolmentTokens {
  /** How long a token is good. */
  public static final Duration LIFE = Duration.ofMinutes(15);

  private static final String TYPE = "enrolment-token";
  private static final int SECRET_BYTES = 32;
  private static final int SWEEP_MAX = 100;

  private final Clock clock;
  private final SecureRandom random;

  /** What a token turned out to be. */
  public sealed interface Redeemed {
    /** It was good, and is no longer. */
    record For(String serverId) implements Redeemed {}

    /** It is too old. */
    record Expired() implements Redeemed {}

    /** It was used before, or never was. */
    record Unknown() implements Redeemed {}
  }

  /** Makes tokens. */
  public EnrolmentTokens(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** Makes a token for a server and returns its secret; earlier ones of that server end. */
  public String issue(Transaction transaction, String serverId) {
    sweep(transaction, serverId);
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = HexFormat.of().formatHex(bytes);
    Instant now = clock.now();
    transaction.insert(new Row(TYPE, hash(secret), "", "", "", now, now, 0, serverId));
    return secret;
  }

  /** Spends a token. */
  public Redeemed redeem(Transaction transaction, String secret) {
    Optional<Row> row = transaction.find(TYPE, hash(secret));
    if (row.isEmpty()) {
      return new Redeemed.Unknown();
    }
    transaction.delete(TYPE, row.get().id());
    return isOld(row.get()) ? new Redeemed.Expired() : new Redeemed.For(row.get().body());
  }

  private void sweep(Transaction transaction, String serverId) {
    List<Row> rows = transaction.page(TYPE, "", Optional.empty(), SWEEP_MAX);
    for (Row row : rows) {
      if (isOld(row) || row.body().equals(serverId)) {
        transaction.delete(TYPE, row.id());
      }
    }
  }

  private boolean isOld(Row row) {
    return clock.now().isAfter(row.created().plus(LIFE));
  }

  private static String hash(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(secret.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
