package warmfront.edge.policy;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.distribution.Distribution;
import warmfront.distribution.Remedies;
import warmfront.edge.step.Atlas;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Pages that a distribution has in the place of errors (CloudFront, "Generate custom error
 * responses"): which error has one, what is asked for it, and what the viewer gets.
 */
public final class ErrorPages {
  /** Errors after which CloudFront closes the connection. */
  private static final Set<Integer> CLOSING = Set.of(400, 405, 414, 416, 500, 501);

  private static final int LEAST_ERROR = 400;
  private static final int LEAST_REDIRECT = 300;

  private ErrorPages() {}

  /** Returns whether a response is an error at all. */
  public static boolean isError(Response response) {
    return response.head().status() >= LEAST_ERROR;
  }

  /**
   * Returns the page in the place of an error; empty if the viewer gets the error itself: as the
   * distribution says, of all its behaviors or of this one, and where the edge has no room, the
   * distribution is disabled, or the request goes in circles, in which its page would go, too.
   *
   * @param reason why the edge made the error; null if the origin did
   */
  public static Optional<Remedies.Page> instead(
      Route route, Response error, @Nullable Reason reason) {
    ResultType result = error.stamp().result();
    boolean never =
        result == ResultType.CAPACITY_EXCEEDED
            || result == ResultType.LIMIT_EXCEEDED
            || reason == Reason.DISABLED
            || reason == Reason.LOOP
            || reason == Reason.MALFORMED
            || !route.site().distribution().wishes().responses().hasPages(route.behavior());
    return never
        ? Optional.empty()
        : Optional.ofNullable(
            route.site().distribution().remedies().pages().get(error.head().status()));
  }

  /**
   * Returns the request for a page: the viewer's, without what it said of the object that failed.
   * It is admitted, since whoever is refused is to see the page.
   */
  public static Request request(
      Route of, Request failed, Remedies.Page page, Supplier<Atlas> atlas) {
    Distribution distribution = of.site().distribution();
    boolean isRoot = page.path().equals("/") && !distribution.defaultRootObject().isEmpty();
    Fields fields = failed.fields().without(ErrorPages::isOfTheFailed);
    Request request =
        new Request(
            failed.id(),
            failed.method().equals(Method.HEAD) ? Method.HEAD : Method.GET,
            failed.host(),
            isRoot ? "/" + distribution.defaultRootObject() : page.path(),
            null,
            fields,
            Flow.empty(),
            0,
            failed.protocol(),
            failed.tls(),
            failed.place(),
            failed.viewer(),
            failed.headBytes(),
            failed.startNanos());
    return ViewerFacts.toldOfError(of, request, failed, atlas);
  }

  private static boolean isOfTheFailed(String name) {
    return name.regionMatches(true, 0, "If-", 0, 3)
        || name.regionMatches(true, 0, "Content-", 0, 8)
        || name.equalsIgnoreCase("Range");
  }

  /**
   * Returns what the viewer gets: the page under the status that the distribution says; what came
   * in its place if it could not be had. Either is an error to the log.
   *
   * @param error the response that the page replaces; its body is not used
   * @param found what the request for the page was answered with
   */
  public static Response response(Response error, Remedies.Page page, Response found) {
    int status = found.head().status();
    boolean isThere = status < LEAST_REDIRECT;
    Head head =
        !isThere || status == page.status()
            ? found.head()
            : new Head(page.status(), found.head().fields(), found.head().contentLength());
    Stamp stamp =
        new Stamp(
            found.stamp().requestId(),
            ResultType.ERROR,
            found.stamp().ageSeconds(),
            CacheStatus.replaced(error));
    boolean closes = error.close() || CLOSING.contains(error.head().status());
    return new Response(head, stamp, found.body(), closes);
  }
}
