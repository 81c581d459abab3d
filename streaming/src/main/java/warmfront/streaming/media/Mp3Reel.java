package warmfront.streaming.media;

import org.jspecify.annotations.Nullable;

/** A way through the frames of an MP3, each of which says where the next begins. */
final class Mp3Reel implements Reel {
  private final Mp3Medium medium;
  private long at;
  private long number;

  /** Whether a frame has to be found first, and how many bytes have been searched for it. */
  private boolean lost;

  private long searched;

  Mp3Reel(Mp3Medium medium, long millis) {
    this.medium = medium;
    number = medium.frameAt(millis);
    at = medium.offsetOf(number);
    lost = number > 0;
  }

  @Override
  public Turn next(Window window) {
    while (lost) {
      @Nullable Turn turn = search(window);
      if (turn != null) {
        return turn;
      }
    }
    long left = window.objectLength() - at;
    if (left < Mp3Frame.HEADER) {
      return new End(false);
    }
    if (!window.has(at, Mp3Frame.HEADER)) {
      return new Needs(at, Mp3Frame.HEADER);
    }
    @Nullable Mp3Frame frame = Mp3Frame.at(window, at, at + left);
    if (frame == null || !medium.first().isLike(frame)) {
      lost = true;
      searched = 0;
      return isTag(window) ? new End(false) : next(window);
    }
    if (frame.length() > left) {
      return new End(true);
    }
    Frame turn = medium.frame(number, at, frame.length());
    at += frame.length();
    number++;
    return turn;
  }

  /** Returns whether what is at hand is the beginning of a tag: ID3v1, Lyrics3, APE or ID3v2. */
  private boolean isTag(Window window) {
    int name = window.at(at) << 16 | window.at(at + 1) << 8 | window.at(at + 2);
    return name == 0x544147 || name == 0x4c5952 || name == 0x415045 || name == 0x494433;
  }

  private @Nullable Turn search(Window window) {
    long left = window.objectLength() - at;
    if (left < Mp3Frame.HEADER || searched > Limits.SEARCHED_BYTES) {
      return new End(searched > Limits.SEARCHED_BYTES);
    }
    int stretch = (int) Math.min(Mp3Frame.STRETCH, left);
    if (!window.has(at, stretch)) {
      return new Needs(at, stretch);
    }
    long found = Mp3Frame.find(window, at, stretch, medium.first());
    if (found < 0) {
      long next = Mp3Frame.nextStretch(window, at, stretch);
      searched += next - at;
      at = next;
      return null;
    }
    number = medium.found(found, number);
    at = found;
    lost = false;
    return null;
  }
}
