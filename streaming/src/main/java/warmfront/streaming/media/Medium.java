package warmfront.streaming.media;

import java.util.List;

/** One version of a file that can be played: what all its viewers share. Immutable. */
public interface Medium {
  /** Returns how long it plays, in milliseconds; -1 if it does not say. */
  long durationMillis();

  /**
   * Returns what goes ahead of frames, at the beginning and after each seek: onMetaData and the
   * codecs' configurations, as tags at 0 ms.
   */
  List<Tag> head();

  /**
   * Returns the codecs that a player has to know by name, as FourCCs of Enhanced RTMP; empty if all
   * are those that FLV always had.
   */
  List<String> fourCcs();

  /**
   * Begins to read.
   *
   * @param millis where; at the last keyframe that is not after it, or the first frame of a file
   *     without video. Beyond the end it is at the end at once
   */
  Reel from(long millis);

  /** Returns how much memory it takes, in bytes: for those who keep it. */
  long weight();
}
