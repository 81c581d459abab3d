package warmfront.edge;

import java.time.Duration;
import java.util.List;
import warmfront.bytes.Flow;
import warmfront.bytes.Parts;
import warmfront.bytes.Slice;
import warmfront.edge.policy.Pages;
import warmfront.edge.step.Body;
import warmfront.edge.step.ErrorPage;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Settled;
import warmfront.edge.step.Stored;
import warmfront.http.Fields;

/** What is done to answers between fetch and settle. */
final class Answers {
  private static final int SERVER_ERROR = 500;

  private Answers() {}

  /** Adds the field that a recipient adds (RFC 9110, section 6.6.1). */
  static Fetched.Answered dated(Fetched.Answered answered, Dates dates) {
    if (answered.fields().has("Date")) {
      return answered;
    }
    Fields fields = answered.fields().with("Date", dates.now());
    return new Fetched.Answered(
        answered.status(), fields, answered.body(), answered.bodyLength(), answered.took());
  }

  /**
   * An origin that gives no answer is cached like one that answers 502 or 504 (CloudFront, "How
   * CloudFront caches errors"), so that those who wait get the page, too. It names the id of the
   * request that made the fetch.
   */
  static Fetched shared(Fetched fetched, String requestId, Dates dates) {
    return fetched instanceof Fetched.Failed failed && failed.reason() != Reason.OVERLOADED
        ? page(failed, requestId, dates)
        : fetched;
  }

  /** Returns whether an origin gave no answer, or one that says that it failed. */
  static boolean isFailure(Fetched fetched) {
    return switch (fetched) {
      case Fetched.Answered answered -> answered.status() >= SERVER_ERROR;
      case Fetched.Failed _ -> true;
    };
  }

  private static Fetched page(Fetched.Failed failed, String requestId, Dates dates) {
    byte[] html = ErrorPage.html(failed.status(), Pages.sentence(failed.reason()), requestId);
    Fields fields =
        Fields.of(
            "Content-Type",
            "text/html; charset=utf-8",
            "Server",
            "Warmfront",
            "Proxy-Status",
            failed.reason().proxyStatus(),
            "Date",
            dates.now());
    return new Fetched.Answered(failed.status(), fields, Flow.of(html), html.length, Duration.ZERO);
  }

  /** Returns a body as a flow, which is to be read or cancelled. */
  static Flow flow(Body body) {
    return switch (body) {
      case Body.None _ -> Flow.empty();
      case Body.Flowing(Flow flow) -> flow;
      case Body.Pinned(Slice slice, int offset, int length) -> {
        Slice part = slice.part(offset, length);
        slice.release();
        yield new Parts(List.of(part));
      }
    };
  }

  /** Lets go of an answer that nobody is to be sent. */
  static void letGo(Fetched fetched, Settled settled) {
    switch (settled) {
      case Settled.Storing(Stored stored) -> stored.release();
      case Settled.Refreshed(Stored stored) -> stored.release();
      case Settled.Excused(Stored stored) -> stored.release();
      case Settled.NotStored _, Settled.Abandoned _ -> {
        if (fetched instanceof Fetched.Answered answered) {
          answered.body().cancel();
        }
      }
    }
  }
}
