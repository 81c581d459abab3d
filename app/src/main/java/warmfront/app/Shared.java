package warmfront.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import warmfront.distribution.Kind;
import warmfront.snapshot.Entry;
import warmfront.snapshot.Snapshot;
import warmfront.snapshot.Subscriber;

/**
 * One edge that is several servers of the fleet, as in one process: each of them follows the log
 * and answers for itself. Whoever has a picture first brings it to the edge; the others hear what
 * became of it there, so that what the edge refuses, each of its servers says. Thread-safe.
 */
final class Shared implements Subscriber {
  /** Refusals that are remembered for the others; older ones were long passed on. */
  private static final int REMEMBERED_MAX = 1_000;

  private final Subscriber edge;
  private final ReentrantLock taking = new ReentrantLock();
  private final Map<Long, Verdict> refused = new LinkedHashMap<>();
  private long epoch;
  private long revision;

  /** Shares an edge. */
  Shared(Subscriber edge) {
    this.edge = edge;
  }

  @Override
  public Verdict take(Snapshot next, List<Entry> changes) {
    taking.lock();
    try {
      Optional<Verdict> known = refusal(next, changes);
      if (known.isPresent()) {
        return known.get();
      }
      return isAhead(next) ? bring(next, changes) : new Verdict.Applied();
    } finally {
      taking.unlock();
    }
  }

  private Verdict bring(Snapshot next, List<Entry> changes) {
    Verdict verdict = edge.take(next, changes);
    switch (verdict) {
      case Verdict.Applied _ -> {
        if (epoch != 0 && next.epoch() != epoch) {
          refused.clear();
        }
        epoch = next.epoch();
        revision = next.revision();
      }
      case Verdict.Rejected(long blamed, _) -> remember(blamed, verdict);
      case Verdict.NeedsFeature(long blamed, _) -> remember(blamed, verdict);
    }
    return verdict;
  }

  private void remember(long blamed, Verdict verdict) {
    refused.put(blamed, verdict);
    if (refused.size() > REMEMBERED_MAX) {
      refused.remove(refused.keySet().iterator().next());
    }
  }

  /** Returns what the edge said of a picture with one of these changes, if it refused it. */
  private Optional<Verdict> refusal(Snapshot next, List<Entry> changes) {
    if (refused.isEmpty() || (next.epoch() != epoch && epoch != 0)) {
      return Optional.empty();
    }
    for (Entry change : changes) {
      if (refused.containsKey(change.revision())) {
        return Optional.ofNullable(refused.get(change.revision()));
      }
    }
    return changes.isEmpty() ? refusal(next) : Optional.empty();
  }

  private Optional<Verdict> refusal(Snapshot whole) {
    for (Kind kind : Kind.values()) {
      for (Snapshot.Versioned one : whole.versioned(kind)) {
        if (refused.containsKey(one.revision())) {
          return Optional.ofNullable(refused.get(one.revision()));
        }
      }
    }
    return Optional.empty();
  }

  private boolean isAhead(Snapshot next) {
    return next.epoch() > epoch || (next.epoch() == epoch && next.revision() > revision);
  }
}
