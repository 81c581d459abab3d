package warmfront.edge.viewer;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Reason;
import warmfront.edge.viewer.Received.Refusal;

/** One connection of a viewer, as its requests are counted. Used on the connection's loop only. */
final class Visit {
  /** A connection whose requests are not counted. */
  static final Visit UNCOUNTED = new Visit(null);

  /** What a request gets whose address asks too often. */
  static final Refusal REFUSAL =
      new Refusal(
          503, Reason.ADDRESS_LIMIT, "Too many requests come from this address; ask again later.");

  private static final AttributeKey<Visit> KEY = AttributeKey.valueOf(Visit.class, "visit");

  private final Guests.@Nullable Guest guest;
  private int untold;

  Visit(Guests.@Nullable Guest guest) {
    this.guest = guest;
  }

  /** Returns the visit that a connection is. */
  static Visit of(Channel channel) {
    @Nullable Visit found = channel.attr(KEY).get();
    return found == null ? UNCOUNTED : found;
  }

  /** Says that this is the visit that a connection is. */
  void is(Channel channel) {
    channel.attr(KEY).set(this);
  }

  Guests.@Nullable Guest guest() {
    return guest;
  }

  /** Counts a request; returns whether it is served. */
  boolean mayAsk() {
    if (guest == null) {
      return true;
    }
    untold++;
    return !guest.isOver();
  }

  /** Tells of the requests since the last time. */
  void tell(long nanos) {
    if (guest != null) {
      guest.tell(untold, nanos);
      untold = 0;
    }
  }
}
