package warmfront.edge.step;

/** Step 7, settle: what the cache made of an answer. */
public sealed interface Settled {
  /** It is being stored; each reader takes the object and reads while it comes. */
  record Storing(Stored stored) implements Settled {}

  /** The stored object was confirmed (304) and is fresh again. */
  record Refreshed(Stored stored) implements Settled {}

  /** It may not be stored or does not fit; the leader passes it on, the others fetch their own. */
  record NotStored(Unstorable reason) implements Settled {}

  /** The origin failed, and a stale object may be served in its place. */
  record Excused(Stored stored) implements Settled {}

  /** The leader gave up without an answer. */
  record Abandoned() implements Settled {}

  /** Why an answer is not stored. */
  enum Unstorable {
    CACHE_CONTROL,
    STATUS,
    TOO_LARGE,
    PARTIAL,
    ORIGIN_FAILED,
    /** Another server of the location keeps it: those who wait ask that one, too. */
    ELSEWHERE
  }
}
