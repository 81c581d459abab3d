package warmfront.edge.peer;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import warmfront.distribution.Rendezvous;
import warmfront.time.Clock;

/**
 * Another server of the location, and what is thought of it. Thread-safe.
 *
 * <p>It is not asked while it is silent: what it was asked stands without an answer, and nothing at
 * all came of it meanwhile. After a failure it is not asked for a while; then one request tries.
 */
public final class Sibling {
  private final String id;
  private final InetSocketAddress address;
  private final int weight;
  private final long hash;
  private final Limits limits;
  private final Clock clock;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile long heardNanos;
  private volatile boolean failed;
  private final AtomicLong retryNanos = new AtomicLong();

  Sibling(String id, InetSocketAddress address, int weight, Limits limits, Clock clock) {
    this.id = id;
    this.address = address;
    this.weight = weight;
    this.hash = Rendezvous.hash(id);
    this.limits = limits;
    this.clock = clock;
  }

  /** Returns its id in the fleet. */
  public String id() {
    return id;
  }

  /** Returns where it listens for other edges. */
  public InetSocketAddress address() {
    return address;
  }

  boolean is(InetSocketAddress at, int share) {
    return address.equals(at) && weight == share;
  }

  double score(long key) {
    return Rendezvous.score(key, hash, weight);
  }

  /** Returns whether it may own anything now. */
  boolean isUsable() {
    long now = clock.nanos();
    boolean isSilent = waiting.get() > 0 && now - heardNanos > limits.silence().toNanos();
    return !isSilent && (!failed || now - retryNanos.get() >= 0);
  }

  /**
   * Takes leave to ask it; who gets that ends in {@link #answered}, {@link #failed} or {@link
   * #ended}, once.
   */
  boolean begin() {
    long now = clock.nanos();
    if (failed) {
      long due = retryNanos.get();
      if (now - due < 0 || !retryNanos.compareAndSet(due, now + limits.retryAfter().toNanos())) {
        return false;
      }
    }
    if (waiting.getAndIncrement() == 0) {
      heardNanos = now;
    }
    return true;
  }

  /** It answered. */
  void answered() {
    heardNanos = clock.nanos();
    failed = false;
    waiting.decrementAndGet();
  }

  /** It could not be asked, did not answer, or has too much to do: others are to be asked. */
  void failed() {
    heardNanos = clock.nanos();
    retryNanos.set(heardNanos + limits.retryAfter().toNanos());
    failed = true;
    waiting.decrementAndGet();
  }

  /** Nothing was learnt about it. */
  void ended() {
    waiting.decrementAndGet();
  }

  @Override
  public String toString() {
    return id + " at " + address;
  }
}
