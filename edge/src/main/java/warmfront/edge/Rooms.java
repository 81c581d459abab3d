package warmfront.edge;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import warmfront.edge.behavior.Sites;
import warmfront.edge.policy.Keys;
import warmfront.edge.policy.OriginRequests;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Lookup;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Settled;
import warmfront.edge.step.TtlRule;
import warmfront.time.Clock;

/**
 * The rooms that a request goes through, as {@link Exchange} sees them.
 *
 * @param sites the picture that is served now
 * @param keys step 4
 * @param cache steps 5 and 7
 * @param asks what origins are asked
 * @param origin step 6
 * @param recorder step 10
 * @param offLoop runs what may wait, each on a thread of its own
 * @param fresh whether the edge is sure to know the latest changes
 * @param joinMax how long a request waits for another's fetch before it makes its own
 * @param dates the value of Date
 * @param clock the time
 */
record Rooms(
    Supplier<Sites> sites,
    Keys keys,
    Store cache,
    OriginRequests asks,
    Origin origin,
    Recorder recorder,
    Executor offLoop,
    BooleanSupplier fresh,
    Duration joinMax,
    Dates dates,
    Clock clock) {
  /** Steps 5 and 7, as {@link warmfront.edge.cache.Cache} has them. */
  interface Store {
    /** Looks up without blocking; {@code nanos} is the time now, on the steady clock. */
    Lookup look(CacheKey key, TtlRule rule, long nanos);

    /** Looks up what may be served only if the origin confirms it. */
    Lookup confirm(CacheKey key, TtlRule rule);

    /** Ends a fill with what the origin said. */
    Settled settle(Fill fill, Fetched fetched, TtlRule rule);
  }

  /** Step 6, as {@link warmfront.edge.origin.Origins} has it. */
  interface Origin {
    /** Asks, and hands over the head of the answer on whatever thread it comes; never waits. */
    void fetch(OriginRequest request, Consumer<Fetched> then);
  }
}
