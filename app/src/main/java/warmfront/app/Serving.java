package warmfront.app;

import java.io.PrintStream;
import java.time.Duration;
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

  /** A part of the time to drain is kept for closing what is left. */
  private static final int RESERVE_SHARE = 5;

  private Serving() {}

  /**
   * Serves until the process is told to end; returns only if it could not start.
   *
   * @param out where the ready line goes
   */
  static void serve(Config config, Start start, PrintStream out)
      throws StartException, InterruptedException {
    DataDirectory data = DataDirectory.hold(config.data());
    Role role = start.start(config, data);
    Thread ending = endWith(config, role);
    try {
      role.awaitReady();
    } catch (StartException failed) {
      Runtime.getRuntime().removeShutdownHook(ending);
      role.drain(Duration.ZERO);
      throw failed;
    }
    announce(role, out);
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

  /**
   * Drains the role when the process is told to end. A JVM that a signal ends exits with 128 and
   * the signal's number; an ordered end is none of a failure, so the hook itself ends it with 0.
   *
   * @return the hook
   */
  static Thread endWith(Config config, Role role) {
    Thread ending =
        Thread.ofPlatform()
            .name("drain")
            .unstarted(() -> {
              say("draining for at most " + config.drain().toSeconds() + " s");
              Thread watch = Thread.ofPlatform().daemon().start(() -> haltAfter(config));
              try {
                role.drain(config.drain().minus(config.drain().dividedBy(RESERVE_SHARE)));
                say("ended");
              } finally {
                watch.interrupt();
                Runtime.getRuntime().halt(0);
              }
            });
    Runtime.getRuntime().addShutdownHook(ending);
    return ending;
  }

  /** Straight to stderr: the JDK's logging ends as soon as the process begins to. */
  private static void say(String what) {
    System.err.println("warmfront: " + what);
  }

  /** A drain that overstays is cut off: the promise is about the process, not about its parts. */
  private static void haltAfter(Config config) {
    try {
      Thread.sleep(config.drain());
      say("the drain took too long and is cut off");
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // drained in time
    }
  }
}
