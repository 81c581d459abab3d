package warmfront.edge.policy;

import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Head;
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
   * @param originNanos from asking the origin to its first byte; -1 if it was not asked
   * @param now on the steady clock
   */
  public record Facts(long originNanos, long now) {}

  /** Returns whether responses of a route stay as they are. */
  public static boolean isPlain(Route route) {
    return Plan.of(route).isPlain();
  }

  /** Returns a response as its viewer gets it; a redirect of the edge's own stays as it is. */
  public static Response finished(Route route, Request request, Response response, Facts facts) {
    @Nullable Attire attire = Plan.of(route).attire();
    if (attire == null || response.stamp().result() == ResultType.REDIRECT) {
      return response;
    }
    Head head = attire.on(response.head(), request);
    if (attire.serverTiming().isPresent()
        && ServerTiming.isDue(request, attire.serverTiming().getAsInt())) {
      head =
          new Head(
              head.status(),
              head.fields().with(ServerTiming.NAME, ServerTiming.of(request, response, facts)),
              head.contentLength());
    }
    return new Response(head, response.stamp(), response.body(), response.close());
  }
}
