package warmfront.edge.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Origin;
import warmfront.edge.step.Body;
import warmfront.edge.step.Fetched.Answered;
import warmfront.edge.step.Gaps;
import warmfront.edge.step.Head;
import warmfront.edge.step.Internal;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Stamp;
import warmfront.edge.step.Stored;
import warmfront.http.ByteRange;
import warmfront.http.Conditions;
import warmfront.http.ContentRange;
import warmfront.http.FieldNames;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.http.Ranges;
import warmfront.http.Vary;

/**
 * Step 8, dress: what the viewer gets of a stored object or of an answer. A list of several parts
 * is answered as multipart/byteranges.
 */
public final class Dress {
  private static final String PRECONDITION = "A condition of the request does not hold.";
  private static final String NOT_THERE = "The object has no such part.";

  /** So many parts of a list may have the origin asked for a slice each. */
  private static final int LACKING_PARTS_MAX = 8;

  /** Fields that concern one hop, that the framing says, or that only this edge may say. */
  private static final FieldNames DROPPED =
      FieldNames.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "content-length",
          "upgrade",
          "age",
          "via",
          "x-cache",
          "x-amz-cf-pop",
          "x-amz-cf-id");

  private static final FieldNames OF_S3 = FieldNames.of("x-amz-id-2", "x-amz-request-id");

  private Dress() {}

  /** Returns a response with one more field, for one viewer. */
  public static Response with(Response response, String name, String value) {
    Head head = response.head();
    return new Response(
        new Head(
            head.status(), head.fields().edit().add(name, value).build(), head.contentLength()),
        response.stamp(),
        response.body(),
        response.close());
  }

  /**
   * Returns the response of a stored object: 200 or as stored; 304 and 412 by the viewer's
   * conditions; 206 and 416 by its range. Takes of the body what is sent; the caller still lets go
   * of {@code stored}.
   *
   * @param stamp its result is made Error for a status of 400 and above
   */
  public static Response stored(Route route, Request request, Stored stored, Stamp stamp) {
    return stored(route, request, stored, stamp, Gaps.UNFILLED);
  }

  /**
   * Returns the response of a stored object of which parts may be lacking.
   *
   * @param gaps asks the origin for them
   */
  public static Response stored(
      Route route, Request request, Stored stored, Stamp stamp, Gaps gaps) {
    Head head = stored.dressed(route, Dress::head);
    if (head.status() == 200 && Conditions.arePresent(request.fields())) {
      @Nullable Response conditional = conditional(route, request, head, stamp);
      if (conditional != null) {
        return conditional;
      }
      if (rangeCounts(request, head)) {
        return ranged(request, stored, head, stamp, gaps);
      }
    }
    return whole(request, stored, head, stamp, gaps);
  }

  /**
   * Returns the response of an answer to a shared request that is not stored. Takes over its body.
   */
  public static Response answered(Route route, Request request, Answered answered, Stamp stamp) {
    Head head = head(route, answered);
    if (head.status() == 200 && Conditions.arePresent(request.fields())) {
      @Nullable Response conditional = conditional(route, request, head, stamp);
      if (conditional != null) {
        answered.body().cancel();
        return conditional;
      }
    }
    return flowing(request, answered, head, stamp);
  }

  /**
   * Returns the response of an answer to a request that passed the cache by: the origin has judged
   * conditions and range. Takes over its body.
   */
  public static Response passed(Route route, Request request, Answered answered, Stamp stamp) {
    return flowing(request, answered, head(route, answered), stamp);
  }

  private static Response flowing(Request request, Answered answered, Head head, Stamp stamp) {
    boolean bodiless =
        request.method().equals(Method.HEAD)
            || head.status() == 204
            || head.status() == 304
            || answered.bodyLength() == 0;
    if (bodiless) {
      answered.body().cancel();
    }
    Body body = bodiless ? new Body.None() : new Body.Flowing(answered.body());
    return new Response(head, judged(stamp, head.status()), body, false);
  }

  private static Response whole(Request request, Stored stored, Head head, Stamp stamp, Gaps gaps) {
    boolean bodiless = request.method().equals(Method.HEAD) || stored.length() == 0;
    Body body = bodiless ? new Body.None() : stored.body(gaps);
    return new Response(head, judged(stamp, head.status()), body, false);
  }

  private static @Nullable Response conditional(
      Route route, Request request, Head head, Stamp stamp) {
    Fields fields = dated(route, head.fields());
    return switch (Conditions.evaluate(request.method(), request.fields(), fields)) {
      case PROCEED -> null;
      case NOT_MODIFIED -> new Response(notModified(head), stamp, new Body.None(), false);
      case FAILED -> explained(request, 412, PRECONDITION, stamp, Fields.empty());
    };
  }

  /** RFC 9111, section 4.3.2: what does not say when it was modified is as old as it is. */
  private static Fields dated(Route route, Fields fields) {
    @Nullable String date = fields.value("Date");
    boolean lacking = date != null && Plan.of(route).isStandard() && !fields.has("Last-Modified");
    return lacking && date != null ? fields.with("Last-Modified", date) : fields;
  }

  /** RFC 9110, section 15.4.5: what describes the body that is not sent is left out. */
  private static Head notModified(Head head) {
    Fields fields =
        head.fields()
            .edit()
            .removeIf(name -> name.regionMatches(true, 0, "Content-", 0, 8))
            .build();
    return new Head(304, fields, head.contentLength());
  }

  private static boolean rangeCounts(Request request, Head head) {
    return request.method().equals(Method.GET)
        && head.contentLength() >= 0
        && request.fields().has("Range")
        && Conditions.rangeApplies(request.fields(), head.fields());
  }

  private static Response ranged(
      Request request, Stored stored, Head head, Stamp stamp, Gaps gaps) {
    String asked = request.fields().first("Range").orElseThrow();
    long length = head.contentLength();
    return switch (Ranges.of(asked, length)) {
      case Ranges.Whole _ -> whole(request, stored, head, stamp, gaps);
      case Ranges.Parts(List<ByteRange> ranges) when areDear(ranges, stored) ->
          whole(request, stored, head, stamp, gaps);
      case Ranges.Parts(List<ByteRange> ranges) -> {
        Multipart parts = Multipart.of(ranges, head, stamp.requestId(), stored, gaps);
        yield new Response(parts.head(), stamp, parts.body(), false);
      }
      case Ranges.Part(ByteRange range) -> {
        String is = new ContentRange(range, length).toString();
        Fields fields = head.fields().edit().set("Content-Range", is).build();
        Head part = new Head(206, fields, range.length());
        yield new Response(part, stamp, stored.body(range, gaps), false);
      }
      case Ranges.Unsatisfiable _ ->
          explained(
              request, 416, NOT_THERE, stamp, Fields.of("Content-Range", "bytes */" + length));
    };
  }

  /**
   * Whether the origin would have to send many slices for a few bytes in each: then the viewer gets
   * them all, so that it cannot have the origin send much more than it takes itself.
   */
  private static boolean areDear(List<ByteRange> ranges, Stored stored) {
    return ranges.size() > LACKING_PARTS_MAX
        && stored.mayLack()
        && ranges.stream().filter(stored::lacks).limit(LACKING_PARTS_MAX + 1L).count()
            > LACKING_PARTS_MAX;
  }

  /** An error page that keeps what the cache said of the object. */
  private static Response explained(
      Request request, int status, String detail, Stamp stamp, Fields more) {
    Response page = Pages.error(request, status, detail, false);
    Head head =
        new Head(
            status, page.head().fields().edit().addAll(more).build(), page.head().contentLength());
    return new Response(head, judged(stamp, status), page.body(), false);
  }

  private static Stamp judged(Stamp stamp, int status) {
    return status < 400
        ? stamp
        : new Stamp(stamp.requestId(), ResultType.ERROR, stamp.ageSeconds(), stamp.cacheStatus());
  }

  /** Returns the head of a stored object, the same for every viewer of a route. */
  static Head head(Stored stored, Route route) {
    Head head = head(route, stored.status(), stored.fields(), stored.length());
    Plan plan = Plan.of(route);
    return plan.explains()
        ? new Head(
            head.status(),
            head.fields()
                .with(
                    Explanation.LIFETIME,
                    plan.isStandard() ? Explanation.STANDARD : stored.lifetime(plan.rule())),
            head.contentLength())
        : head;
  }

  private static Head head(Route route, Answered answered) {
    return head(route, answered.status(), answered.fields(), answered.bodyLength());
  }

  private static Head head(Route route, int status, Fields fields, long length) {
    boolean varies = Plan.of(route).compresses() && Compression.mayVary(status, fields, length);
    return new Head(status, cleaned(fields, route, varies), length);
  }

  /**
   * CloudFront, "HTTP responses and your custom origin".
   *
   * @param varies whether the body depends on what codings the viewer takes
   */
  private static Fields cleaned(Fields fields, Route route, boolean varies) {
    Plan plan = Plan.of(route);
    boolean isS3 =
        switch (route.origin().type()) {
          case Origin.S3 _ -> true;
          case Origin.Custom _ -> false;
        };
    boolean isCoded = fields.has(Internal.ETAG);
    Fields.Builder cleaned = Fields.builder();
    fields.forEach((name, value) -> {
      if (name.equalsIgnoreCase("Vary")) {
        String visible = visibleVary(plan, value);
        if (!visible.isEmpty()) {
          cleaned.add(name, visible);
        }
      } else if (!isDropped(name, plan, isS3) && !(isCoded && Compression.isDigest(name))) {
        cleaned.add(name, value);
      }
    });
    return varies ? Vary.with(cleaned.build(), "Accept-Encoding") : cleaned.build();
  }

  private static boolean isDropped(String name, Plan plan, boolean isS3) {
    return DROPPED.has(name)
        || Internal.is(name)
        || (name.equalsIgnoreCase("Set-Cookie") && !plan.hasCookies())
        || (isS3 && OF_S3.has(name));
  }

  private static String visibleVary(Plan plan, String value) {
    List<String> visible = new ArrayList<>();
    for (String name : value.split(",", -1)) {
      if (plan.isVisibleInVary(name.strip())) {
        visible.add(name.strip());
      }
    }
    return String.join(", ", visible);
  }
}
