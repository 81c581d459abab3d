package warmfront.link;

import java.util.Collection;

/**
 * What one side of the stream may say only if the other has told that it knows it. The names are on
 * the wire.
 */
public enum LinkFeature {
  /** A server takes latency maps. */
  MAPS,
  /** Control takes round-trip times. */
  RTT,
  /** Control invalidates what was written to. */
  WRITES;

  /** Returns whether it is among the features that the other side has. */
  public boolean isIn(Collection<String> features) {
    return features.contains(name());
  }
}
