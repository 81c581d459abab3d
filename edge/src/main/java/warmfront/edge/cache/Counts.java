package warmfront.edge.cache;

import java.util.concurrent.atomic.LongAdder;

/** The counters themselves. Thread-safe. */
final class Counts {
  final LongAdder memoryObjects = new LongAdder();
  final LongAdder diskBytes = new LongAdder();
  final LongAdder diskObjects = new LongAdder();
  final LongAdder hits = new LongAdder();
  final LongAdder fills = new LongAdder();
  final LongAdder joins = new LongAdder();
  final LongAdder stores = new LongAdder();
  final LongAdder refreshes = new LongAdder();
  final LongAdder excuses = new LongAdder();
  final LongAdder brokenOff = new LongAdder();
  final LongAdder evictions = new LongAdder();
  final LongAdder invalidated = new LongAdder();
  final LongAdder diskReads = new LongAdder();
  final LongAdder diskWrites = new LongAdder();
  final LongAdder diskSkips = new LongAdder();
  final LongAdder diskAdmitted = new LongAdder();
  final LongAdder diskRefused = new LongAdder();
  final LongAdder diskErrors = new LongAdder();
  final LongAdder quarantined = new LongAdder();
  final LongAdder disksOut = new LongAdder();

  CacheCounters read(long memoryBytes, long indexBytes) {
    return new CacheCounters(
        memoryBytes,
        memoryObjects.sum(),
        diskBytes.sum(),
        diskObjects.sum(),
        indexBytes,
        hits.sum(),
        fills.sum(),
        joins.sum(),
        stores.sum(),
        refreshes.sum(),
        excuses.sum(),
        brokenOff.sum(),
        evictions.sum(),
        invalidated.sum(),
        diskReads.sum(),
        diskWrites.sum(),
        diskSkips.sum(),
        diskAdmitted.sum(),
        diskRefused.sum(),
        diskErrors.sum(),
        quarantined.sum(),
        disksOut.sum());
  }
}
