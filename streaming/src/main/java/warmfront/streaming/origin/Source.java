package warmfront.streaming.origin;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import warmfront.streaming.live.Hub;
import warmfront.streaming.live.Tap;
import warmfront.streaming.segment.Cadence;

/** Where the origin has channels from. Thread-safe; never waits. */
public interface Source {
  /** Returns whether a channel is published now. */
  boolean isPublished(String channel);

  /** Returns how a channel's segments are cut. */
  Cadence cadence(String channel);

  /**
   * Lets a tap hear a channel, on an executor that runs one task after another.
   *
   * @return nothing if there is no such channel
   */
  Optional<Tap.Tapped> tap(String channel, Executor executor, Tap tap);

  /**
   * Returns the channels of this process.
   *
   * @param cadences how each of them is cut
   */
  static Source of(Hub hub, Function<String, Cadence> cadences) {
    return new Source() {
      @Override
      public boolean isPublished(String channel) {
        return hub.isPublished(channel);
      }

      @Override
      public Cadence cadence(String channel) {
        return cadences.apply(channel);
      }

      @Override
      public Optional<Tap.Tapped> tap(String channel, Executor executor, Tap tap) {
        return hub.tap(channel, executor, tap);
      }
    };
  }
}
