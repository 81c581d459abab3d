package warmfront.edge.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.CacheKey;
import warmfront.edge.step.Fill;
import warmfront.edge.step.Inquiry;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;

/**
 * A fetch under way. The leader settles or abandons it, once. It holds the stale object that it
 * renews until then.
 */
final class Filling implements Fill {
  private static final Settled ABANDONED = new Settled.Abandoned();

  /**
   * What a fetch begins with.
   *
   * @param key what is fetched
   * @param stale the stale object, held for the fill; null if there is none
   * @param since the configuration now
   * @param begun when, on the timeline
   * @param background whether the stale object may be served meanwhile
   * @param excusable whether it may stand in for an origin that fails
   */
  record Start(
      CacheKey key,
      @Nullable Resident stale,
      Since since,
      long begun,
      boolean background,
      boolean excusable) {}

  private final Start start;
  private final Settlement settlement;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Settled> outcome = new CompletableFuture<>();

  /** What the leader asks, in a cache that goes by RFC 9111; the leader's. */
  private @Nullable Inquiry inquiry;

  /** By which generation of variants it was looked up; 0 if by none. */
  private long generation;

  /** Whether what is fetched was written to meanwhile. */
  private volatile boolean outdated;

  /** How many have joined; guarded by the slot's lock. */
  private int joined;

  Filling(Start start, Settlement settlement) {
    this.start = start;
    this.settlement = settlement;
  }

  @Nullable Resident renewing() {
    return start.stale();
  }

  Since since() {
    return start.since();
  }

  /** Says what its leader asks of a cache that goes by RFC 9111; before it fetches. */
  void inquire(Inquiry asked, long of) {
    inquiry = asked;
    generation = of;
  }

  @Nullable Inquiry inquiry() {
    return inquiry;
  }

  long generation() {
    return generation;
  }

  /** What comes is not to be kept. */
  void outdate() {
    outdated = true;
  }

  boolean isOutdated() {
    return outdated;
  }

  long begun() {
    return start.begun();
  }

  boolean isExcusable() {
    return start.excusable();
  }

  /** Lets one more join, called under the slot's lock; false if there are too many. */
  boolean join(int max) {
    if (joined >= max) {
      return false;
    }
    joined++;
    return true;
  }

  /** Returns true to the first who settles or abandons it, and to nobody else. */
  boolean close() {
    return closed.compareAndSet(false, true);
  }

  /** Wakes those who joined. */
  void tell(Settled settled) {
    outcome.complete(settled);
  }

  void tellAbandoned() {
    tell(ABANDONED);
  }

  @Override
  public CacheKey key() {
    return start.key();
  }

  @Override
  public Optional<Stored> stale() {
    return Optional.ofNullable(start.stale());
  }

  @Override
  public boolean mayServeStale() {
    return start.background();
  }

  @Override
  public Optional<Settled> await(Duration limit) throws InterruptedException {
    try {
      return Optional.of(held(outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS)));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new AssertionError("a fill never fails", e);
    }
  }

  /**
   * Holds the object for the one who waited; if it is gone already, or may not be served to all who
   * waited, all must be asked anew.
   */
  private Settled held(Settled settled) {
    boolean there =
        switch (settled) {
          case Settled.Storing(Stored stored) -> hold(stored);
          case Settled.Refreshed(Stored stored) -> hold(stored);
          case Settled.Excused(Stored stored) -> hold(stored);
          case Settled.NotStored _, Settled.Abandoned _ -> true;
        };
    return there ? settled : ABANDONED;
  }

  private boolean hold(Stored stored) {
    return stored instanceof Resident resident
        && !settlement.isOutdated(resident)
        && resident.hold();
  }

  @Override
  public void leaveElsewhere() {
    settlement.leaveElsewhere(this);
  }

  @Override
  public void abandon() {
    settlement.abandon(this);
  }
}
