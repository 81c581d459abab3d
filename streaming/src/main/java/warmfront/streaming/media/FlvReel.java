package warmfront.streaming.media;

import org.jspecify.annotations.Nullable;

/**
 * A way through the tags of an FLV, each of which says where the next begins. To seek, it goes from
 * the last keyframe that the file's own list has to the last that is there, by the tags' heads.
 */
final class FlvReel implements Reel {
  private final FlvMedium medium;
  private long at;

  /** The time that is looked for; -1 when it has been found. */
  private long target;

  /** Where the last keyframe is that is not after it; -1 as long as none was seen. */
  private long key = -1;

  private boolean begun;

  /**
   * Makes a way.
   *
   * @param at where a tag begins
   * @param target when to begin, in milliseconds; -1 to begin with that tag
   */
  FlvReel(FlvMedium medium, long at, long target) {
    this.medium = medium;
    this.at = at;
    this.target = target;
  }

  @Override
  public Turn next(Window window) {
    while (true) {
      long left = window.objectLength() - at;
      if (left < FlvTag.HEAD) {
        return new End(left > 0);
      }
      int look = (int) Math.min(FlvTag.LOOK, left);
      if (!window.has(at, look)) {
        return new Needs(at, look);
      }
      @Nullable FlvTag tag = FlvTag.at(window, at);
      if (tag == null || tag.length() > left - FlvTag.HEAD) {
        return new End(true);
      }
      if (target >= 0) {
        seek(tag);
      } else {
        at = tag.end();
        if (isShown(tag)) {
          return frame(tag);
        }
      }
    }
  }

  private void seek(FlvTag tag) {
    if (tag.isFrame() && millis(tag) > target) {
      at = key < 0 ? at : key;
      target = -1;
      begun = true;
      return;
    }
    boolean leads = tag.kind() == (medium.hasVideo() ? Tag.Kind.VIDEO : Tag.Kind.AUDIO);
    if (leads && tag.content() == FlvTag.Content.KEY) {
      key = at;
    }
    at = tag.end();
  }

  /** What a medium's head has is not said again; what changes later, and cue points, are. */
  private boolean isShown(FlvTag tag) {
    begun |= tag.isFrame();
    boolean told = tag.content() == FlvTag.Content.CONFIGURATION || tag.kind() == Tag.Kind.SCRIPT;
    return tag.length() > 0 && (tag.isFrame() || (begun && told));
  }

  private long millis(FlvTag tag) {
    return Math.max(0, tag.millis() - medium.base());
  }

  private Frame frame(FlvTag tag) {
    boolean key = tag.content() == FlvTag.Content.KEY;
    return new Frame(tag.kind(), millis(tag), key, 0, 0, tag.begin(), tag.length());
  }
}
