package warmfront.app;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import warmfront.app.config.Config;
import warmfront.app.json.Json;

/**
 * The rules of a process that serves: one JSON line on stdout once it does, SIGTERM and SIGINT
 * drain for a stated time, then it exits with 0.
 */
final class Serving {
  /** Starts a role; everything that fails on the way is closed by it. */
  interface Start {
    Role start(Config config, DataDirectory data) throws StartException, InterruptedException;
  }

  private Serving() {}

  /**
   * Serves until the process is told to end; returns only if it could not start.
   *
   * @param out where the ready line goes
   */
  static void serve(Config config, Start start, PrintStream out)
      throws StartException, InterruptedException {
    Ending ending = Ending.install(config.drain());
    boolean isServing = false;
    try {
      DataDirectory data = DataDirectory.hold(config.data());
      Role role = start.start(config, data);
      ending.drains(role);
      role.awaitReady();
      announce(role, out);
      isServing = true;
    } finally {
      if (!isServing) {
        ending.now();
      }
    }
    new CountDownLatch(1).await();
  }

  /** Prints the ready line. */
  static void announce(Role role, PrintStream out) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("ready", true);
    line.putAll(role.ready());
    out.println(Json.write(line));
    out.flush();
  }
}
