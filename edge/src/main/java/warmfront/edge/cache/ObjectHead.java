package warmfront.edge.cache;

import warmfront.edge.step.CacheKey;

/**
 * What is written on disk of an object beside its bytes.
 *
 * @param key its key
 * @param label its status, fields and life
 * @param generation which of the versions of the object this is; slices carry it, too
 * @param bodyLength of the whole body, in bytes
 */
record ObjectHead(CacheKey key, Label label, long generation, long bodyLength) {}
