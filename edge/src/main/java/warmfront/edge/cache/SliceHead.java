package warmfront.edge.cache;

/**
 * Which slice a record holds.
 *
 * @param generation the version of the object
 * @param number of the slice, from 0
 */
record SliceHead(long generation, long number) {}
