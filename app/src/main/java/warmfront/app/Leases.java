package warmfront.app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import warmfront.link.Lease;

/**
 * The leases of the servers that an edge is: of one in a fleet, of several in one process. The edge
 * is there before it follows the log, so it asks here. Thread-safe.
 */
final class Leases implements BooleanSupplier {
  private final List<Lease> leases = new CopyOnWriteArrayList<>();

  void add(Lease lease) {
    leases.add(lease);
  }

  /** Returns whether all are held. */
  @Override
  public boolean getAsBoolean() {
    boolean held = !leases.isEmpty();
    for (Lease lease : leases) {
      held &= lease.held();
    }
    return held;
  }
}
