package warmfront.streaming.origin;

import java.time.Duration;

/**
 * What those who ask may take.
 *
 * @param connections open at a time; more are closed at once
 * @param waiting requests that are held for what is about to be; more are answered 503
 * @param flvBytes what one viewer of FLV may have unsent before frames are left out for it
 * @param idle how long a connection may take for a request, from the end of the one before
 * @param stall how long nothing may leave for one who is being sent something
 * @param linger how long a channel is packaged after somebody asked for it, and stays after it
 *     ended
 */
public record OriginLimits(
    int connections, int waiting, int flvBytes, Duration idle, Duration stall, Duration linger) {
  /** 4096 connections, 4096 waiting, 4 MiB of FLV; 60 s, 20 s, 60 s. */
  public static final OriginLimits STANDARD =
      new OriginLimits(
          4096,
          4096,
          4 << 20,
          Duration.ofSeconds(60),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60));

  public OriginLimits {
    if (connections < 1 || waiting < 1 || flvBytes < 1 << 16) {
      throw new IllegalArgumentException(
          "at least one connection, one waiting, 64 KiB: %d, %d, %d"
              .formatted(connections, waiting, flvBytes));
    }
    if (!idle.isPositive() || !stall.isPositive() || !linger.isPositive()) {
      throw new IllegalArgumentException(
          "no time at all: %s, %s, %s".formatted(idle, stall, linger));
    }
  }
}
