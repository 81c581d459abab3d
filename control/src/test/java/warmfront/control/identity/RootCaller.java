package warmfront.control.identity;

import java.time.Instant;
import java.util.UUID;
import warmfront.control.store.Store;
import warmfront.time.Clock;

/** The account itself, as it signs one request after another. */
public final class RootCaller {
  private RootCaller() {}

  /** Returns the caller of a request that is like no other. */
  public static Caller of(Store store) {
    return new Caller(
        new Principal.Root(),
        "123456789012",
        new Caller.Signed(UUID.randomUUID().toString(), Instant.EPOCH),
        store,
        Clock.system());
  }
}
