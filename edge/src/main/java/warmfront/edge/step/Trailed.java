package warmfront.edge.step;

import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.http.Fields;

/** A body that may have fields after its end (RFC 9110, section 6.5). */
public interface Trailed extends Flow {
  /**
   * Returns why the body ended before its end, once that was told, where the fields after it say
   * so; null if it did not.
   */
  @Nullable Reason fault();

  /** Returns the fields after the body, once its end was told; empty if there are none. */
  Fields trailers();
}
