package warmfront.streaming.live;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.streaming.media.Tag;

/**
 * What one who joins now is given at once: what the decoders have to know, and everything since the
 * last keyframe. Under the channel's lock.
 */
final class Recent {
  private final int bytesMax;
  private final List<Frame> sinceKey = new ArrayList<>();
  private @Nullable Tag metadata;
  private @Nullable Tag video;
  private @Nullable Tag audio;
  private long bytes;
  private boolean hasVideo;

  Recent(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Takes a frame in; it is dropped if it is not kept. */
  void add(Frame frame) {
    boolean isKept = false;
    switch (frame.role()) {
      case METADATA -> metadata = frame.tag();
      case VIDEO_CONFIGURATION -> video = configured(video, frame.tag());
      case AUDIO_CONFIGURATION -> audio = configured(audio, frame.tag());
      case KEYFRAME -> {
        forgetFrames();
        isKept = true;
      }
      case VIDEO, AUDIO, DATA -> isKept = !sinceKey.isEmpty();
    }
    hasVideo |= frame.role().isVideo();
    if (isKept) {
      keep(frame);
    } else {
      frame.drop();
    }
  }

  /** What is kept cannot be decoded with another configuration. */
  private Tag configured(@Nullable Tag before, Tag now) {
    if (before == null || !before.payload().buffer().equals(now.payload().buffer())) {
      forgetFrames();
    }
    return now;
  }

  private void keep(Frame frame) {
    sinceKey.add(frame);
    bytes += frame.length();
    if (bytes > bytesMax) {
      forgetFrames();
    }
  }

  private void forgetFrames() {
    sinceKey.forEach(Frame::drop);
    sinceKey.clear();
    bytes = 0;
  }

  /** Forgets everything: what comes is of another stream. */
  void clear() {
    forgetFrames();
    metadata = null;
    video = null;
    audio = null;
    hasVideo = false;
  }

  void forgetMetadata() {
    metadata = null;
  }

  /** Returns whether there is video, so that one who joins has to begin at a keyframe. */
  boolean hasVideo() {
    return hasVideo;
  }

  /** Returns what decoders have to know, in the order in which it is sent. */
  List<Tag> head() {
    List<Tag> head = new ArrayList<>();
    for (@Nullable Tag tag : new @Nullable Tag[] {metadata, video, audio}) {
      if (tag != null) {
        head.add(tag);
      }
    }
    return head;
  }

  /** Returns what is kept since the last keyframe, which is the first; it may be empty. */
  List<Frame> sinceKey() {
    return sinceKey;
  }
}
