package warmfront.edge;

import warmfront.edge.step.Request;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;
import warmfront.edge.step.Stored;

/** The stamps of what exchanges send. */
final class Stamps {
  private Stamps() {}

  /**
   * Returns the stamp of an object that was there.
   *
   * @param nanos the time now, on the steady clock
   */
  static Stamp hit(Request request, Stored stored, String cacheStatus, long nanos) {
    return stored(request, ResultType.HIT, stored, cacheStatus, nanos);
  }

  /** Returns the stamp of an object that the origin has just confirmed. */
  static Stamp refreshed(Request request, Stored stored, String cacheStatus, long nanos) {
    return stored(request, ResultType.REFRESH_HIT, stored, cacheStatus, nanos);
  }

  private static Stamp stored(
      Request request, ResultType result, Stored stored, String cacheStatus, long nanos) {
    return new Stamp(request.id(), result, stored.age(nanos).toSeconds(), cacheStatus);
  }

  /** Returns the stamp of what is not of the cache. */
  static Stamp miss(Request request, String cacheStatus) {
    return new Stamp(request.id(), ResultType.MISS, -1, cacheStatus);
  }
}
