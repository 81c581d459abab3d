package warmfront.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The end of a process that was told to end: its role is drained within a stated time, then it
 * exits with 0. A JVM that a signal ends exits with 128 and the signal's number; an ordered end is
 * no failure, so the hook itself ends the process. Thread-safe.
 */
final class Ending {
  /** A part of the time to drain is kept for closing what is left. */
  private static final int RESERVE_SHARE = 5;

  private final Duration atMost;
  private final Thread hook;
  private @Nullable Role role;
  private boolean drained;

  private Ending(Duration atMost) {
    this.atMost = atMost;
    this.hook = Thread.ofPlatform().name("drain").unstarted(this::end);
  }

  /** Takes SIGTERM and SIGINT from now on; a process that serves nothing yet ends at once. */
  static Ending install(Duration atMost) {
    Ending ending = new Ending(atMost);
    Runtime.getRuntime().addShutdownHook(ending.hook);
    return ending;
  }

  /** Says what is to be drained. */
  synchronized void drains(Role serving) {
    role = serving;
  }

  /**
   * Drains the role, if there is one, because the process ends by itself, with a status of its own.
   * If it was told to end meanwhile, that goes on instead and this never returns.
   */
  void now() throws InterruptedException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) { // the hook runs already, and halts
      new CountDownLatch(1).await();
    }
    drain(Duration.ZERO);
  }

  private void end() {
    Thread watch = Thread.ofPlatform().daemon().start(this::haltLate);
    try {
      drain(atMost.minus(atMost.dividedBy(RESERVE_SHARE)));
    } finally {
      watch.interrupt();
      Runtime.getRuntime().halt(0);
    }
  }

  private synchronized void drain(Duration within) {
    Role serving = role;
    if (serving == null || drained) {
      return;
    }
    drained = true;
    if (!within.isZero()) {
      say("draining for at most " + atMost.toSeconds() + " s");
    }
    serving.drain(within);
    if (!within.isZero()) {
      say("ended");
    }
  }

  /** A drain that overstays is cut off: the promise is about the process, not about its parts. */
  private void haltLate() {
    try {
      Thread.sleep(atMost);
      say("the drain took too long and is cut off");
      Runtime.getRuntime().halt(0);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // drained in time
    }
  }

  /** Straight to stderr: the JDK's logging ends as soon as the process begins to. */
  private static void say(String what) {
    System.err.println("warmfront: " + what);
  }
}
