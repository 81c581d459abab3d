package warmfront.edge.step;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import warmfront.http.ByteRange;
import warmfront.http.Fields;

/**
 * A response in the cache, held by the one who looked it up until {@link #release}. Its body stays
 * readable that long, evicted or not.
 */
public interface Stored {
  /** Returns the status code as stored. */
  int status();

  /** Returns the end-to-end fields as stored, without Age and Content-Length. */
  Fields fields();

  /**
   * Returns the length of the body in bytes; -1 while it still comes and the origin did not say.
   * Ranges are only cut from a known length.
   */
  long length();

  /**
   * Returns the age of the response (RFC 9111, section 4.2.3).
   *
   * @param nanos the time to tell it for, on the steady clock
   */
  Duration age(long nanos);

  /** Returns how long it stays fresh from now; negative if it is stale. */
  Duration freshFor();

  /** Returns in words by which rule it lives. */
  String lifetime(TtlRule rule);

  /**
   * Returns the head dressed for a route, made by {@code dress} if it is not there or was made for
   * another, or before the length was known.
   */
  Head dressed(Route route, BiFunction<Stored, Route, Head> dress);

  /**
   * Returns the whole body; each call is a reading of its own. Never called after release.
   *
   * @param gaps asks the origin for what is lacking
   */
  Body body(Gaps gaps);

  /**
   * Returns a part of the body that lies within its length.
   *
   * @param gaps asks the origin for what is lacking
   */
  Body body(ByteRange range, Gaps gaps);

  /** Returns the whole body, if nothing of it is lacking. */
  default Body body() {
    return body(Gaps.UNFILLED);
  }

  /** Returns a part of the body that lies within its length, if nothing of it is lacking. */
  default Body body(ByteRange range) {
    return body(range, Gaps.UNFILLED);
  }

  /**
   * Returns whether a part of it may be neither in memory nor on disk: whoever reads it may have to
   * wait for the origin, and learn that the origin has another version by now.
   */
  default boolean mayLack() {
    return false;
  }

  /** Returns whether the origin would be asked for the beginning or the end of a range. */
  default boolean lacks(ByteRange range) {
    return false;
  }

  /** Returns its entity tag as the origin sent it. */
  Optional<String> etag();

  /** Returns its Last-Modified as the origin sent it. */
  Optional<String> lastModified();

  /** Lets go of it; bodies already taken stay readable. */
  void release();
}
