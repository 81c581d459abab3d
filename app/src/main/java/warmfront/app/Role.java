package warmfront.app;

import java.time.Duration;
import java.util.Map;

/** What a process does between its ready line and SIGTERM. */
interface Role {
  /** Returns what the ready line says beside {@code "ready":true}, in this order. */
  Map<String, Object> ready();

  /** Stops accepting, lets what is under way end, closes all; called once, from one thread. */
  void drain(Duration atMost);
}
