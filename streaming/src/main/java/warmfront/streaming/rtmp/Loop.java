package warmfront.streaming.rtmp;

import io.netty.channel.EventLoop;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import warmfront.time.Clock;

/** What the connections of one event loop share; used on that loop only. */
final class Loop {
  private static final long SWEEP_MILLIS = 500;

  private final EventLoop executor;
  private final Limits limits;
  private final Clock clock;
  private final RandomGenerator chance;
  private final Tally tally;
  private final Sessions sessions;
  private final Set<Swept> swept = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean isDraining;

  /** What is looked after. */
  interface Swept {
    /** Ends what has taken too long by {@code now}, on the steady clock. */
    void sweep(long now);

    /** Ends what is under way when it suits. */
    void drain();

    /** Ends at once. */
    void end();
  }

  Loop(
      EventLoop executor,
      Limits limits,
      Clock clock,
      RandomGenerator chance,
      Tally tally,
      Sessions sessions) {
    this.executor = executor;
    this.limits = limits;
    this.clock = clock;
    this.chance = chance;
    this.tally = tally;
    this.sessions = sessions;
  }

  /** Begins to look after connections. */
  void start() {
    var _ =
        executor.scheduleAtFixedRate(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  void sweep() {
    long now = nanos();
    for (Swept each : swept.toArray(Swept[]::new)) {
      each.sweep(now);
    }
  }

  /** Lets everything end; what comes later as well. */
  void drain() {
    isDraining = true;
    for (Swept each : swept.toArray(Swept[]::new)) {
      each.drain();
    }
  }

  /** Ends everything at once. */
  void end() {
    for (Swept each : swept.toArray(Swept[]::new)) {
      each.end();
    }
  }

  void add(Swept each) {
    swept.add(each);
    if (isDraining) {
      each.drain();
    }
  }

  void remove(Swept each) {
    swept.remove(each);
  }

  EventLoop executor() {
    return executor;
  }

  Limits limits() {
    return limits;
  }

  /** Returns a generator that is not shared; nothing secret may come of it. */
  RandomGenerator chance() {
    return chance;
  }

  Tally tally() {
    return tally;
  }

  Sessions sessions() {
    return sessions;
  }

  long nanos() {
    return clock.nanos();
  }
}
