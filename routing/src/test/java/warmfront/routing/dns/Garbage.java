package warmfront.routing.dns;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much a piece of work allocates. */
public final class Garbage {
  private static final int TURNS = 20_000;
  private static final int TRIES = 5;

  private Garbage() {}

  /**
   * Returns how many bytes this thread allocates in some thousands of turns, once the first ones
   * are over: the fewest of a few tries, as the virtual machine itself allocates when it compiles.
   */
  public static long bytes(Runnable turn) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < TRIES && fewest > 0; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int j = 0; j < TURNS; j++) {
        turn.run();
      }
      fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return fewest;
  }
}
