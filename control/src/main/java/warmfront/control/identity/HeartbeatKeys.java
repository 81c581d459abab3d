package warmfront.control.identity;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import warmfront.control.store.Store;
import warmfront.distribution.HeartbeatKey;
import warmfront.distribution.Kind;

/** The key by which DNS servers know that a heartbeat is an edge's: one for the fleet. */
public final class HeartbeatKeys {
  private static final int KEY_BYTES = 32;

  private HeartbeatKeys() {}

  /** Publishes a key, number 1, if the fleet has none. To be called at start. */
  public static void ensure(Store store, SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    HeartbeatKey key = new HeartbeatKey("1", Base64.getEncoder().encodeToString(bytes));
    long _ =
        store.write(transaction ->
            transaction.latest(Kind.HEARTBEAT_KEY).isEmpty()
                ? transaction.append(Kind.HEARTBEAT_KEY, key.id(), Optional.of(key))
                : transaction.head());
  }
}
