package warmfront.app.operator;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import warmfront.time.Clock;

/** What every process tells of itself: its version, its age, its memory and threads. */
public final class Running implements Part {
  private final String version;
  private final String role;
  private final Clock clock;
  private final long startedNanos;

  /** Counts the age from now. */
  public Running(String version, String role, Clock clock) {
    this.version = version;
    this.role = role;
    this.clock = clock;
    this.startedNanos = clock.nanos();
  }

  @Override
  public String name() {
    return "process";
  }

  @Override
  public void figures(Figures out) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    out.gauge("warmfront_build", "1, with the version as label.", 1, "version", version);
    out.gauge("warmfront_uptime_seconds", "Time since the start.", uptimeSeconds());
    out.gauge("warmfront_heap_used_bytes", "Java heap in use.", (double) heap.getUsed());
    out.gauge("warmfront_heap_max_bytes", "Java heap at most.", (double) heap.getMax());
    out.gauge(
        "warmfront_threads",
        "Platform threads.",
        ManagementFactory.getThreadMXBean().getThreadCount());
  }

  @Override
  public Map<String, Object> status() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("version", version);
    status.put("role", role);
    status.put("pid", ProcessHandle.current().pid());
    status.put("uptimeSeconds", (long) uptimeSeconds());
    return status;
  }

  private double uptimeSeconds() {
    return (clock.nanos() - startedNanos) / 1e9;
  }
}
