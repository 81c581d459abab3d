package warmfront.edge.cache;

import java.time.Duration;

/** Makes limits that differ from others in a few. */
final class Limits {
  private final CacheLimits base;
  private long heapBytes;
  private int threads;
  private int queueMax;
  private Duration readMax;
  private Duration startMax;
  private Duration closeMax;

  private Limits(CacheLimits base) {
    this.base = base;
    heapBytes = base.heapBytes();
    threads = base.diskThreads();
    queueMax = base.diskQueueMax();
    readMax = base.diskReadMax();
    startMax = base.diskStartMax();
    closeMax = base.closeMax();
  }

  static Limits of(CacheLimits base) {
    return new Limits(base);
  }

  Limits heapBytes(long bytes) {
    heapBytes = bytes;
    return this;
  }

  Limits threads(int count) {
    threads = count;
    return this;
  }

  Limits queueMax(int reads) {
    queueMax = reads;
    return this;
  }

  Limits readMax(Duration max) {
    readMax = max;
    return this;
  }

  Limits startMax(Duration max) {
    startMax = max;
    return this;
  }

  Limits closeMax(Duration max) {
    closeMax = max;
    return this;
  }

  CacheLimits make() {
    return new CacheLimits(
        base.memoryBytes(),
        heapBytes,
        base.objectBytesMax(),
        base.passWindowBytes(),
        base.unreadBytesMax(),
        base.waitersMax(),
        base.marksMax(),
        base.hitForMiss(),
        base.leaderMax(),
        base.segmentBytes(),
        threads,
        queueMax,
        readMax,
        base.diskWriteBytesMax(),
        base.diskFilesMax(),
        base.diskFailuresMax(),
        startMax,
        base.diskRest(),
        closeMax);
  }
}
