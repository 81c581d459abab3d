package warmfront.edge.cache;

/**
 * The point of the configuration log that was current when a fetch began.
 *
 * @param epoch the log's epoch
 * @param revision the last revision that was applied
 */
record Since(long epoch, long revision) {}
