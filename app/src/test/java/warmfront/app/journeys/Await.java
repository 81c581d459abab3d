package warmfront.app.journeys;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what becomes true soon, asking again and again. */
final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private Await() {}

  /** What is asked. */
  interface Question {
    boolean isTrue() throws Exception;
  }

  /**
   * Returns when the answer is yes.
   *
   * @throws AssertionError if it is not within 15 s
   */
  static void until(String what, Question question) throws Exception {
    within(PATIENCE, what, question);
  }

  /**
   * Returns when the answer is yes.
   *
   * @throws AssertionError if it is not within {@code patience}
   */
  static void within(Duration patience, String what, Question question) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (!question.isTrue()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
