package warmfront.streaming.play;

/** Which distribution a host's name is of, now. Thread-safe; never waits. */
@FunctionalInterface
public interface Distributions {
  /**
   * Returns what has this name.
   *
   * @param host in lower case, without a port and without a dot at its end
   */
  Named named(String host);

  /** What has a name. */
  sealed interface Named {}

  /**
   * A streaming distribution that is enabled.
   *
   * @param id as {@code S1EXAMPLE}
   * @param signed whether its stream names must be signed
   */
  record Streaming(String id, boolean signed) implements Named {}

  /** A web distribution, which does not speak RTMP. */
  record Web() implements Named {}

  /** Nothing, or a distribution that is disabled. */
  record Unknown() implements Named {}
}
