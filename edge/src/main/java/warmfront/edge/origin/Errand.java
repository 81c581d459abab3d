package warmfront.edge.origin;

import java.time.Duration;
import warmfront.edge.step.Approach;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;

/**
 * A fetch that is to be made.
 *
 * @param ask what is asked
 * @param startNanos when it began
 * @param made attempts that are counted
 * @param mayReuse whether an idle connection may be taken
 * @param approach what it took so far to be able to ask
 */
record Errand(Ask ask, long startNanos, int made, boolean mayReuse, Approach approach) {
  /**
   * What came of an attempt.
   *
   * @param fetched the result
   * @param again whether another attempt may be made
   * @param free whether this attempt is not counted
   */
  record Tried(Fetched fetched, boolean again, boolean free) {}

  /**
   * Returns what came of an attempt at it.
   *
   * @param reused whether it was made over a connection that had been idle
   * @param nowNanos on the steady clock
   */
  Tried tried(Outcome outcome, boolean reused, long nowNanos) {
    return switch (outcome) {
      case Outcome.Came came -> {
        Duration took = Duration.ofNanos(nowNanos - startNanos);
        yield new Tried(
            new Fetched.Answered(
                came.status(), came.fields(), came.body(), came.bodyLength(), took, approach),
            false,
            false);
      }
      case Outcome.Broke broke -> {
        boolean silent = broke.reason() == Reason.ORIGIN_TIMEOUT;
        boolean answers = ask.repeatable() && (!silent || ask.patience().asksAgain());
        boolean again = !broke.sent() || (answers && !broke.began());
        String detail = ask.peer() + ": " + broke.detail();
        yield new Tried(
            new Fetched.Failed(broke.status(), broke.reason(), detail), again, reused && !silent);
      }
    };
  }

  Errand after(Tried tried) {
    return new Errand(ask, startNanos, tried.free() ? made : made + 1, false, approach);
  }

  /** Returns it once the way to the peer has taken so much. */
  Errand via(Approach taken) {
    return new Errand(ask, startNanos, made, mayReuse, taken);
  }

  boolean goesOn(long nowNanos) {
    return made < ask.patience().attempts() && left(nowNanos).isPositive();
  }

  /** Returns how much of the time for the whole is left. */
  Duration left(long nowNanos) {
    return ask.patience().whole().minusNanos(nowNanos - startNanos);
  }

  /** Returns when all of it must be over, on the steady clock. */
  long endNanos() {
    return startNanos + ask.patience().whole().toNanos();
  }
}
