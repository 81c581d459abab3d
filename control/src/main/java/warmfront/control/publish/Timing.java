package warmfront.control.publish;

import java.time.Duration;

/**
 * How long things take between control and its fleet.
 *
 * @param beat between two words to a server that has nothing new to hear
 * @param silenceMax a server that said nothing for so long is not live; DNS judges alike
 * @param ttl how long resolvers keep our answers
 * @param poll between two looks at the log when no notice came
 */
public record Timing(Duration beat, Duration silenceMax, Duration ttl, Duration poll) {
  /** What control uses. */
  public static final Timing STANDARD =
      new Timing(
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1));

  /** Returns after how long a silence no viewer can reach a server any more. */
  Duration absentAfter() {
    return silenceMax.plus(ttl);
  }
}
