package warmfront.control.publish;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.control.store.Store;
import warmfront.control.store.Transaction;
import warmfront.distribution.Kind;
import warmfront.distribution.Lapse;

/**
 * Says in the log which edges may not know the latest changes. Being in the log, it is the same for
 * all control processes, reaches DNS servers as any change does, is acknowledged by them, and stays
 * on their disks: while no control plane is up, nothing expires. Confined to one thread.
 */
final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  private final Store store;
  private final Members members;

  Leases(Store store, Members members) {
    this.store = store;
    this.members = members;
  }

  /** Lets leases lapse, and gives them back to edges that have all changes again. */
  void advance() {
    Members.Due due = members.due();
    if (!due.isEmpty()) {
      store.write(transaction -> {
        long head = transaction.head();
        due.lapsing().forEach(id -> lapse(transaction, id));
        due.renewed().forEach((id, word) -> renew(transaction, id, word.revision() >= head));
        return true;
      });
    }
    members.watchDns();
  }

  private static void lapse(Transaction transaction, String id) {
    boolean registered = transaction.latest(Kind.SERVER, id).isPresent();
    if (registered && transaction.latest(Kind.LAPSE, id).isEmpty()) {
      LOG.warn("the lease of {} lapses: it may not know the latest changes", id);
      transaction.append(Kind.LAPSE, id, Optional.of(new Lapse(id)));
    }
  }

  /**
   * Gives a lease back. A change may be complete that the edge was not waited for, so it has to be
   * at the very end of the log, which does not move while this transaction lasts.
   */
  private static void renew(Transaction transaction, String id, boolean atHead) {
    if (atHead && transaction.latest(Kind.LAPSE, id).isPresent()) {
      LOG.info("{} has all changes again", id);
      transaction.append(Kind.LAPSE, id, Optional.empty());
    }
  }
}
