package warmfront.distribution;

/**
 * What a server must know, beyond the first release, to obey a resource that uses it. A log entry
 * lists them by name, and a server that lacks one refuses the entry. The names are on the wire and
 * in the store.
 */
public enum Feature {
  /** Objects have cache tags, and an invalidation may name one. */
  CACHE_TAGS,
  /** A distribution may redirect viewers to another location, or not have locations explored. */
  ROUTING_WISHES,
  /** Names of the zone may have texts. */
  TEXT_RECORDS,
  /** There are streaming distributions and live channels. */
  STREAMING,
  /** There are keys that verify signed URLs and stream names. */
  PUBLIC_KEYS
}
