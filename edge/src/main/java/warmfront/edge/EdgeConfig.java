package warmfront.edge;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import warmfront.edge.cache.CacheLimits;
import warmfront.edge.origin.NameService;
import warmfront.edge.origin.OriginRules;
import warmfront.edge.viewer.Listener;
import warmfront.time.Clock;

/**
 * What an edge is made of.
 *
 * @param data the folder that is this edge's own; made if it is not there
 * @param listeners where viewers connect; one edge may be several locations
 * @param loops number of event loops, shared by all locations
 * @param storage how much is kept, over all locations
 * @param outside how origins are found and judged
 * @param logsAll whether every distribution has access logs, whatever it says itself
 * @param limits what requests may take
 * @param clock the time
 * @param random chance: a {@link java.security.SecureRandom} but in tests
 */
public record EdgeConfig(
    Path data,
    List<Listener> listeners,
    int loops,
    Storage storage,
    Outside outside,
    boolean logsAll,
    Limits limits,
    Clock clock,
    RandomGenerator random) {
  /**
   * How much is kept, in bytes over all locations.
   *
   * @param memory limits of the caches, to be divided among the locations
   * @param disks disks of their own; empty for a folder below the data folder
   * @param diskBytes how much is written to that folder; 0 to keep objects in memory alone
   * @param diskReserveBytes how much is left free on that folder's file system
   */
  public record Storage(
      CacheLimits memory, List<Disk> disks, long diskBytes, long diskReserveBytes) {
    public Storage {
      disks = List.copyOf(disks);
    }

    /** A quarter of the memory, 10 GiB below the data folder, 1 GiB left free. */
    public static Storage standard() {
      return new Storage(CacheLimits.standard(), List.of(), 10L << 30, 1L << 30);
    }
  }

  /**
   * A disk for cached objects alone, shared by all locations.
   *
   * @param path a directory on it
   * @param sizeBytes how much is written to it; 0 for 80 % of what is free
   * @param reserveBytes how much is left free on it; 0 for 5 % of it
   */
  public record Disk(Path path, long sizeBytes, long reserveBytes) {
    public Disk {
      if (sizeBytes < 0 || reserveBytes < 0) {
        throw new IllegalArgumentException(
            "no negative sizes: %d, %d".formatted(sizeBytes, reserveBytes));
      }
    }
  }

  /**
   * How origins are found and judged.
   *
   * @param rules which addresses may be asked
   * @param names the machine's resolver
   * @param authorities a PEM file with authorities that are trusted beside the JDK's
   */
  public record Outside(OriginRules rules, NameService names, Optional<Path> authorities) {
    /** Public and loopback origins by the machine's resolver. */
    public static Outside oneProcess() {
      return new Outside(OriginRules.ONE_PROCESS, NameService.system(), Optional.empty());
    }
  }

  /**
   * What requests may take.
   *
   * @param viewers of connections and messages
   * @param origins of connections to origins
   * @param logs of access logs
   * @param exchangesMax exchanges that wait for origin, disk or one another at a time; one more
   *     gets 503
   * @param joinMax how long a request waits for another's fetch before it makes its own
   */
  public record Limits(
      warmfront.edge.viewer.Limits viewers,
      warmfront.edge.origin.Limits origins,
      warmfront.edge.log.Limits logs,
      int exchangesMax,
      Duration joinMax) {
    /** The rooms' own, 50,000 exchanges, 60 s. */
    public static Limits standard() {
      return new Limits(
          warmfront.edge.viewer.Limits.standard(),
          warmfront.edge.origin.Limits.DEFAULT,
          warmfront.edge.log.Limits.standard(),
          50_000,
          Duration.ofSeconds(60));
    }

    public Limits {
      if (exchangesMax < 1 || joinMax.isNegative()) {
        throw new IllegalArgumentException(
            "exchangesMax begins at 1, joinMax at 0: %d, %s".formatted(exchangesMax, joinMax));
      }
    }
  }

  public EdgeConfig {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty() || loops < 1) {
      throw new IllegalArgumentException("an edge has a listener and an event loop at least");
    }
  }
}
