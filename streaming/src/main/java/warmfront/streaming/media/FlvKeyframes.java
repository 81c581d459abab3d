package warmfront.streaming.media;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where the keyframes of an FLV are, as its onMetaData says. Immutable. */
final class FlvKeyframes {
  private final long[] millis;
  private final long[] offsets;

  private FlvKeyframes(long[] millis, long[] offsets) {
    this.millis = millis;
    this.offsets = offsets;
  }

  /**
   * Takes what script data says, if times and positions grow; else nothing.
   *
   * @param base the timestamp that is the beginning
   */
  static FlvKeyframes of(@Nullable ScriptReader script, long base) {
    int count = script == null ? 0 : script.keyframes();
    long[] millis = new long[count];
    long[] offsets = new long[count];
    for (int i = 0; script != null && i < count; i++) {
      millis[i] = Math.round(script.time(i) * 1000) - base;
      offsets[i] = Math.round(script.position(i));
      if (i > 0 && (millis[i] < millis[i - 1] || offsets[i] < offsets[i - 1])) {
        return new FlvKeyframes(new long[0], new long[0]);
      }
    }
    return new FlvKeyframes(millis, offsets);
  }

  /** Returns where the tag of the last keyframe begins that is not after a time; -1 if unknown. */
  long offsetAt(long time) {
    int found = Arrays.binarySearch(millis, time);
    int at = found >= 0 ? found : -found - 2;
    return at < 0 ? -1 : offsets[at];
  }

  long weight() {
    return 64L + 16L * offsets.length;
  }
}
