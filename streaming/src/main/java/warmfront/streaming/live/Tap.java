package warmfront.streaming.live;

import warmfront.streaming.media.Tag;

/** Somebody in this process who hears a channel. Every call comes on the executor it gave. */
public interface Tap {
  /**
   * A stream begins, or is joined: tags follow, of the configurations first and then, if there is
   * video, from a keyframe on.
   */
  void started();

  /**
   * A tag, its time on the channel's own time line, which never goes back by more than audio and
   * video are apart, whoever publishes. A configuration that comes again may be another.
   */
  void tag(Tag tag);

  /** The stream has ended; another may begin. */
  void stopped();

  /** What is tapped. */
  interface Tapped {
    /** Hears nothing more, but for what is under way. Idempotent. */
    void end();
  }
}
