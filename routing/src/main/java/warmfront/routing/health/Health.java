package warmfront.routing.health;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import warmfront.heartbeat.Heartbeat;
import warmfront.time.Clock;

/** What was heard of each server, and what to think of it. Thread-safe. */
public final class Health {
  private record Heard(Heartbeat last, long nanos) {}

  private final HealthLimits limits;
  private final Clock clock;
  private volatile long startNanos;
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();

  /** Knows nothing of anyone, and hopes for everyone from now on for a while. */
  public Health(HealthLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
    this.startNanos = clock.nanos();
  }

  /** Lets the time in which everyone is hoped for begin now. */
  public void begin() {
    startNanos = clock.nanos();
  }

  /**
   * Takes a heartbeat whose sender is proven; false if it is older than one taken before, or too
   * many servers speak.
   */
  public boolean take(Heartbeat heartbeat) {
    @Nullable Heard old = heard.get(heartbeat.serverId());
    boolean welcome =
        old == null ? heard.size() < limits.serversMax() : heartbeat.isAfter(old.last());
    if (welcome) {
      heard.merge(heartbeat.serverId(), new Heard(heartbeat, clock.nanos()), Health::later);
    }
    return welcome;
  }

  private static Heard later(Heard old, Heard now) {
    return now.last().isAfter(old.last()) ? now : old;
  }

  /** Forgets all servers but these. */
  public void keep(Set<String> serverIds) {
    heard.keySet().retainAll(serverIds);
  }

  /** Returns the share of its viewers that a server wants to be sent elsewhere, in percent. */
  public int shedPercent(String serverId) {
    @Nullable Heard last = heard.get(serverId);
    return last == null ? 0 : last.last().shedPercent();
  }

  /** Returns what to think of a server. */
  public Judgement judge(String serverId) {
    long now = clock.nanos();
    @Nullable Heard last = heard.get(serverId);
    if (last == null) {
      boolean early = now - startNanos < limits.silence().toNanos();
      return early ? Judgement.HOPED_FOR : Judgement.NEVER_HEARD;
    }
    if (now - last.nanos() >= limits.silence().toNanos()) {
      return Judgement.SILENT;
    }
    if (!last.last().serving()) {
      return Judgement.NOT_SERVING;
    }
    return last.last().draining() ? Judgement.DRAINING : Judgement.SERVING;
  }
}
