package warmfront.control.store;

import warmfront.snapshot.Chain;

/**
 * Where the log ends.
 *
 * @param epoch raised by an operator who restored a backup, 1 and up
 * @param revision of the last entry, 0 before the first
 * @param chain up to the last entry
 */
public record LogHead(long epoch, long revision, Chain chain) {}
