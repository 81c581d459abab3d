package warmfront.streaming.rtmp;

/** Makes a session for each peer that has shaken hands. */
@FunctionalInterface
public interface Sessions {
  /** Begins a session, on the link's loop. */
  Session begin(Link link);
}
