package warmfront.edge.cache;

/**
 * What the cache has done since it started, and what it holds now.
 *
 * @param memoryBytes off-heap bytes handed out, those on their way included
 * @param memoryObjects whole objects in memory
 * @param diskBytes bytes in segment files
 * @param diskObjects objects that can be read from disk
 * @param indexBytes off-heap bytes of the index of what is on disk
 * @param hits look-ups answered from memory
 * @param fills fetches begun for the cache
 * @param joins requests that waited for another's fetch
 * @param stores bodies that came in whole and were kept
 * @param refreshes stored objects that the origin confirmed
 * @param excuses stale objects served because the origin failed
 * @param brokenOff bodies that did not come in whole
 * @param evictions objects that left memory to make room
 * @param invalidated objects that were found invalidated
 * @param diskReads objects, and slices of long ones, read from disk and verified
 * @param diskWrites objects, and slices of long ones, written to disk
 * @param diskSkips objects, and slices of long ones, not written because the disk was behind,
 *     resting or full
 * @param diskAdmitted objects that a full disk was given because they were asked for again
 * @param diskRefused objects that a full disk was not given because they were asked for once
 * @param diskErrors failed reads and writes, and records that were not what was written
 * @param quarantined segment files put aside because they are damaged or not ours
 * @param disksOut disks taken out because they failed again and again
 */
public record CacheCounters(
    long memoryBytes,
    long memoryObjects,
    long diskBytes,
    long diskObjects,
    long indexBytes,
    long hits,
    long fills,
    long joins,
    long stores,
    long refreshes,
    long excuses,
    long brokenOff,
    long evictions,
    long invalidated,
    long diskReads,
    long diskWrites,
    long diskSkips,
    long diskAdmitted,
    long diskRefused,
    long diskErrors,
    long quarantined,
    long disksOut) {}
