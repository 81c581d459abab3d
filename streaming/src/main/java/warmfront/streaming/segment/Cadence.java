package warmfront.streaming.segment;

import java.time.Duration;

/**
 * How live media are cut, and how much of them is kept.
 *
 * @param segment what a segment lasts at least, where keyframes come often enough
 * @param segmentMax what a segment lasts at most, where they do not
 * @param part what a part lasts, about: as many as fit divide a segment evenly, to the nearest
 *     frame
 * @param window how much of what is past players may go back to
 * @param windowBytes what each rendition's segments take of memory at most
 */
public record Cadence(
    Duration segment, Duration segmentMax, Duration part, Duration window, long windowBytes) {
  /** Segments of 2 s, 6 s at most; parts of 250 ms; a minute, in 64 MiB at most. */
  public static final Cadence STANDARD =
      new Cadence(
          Duration.ofSeconds(2),
          Duration.ofSeconds(6),
          Duration.ofMillis(250),
          Duration.ofMinutes(1),
          64L << 20);

  /** How much longer than wished a segment may be for lack of keyframes. */
  private static final int PATIENCE = 3;

  private static final long WINDOW_LEAST = 1L << 20;

  public Cadence {
    if (part.toMillis() < 1
        || segment.compareTo(part) < 0
        || segmentMax.compareTo(segment) < 0
        || window.compareTo(segmentMax) < 0
        || windowBytes < WINDOW_LEAST) {
      throw new IllegalArgumentException(
          "1 ms <= part <= segment <= longest segment <= window, in 1 MiB or more: "
              + "%s, %s, %s, %s, %d".formatted(part, segment, segmentMax, window, windowBytes));
    }
  }

  /**
   * Returns the usual cadence with segments and parts of these lengths, segments of 10 s at most.
   */
  public static Cadence of(Duration segment, Duration part) {
    return new Cadence(
        segment, segment.multipliedBy(PATIENCE), part, STANDARD.window, STANDARD.windowBytes);
  }
}
