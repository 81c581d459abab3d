package warmfront.app;

import java.time.Duration;
import java.util.Map;

/** What a process does between its ready line and SIGTERM. */
interface Role {
  /**
   * Waits until it serves; may be long, as until a control plane is there.
   *
   * @throws StartException if it never will
   */
  default void awaitReady() throws StartException, InterruptedException {}

  /** Returns what the ready line says beside {@code "ready":true}, in this order. */
  Map<String, Object> ready();

  /** Stops accepting, lets what is under way end, closes all; called once, from one thread. */
  void drain(Duration atMost);
}
