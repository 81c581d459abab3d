package warmfront.edge.policy;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Approach;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;

/**
 * The end of step 8: what a behavior says of every response to a viewer, whether it is of the
 * cache, the origin or the edge itself. Other servers of the location get responses without it,
 * since they keep them.
 */
public final class Finish {
  private Finish() {}

  /**
   * What else is known of a response.
   *
   * @param matched the behavior of the request, which is another one than that of a page in the
   *     place of an error
   * @param reason why the edge made the response; null if it did not
   * @param originNanos from asking the origin to its first byte; -1 if it was not asked
   * @param approach what of that was before it could be asked
   * @param now on the steady clock
   */
  public record Facts(
      Route matched, @Nullable Reason reason, long originNanos, Approach approach, long now) {}

  /** Returns whether responses of a route stay as they are. */
  public static boolean isPlain(Route route) {
    return Plan.of(route).isPlain();
  }

  /**
   * Returns a response as its viewer gets it.
   *
   * @param request as it was admitted
   */
  public static Response finished(Route route, Request request, Response response, Facts facts) {
    Head head = response.head();
    @Nullable Attire attire = Plan.of(route).attire();
    if (attire != null && response.stamp().result() != ResultType.REDIRECT) {
      head = attire.on(head, request);
      if (attire.serverTiming().isPresent()
          && ServerTiming.isDue(request, attire.serverTiming().getAsInt())) {
        head = with(head, ServerTiming.NAME, ServerTiming.of(request, response, facts));
      }
    }
    if (Plan.of(route).explains()) {
      head = with(head, Explanation.NAME, Explanation.of(request, response, facts));
    }
    return new Response(head, response.stamp(), response.body(), response.close());
  }

  /** Returns how a response came about, in plain words. */
  public static String explanation(Request request, Response response, Facts facts) {
    return Explanation.of(request, response, facts);
  }

  private static Head with(Head head, String name, String value) {
    return new Head(head.status(), head.fields().with(name, value), head.contentLength());
  }
}
