package warmfront.streaming.live;

import java.time.Duration;

/**
 * What channels may hold, and how long they wait.
 *
 * @param keptBytesMax bytes kept since the last keyframe; a channel with more keeps nothing until
 *     the next one, and who joins meanwhile waits for that
 * @param lateBytesMax bytes that wait to be sent to a player when it misses what follows
 * @param streamsMax streams of one connection
 * @param grace how long a channel goes on without a publisher that was cut off
 * @param silence how long a publisher is silent until another with the same key takes its place
 * @param lateness how long a player may miss everything before it is let go
 */
public record LiveLimits(
    int keptBytesMax,
    int lateBytesMax,
    int streamsMax,
    Duration grace,
    Duration silence,
    Duration lateness) {
  /** Sane ones: 8 MiB are 8 s of 8 Mbit/s. */
  public static LiveLimits standard() {
    return new LiveLimits(
        8 << 20, 4 << 20, 8, Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(20));
  }

  public LiveLimits {
    if (keptBytesMax <= 0 || lateBytesMax <= 0 || streamsMax <= 0) {
      throw new IllegalArgumentException("limits must be above 0");
    }
  }
}
