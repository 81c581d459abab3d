package warmfront.edge.cache;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * How much the cache may take of everything. One process may have several caches, one for each
 * location it plays: then each gets its {@link #share}.
 *
 * @param memoryBytes off-heap memory for bodies, at least 1 MiB
 * @param heapBytes what objects in memory may take of the heap with their keys and headers, at
 *     least 64 KiB
 * @param objectBytesMax the longest body that is kept; of bodies whose length is not known, and
 *     where there is no disk, never more than half the memory
 * @param passWindowBytes how far a body that is too long to keep may run ahead of its slowest
 *     reader
 * @param unreadBytesMax how much of a body may still be fetched when all its viewers have left
 * @param waitersMax requests that may wait for one fetch; more of them pass
 * @param marksMax keys remembered as not storable
 * @param hitForMiss how long a key is remembered as not storable
 * @param leaderMax how long a fetch may stay without an answer before another may lead
 * @param segmentBytes a segment file is closed when it is this long
 * @param diskThreads threads that read, per disk
 * @param diskQueueMax reads that may wait, per disk; beyond it the object is a miss
 * @param diskReadMax how long a read may take before the object is a miss
 * @param diskWriteBytesMax bodies that may wait to be written, per disk; beyond it they are not
 * @param diskFilesMax segment files that are open at a time, per disk
 * @param diskFailuresMax failures within ten minutes after which a disk is taken out
 * @param diskStartMax how long a start waits for what the disks hold before it goes on without
 * @param diskRest how long a disk is not written to after a failure
 * @param closeMax how long closing waits for bodies that are still to be written
 */
public record CacheLimits(
    long memoryBytes,
    long heapBytes,
    long objectBytesMax,
    int passWindowBytes,
    long unreadBytesMax,
    int waitersMax,
    int marksMax,
    Duration hitForMiss,
    Duration leaderMax,
    long segmentBytes,
    int diskThreads,
    int diskQueueMax,
    Duration diskReadMax,
    long diskWriteBytesMax,
    int diskFilesMax,
    int diskFailuresMax,
    Duration diskStartMax,
    Duration diskRest,
    Duration closeMax) {
  private static final long MIB = 1 << 20;

  public CacheLimits {
    require(memoryBytes >= MIB, "memoryBytes is at least 1 MiB", memoryBytes);
    require(heapBytes >= 64 << 10, "heapBytes is at least 64 KiB", heapBytes);
    require(objectBytesMax >= 1, "objectBytesMax is at least 1", objectBytesMax);
    require(passWindowBytes >= 1, "passWindowBytes is at least 1", passWindowBytes);
    require(unreadBytesMax >= 0, "unreadBytesMax is at least 0", unreadBytesMax);
    require(waitersMax >= 0, "waitersMax is at least 0", waitersMax);
    require(marksMax >= 1, "marksMax is at least 1", marksMax);
    require(segmentBytes >= 4096, "segmentBytes is at least 4096", segmentBytes);
    require(diskThreads >= 1, "diskThreads is at least 1", diskThreads);
    require(diskQueueMax >= 1, "diskQueueMax is at least 1", diskQueueMax);
    require(diskFilesMax >= 1, "diskFilesMax is at least 1", diskFilesMax);
    require(diskFailuresMax >= 1, "diskFailuresMax is at least 1", diskFailuresMax);
    require(diskWriteBytesMax >= 0, "diskWriteBytesMax is at least 0", diskWriteBytesMax);
  }

  /** Returns the limits of a cache that takes a quarter of the machine's or container's memory. */
  public static CacheLimits standard() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return ofMemory(Math.max(system.getTotalMemorySize() / 4, 64 * MIB));
  }

  /** Returns the standard limits for so much memory. */
  public static CacheLimits ofMemory(long bytes) {
    return new CacheLimits(
        bytes,
        Runtime.getRuntime().maxMemory() / 2,
        // CloudFront: objects up to 50 GB
        50L * 1000 * 1000 * 1000,
        (int) MIB,
        16 * MIB,
        10_000,
        100_000,
        Duration.ofSeconds(10),
        // CloudFront: three attempts of at most 120 s each (response timeout with a raised quota)
        Duration.ofMinutes(6),
        64 * MIB,
        4,
        1024,
        Duration.ofMillis(500),
        Math.clamp(bytes / 4, MIB, 256 * MIB),
        128,
        16,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5));
  }

  /** Returns these limits for one of {@code caches} caches that share the memory. */
  public CacheLimits share(int caches) {
    return new CacheLimits(
        Math.max(memoryBytes / caches, MIB),
        Math.max(heapBytes / caches, 64 << 10),
        objectBytesMax,
        passWindowBytes,
        unreadBytesMax,
        waitersMax,
        Math.max(marksMax / caches, 1),
        hitForMiss,
        leaderMax,
        segmentBytes,
        diskThreads,
        diskQueueMax,
        diskReadMax,
        diskWriteBytesMax / caches,
        Math.max(diskFilesMax / caches, 8),
        diskFailuresMax,
        diskStartMax,
        diskRest,
        closeMax);
  }

  /** Returns the longest body that is kept, in bytes. */
  long keptBytesMax() {
    return Math.min(objectBytesMax, memoryBytes / 2);
  }

  private static void require(boolean holds, String rule, long value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ": " + value);
    }
  }
}
