package warmfront.streaming.live;

import java.util.List;
import java.util.Optional;
import warmfront.streaming.media.Tag;

/** Where channels are brought from that are at home elsewhere. Thread-safe; never waits. */
public interface Upstream {
  /**
   * Begins to bring a channel from its home, once for all who watch it here.
   *
   * @return nothing if it is at home here, or nobody knows where
   */
  Optional<Pulled> pull(String channel, Sink sink);

  /** Returns one that knows of no other home. */
  static Upstream none() {
    return (_, _) -> Optional.empty();
  }

  /** What is brought. Calls come one after another, on any thread. */
  interface Sink {
    /** Takes what came together, from the configurations and a keyframe on. */
    void tags(List<Tag> tags);

    /**
     * Nothing more comes; the last call.
     *
     * @param isEnd whether the broadcast has ended, or else the way to it was lost
     */
    void over(boolean isEnd);
  }

  /** Something that is being brought. */
  interface Pulled {
    /** Brings no more. Idempotent. */
    void end();
  }
}
