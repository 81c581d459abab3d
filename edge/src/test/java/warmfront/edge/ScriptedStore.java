package warmfront.edge;

import java.util.ArrayDeque;
import java.util.Deque;
import warmfront.edge.cache.StandardCache;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.Settled;
import warmfront.edge.step.TtlRule;

/** A cache that says what it was told to say. */
final class ScriptedStore implements Rooms.Store {
  private final Deque<Lookup> lookups = new ArrayDeque<>();
  private final Deque<Settled> outcomes = new ArrayDeque<>();
  private final Deque<Fetched> settled = new ArrayDeque<>();
  int looks;
  int confirmations;

  void look(Lookup lookup) {
    lookups.add(lookup);
  }

  void settle(Settled outcome) {
    outcomes.add(outcome);
  }

  Fetched settled() {
    return settled.getLast();
  }

  @Override
  public Lookup look(CacheKey key, TtlRule rule, long nanos) {
    looks++;
    return lookups.remove();
  }

  @Override
  public Lookup confirm(CacheKey key, TtlRule rule) {
    confirmations++;
    return lookups.remove();
  }

  @Override
  public Settled settle(Fill fill, Fetched fetched, TtlRule rule) {
    settled.add(fetched);
    return outcomes.remove();
  }

  @Override
  public StandardCache standard() {
    throw new UnsupportedOperationException("not told what to say by the standard");
  }
}
