package warmfront.streaming.play;

import java.net.InetAddress;
import java.util.Optional;

/** Whether a viewer may play a stream whose names must be signed. Thread-safe; never waits. */
@FunctionalInterface
public interface Admission {
  /**
   * Checks a name when it is played; playing goes on when a signature expires meanwhile.
   *
   * @param distribution the id of the streaming distribution
   * @param name what is to be played, its query included
   * @param viewer who asks
   * @return why it is refused; empty if it is not
   */
  Optional<String> refusal(String distribution, StreamName name, InetAddress viewer);
}
