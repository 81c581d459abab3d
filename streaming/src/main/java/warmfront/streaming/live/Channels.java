package warmfront.streaming.live;

import java.util.Optional;

/** Which channels there are now, and whose keys. Thread-safe; never waits. */
public interface Channels {
  /**
   * Returns the channel that a stream key publishes to here; nothing if there is none, it is off,
   * or at home elsewhere.
   */
  Optional<String> ofKey(String key);

  /** Returns whether there is a channel of this name, and on. */
  boolean isOn(String name);
}
