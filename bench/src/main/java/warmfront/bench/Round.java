package warmfront.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import warmfront.bench.Generators.Taken;
import warmfront.time.Clock;

/** What one load costs its server, from what the kernel charged before and after. */
final class Round {
  /** Bodies from this size on are counted in bytes too. */
  private static final long LARGE_BYTES = 30_000;

  private final Clock clock;
  private final Origin origin;
  private final Ground ground;

  Round(Clock clock, Origin origin, Ground ground) {
    this.clock = clock;
    this.origin = origin;
    this.ground = ground;
  }

  /** The load of one round. */
  @FunctionalInterface
  interface Action {
    Taken take() throws IOException, InterruptedException;
  }

  /** Takes a round; answers that are wrong fail it. */
  Map<Figure, Double> take(Workload workload, Server server, Action action)
      throws IOException, InterruptedException {
    long asked = origin.asked();
    Processes.Cpu cpuBefore = Processes.now().cpu(server.pid());
    Core coreBefore = Core.now(ground.serverCore());
    long begin = clock.nanos();
    Taken taken = action.take();
    double seconds = (double) (clock.nanos() - begin) / 1e9;
    Core core = Core.now(ground.serverCore()).minus(coreBefore);
    Processes after = Processes.now();
    Processes.Cpu cpu = after.cpu(server.pid()).minus(cpuBefore);
    Load load = taken.load();
    if (load.errors() > 0 || load.requests() == 0) {
      throw new IOException(load.errors() + " errors of " + load.requests() + " requests");
    }
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.putAll(taken.figures());
    if (workload.charged()) {
      figures.put(Figure.CPU_MICROS, cpu.total() * 1e6 / (double) load.requests());
      figures.put(Figure.KERNEL_MICROS, cpu.kernel() * 1e6 / (double) load.requests());
      figures.put(Figure.REQUESTS_PER_SECOND, (double) load.requests() / load.seconds());
      figures.put(Figure.ORIGIN_REQUESTS, (double) (origin.asked() - asked));
      figures.put(Figure.RESIDENT_MIB, after.residentKib(server.pid()) / 1024.0);
      figures.put(Figure.OTHERS_PERCENT, Math.max(0, core.busy() - cpu.total()) / seconds * 100);
      figures.put(Figure.STOLEN_PERCENT, core.stolen() / seconds * 100);
      if (load.bytes() / load.requests() > LARGE_BYTES) {
        figures.put(Figure.GIGABYTES_PER_CPU_SECOND, (double) load.bytes() / 1e9 / cpu.total());
      }
    }
    return figures;
  }
}
