package warmfront.edge.step;

/** Step 5, look up: what the cache knows of a key (RFC 9111, section 4). */
public sealed interface Lookup {
  /** A fresh object in memory. */
  record Hit(Stored stored) implements Lookup {}

  /** An object on disk, of which only the index is read: promote it off the loop. */
  record OnDisk(Promotion promotion) implements Lookup {}

  /** A stale object in memory; the caller leads the fetch that renews it. */
  record Stale(Stored stored, Fill fill) implements Lookup {}

  /** Another request fetches it. */
  record Joined(Fill fill) implements Lookup {}

  /** Nothing; the caller leads the fetch. */
  record Miss(Fill fill) implements Lookup {}

  /** The cache has no part in it. */
  record Pass(Passing reason) implements Lookup {}

  /** A read from disk that is still to be made. */
  interface Promotion {
    /**
     * Reads the object, verifies it and puts it in memory. Called on a virtual thread; the read
     * runs on the disk's own threads and has the disk's deadline.
     *
     * @return anything but {@link OnDisk}: a miss if it could not be read or was not what was
     *     written
     */
    Lookup await() throws InterruptedException;
  }

  /** Why the cache has no part in a request. */
  enum Passing {
    METHOD,
    CACHING_DISABLED,
    HIT_FOR_MISS,
    TOO_MANY_WAITERS,
    /** It asks for a tunnel. */
    UPGRADE,
    /** It is not to be stored. */
    NO_STORE,
    /** It asks that the origin is not asked. */
    ONLY_IF_CACHED
  }
}
