package warmfront.app;

import java.util.List;
import java.util.Optional;
import warmfront.distribution.Kind;
import warmfront.distribution.Server;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;

/** Passes pictures on and keeps the last one that was obeyed, for whoever asks. Thread-safe. */
final class Latest implements Subscriber {
  private final Subscriber next;
  private volatile Snapshot picture = Snapshot.empty();

  Latest(Subscriber next) {
    this.next = next;
  }

  @Override
  public Verdict take(Snapshot taken, List<Entry> changes) {
    Verdict verdict = next.take(taken, changes);
    if (verdict instanceof Verdict.Applied) {
      picture = taken;
    }
    return verdict;
  }

  Snapshot picture() {
    return picture;
  }

  /** Returns a server's registration. */
  Optional<Server> server(String id) {
    return picture.find(Kind.SERVER, id).map(found -> (Server) found.resource());
  }
}
