package warmfront.edge;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.edge.log.Counters;
import warmfront.edge.log.Counters.Span;
import warmfront.edge.log.Journal;
import warmfront.edge.log.Tallies;
import warmfront.edge.step.AccessRecord;
import warmfront.edge.step.Body;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Encrypted;
import warmfront.edge.step.Place;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.edge.step.Trailed;
import warmfront.http.ByteRange;
import warmfront.time.Clock;

/**
 * Step 10, record: counts every request at one location and logs those that are to be logged.
 * Thread-safe.
 */
final class Recorder {
  private static final String VIEWER_LEFT = "ClientCommError";
  private static final String SHIELD_HIT = "OriginShieldHit";

  private final Tallies.Place tallies;
  private final Journal journal;
  private final Clock clock;
  private final @Nullable Consumer<ResultType> others;

  /** Records what viewers ask. */
  Recorder(Tallies.Place tallies, Journal journal, Clock clock) {
    this(tallies, journal, clock, null);
  }

  private Recorder(
      Tallies.Place tallies, Journal journal, Clock clock, @Nullable Consumer<ResultType> others) {
    this.tallies = tallies;
    this.journal = journal;
    this.clock = clock;
    this.others = others;
  }

  /**
   * Returns one for what others than viewers ask, who have records of their own: only the results
   * count here.
   */
  Recorder ofOthers(Consumer<ResultType> results) {
    return new Recorder(tallies, journal, clock, results);
  }

  /**
   * What is known of an exchange beside its request and response.
   *
   * @param reason why the response is not the origin's, or null
   * @param originNanos from asking the origin to its first byte; -1 if it was not asked
   * @param shieldHit whether the Origin Shield had it
   * @param encrypted what field-level encryption made of it, or null
   */
  record Facts(
      @Nullable Reason reason, long originNanos, boolean shieldHit, @Nullable Encrypted encrypted) {
    Facts(@Nullable Reason reason, long originNanos, boolean shieldHit) {
      this(reason, originNanos, shieldHit, null);
    }

    Facts with(Encrypted note) {
      return new Facts(reason, originNanos, shieldHit, note);
    }
  }

  /** Records a request that was answered. */
  void finished(
      Request request, @Nullable Route route, Response response, Facts facts, Delivery delivery) {
    ResultType shown = response.stamp().result();
    if (others != null) {
      others.accept(shown);
      return;
    }
    @Nullable Reason late = fault(response);
    ResultType result = delivery.complete() && late == null ? shown : ResultType.ERROR;
    int status = delivery.bytes() == 0 ? 0 : response.head().status();
    String distribution =
        route == null ? Counters.NO_DISTRIBUTION : route.site().distribution().id();
    long received = request.headBytes() + delivery.requestBodyBytes();
    tallies.finished(distribution, result, status, delivery, received);
    tallies.took(Span.ANSWER, result, delivery.firstByteNanos() - request.startNanos());
    tallies.took(Span.SEND, result, delivery.endNanos() - delivery.firstByteNanos());
    if (route == null ? journal.wantsUnmatched() : journal.wants(route)) {
      journal.take(
          new AccessRecord(
              Optional.of(request),
              request.place(),
              Optional.ofNullable(route),
              request.id(),
              status,
              result,
              shown,
              late == null || !delivery.complete()
                  ? detailed(facts, result, delivery)
                  : late.detailedResult(),
              response.head().fields().first("Content-Type").orElse(""),
              response.head().contentLength(),
              range(response),
              delivery,
              clock.millis(),
              delivery.endNanos() - request.startNanos(),
              facts.originNanos(),
              Optional.ofNullable(facts.encrypted())));
    }
  }

  /** Records a request that the viewer room answered. */
  void refused(String requestId, Place place, int status, Reason reason, Delivery delivery) {
    tallies.refused(reason);
    tallies.finished(
        Counters.NO_DISTRIBUTION, ResultType.ERROR, status, delivery, delivery.requestBodyBytes());
    if (journal.wantsUnmatched()) {
      journal.take(
          new AccessRecord(
              Optional.empty(),
              place,
              Optional.empty(),
              requestId,
              status,
              ResultType.ERROR,
              ResultType.ERROR,
              reason.detailedResult(),
              "",
              -1,
              Optional.empty(),
              delivery,
              clock.millis(),
              delivery.endNanos() - delivery.firstByteNanos(),
              -1,
              Optional.empty()));
    }
  }

  /** Counts a refusal. */
  void refusing(Reason reason) {
    tallies.refused(reason);
  }

  /** Counts how long an origin took to answer. */
  void fetched(long nanos) {
    tallies.took(Span.FETCH, ResultType.MISS, nanos);
  }

  /** Counts a fetch without an answer. */
  void originFailed(Route route, Reason reason) {
    tallies.originFailed(route.site().distribution().id(), reason);
  }

  /** Counts that the first origin of a group failed, and the second one is asked. */
  void failedOver(Route route) {
    tallies.failedOver(route.site().distribution().id());
  }

  /** Returns why the body ended before its end, if its fields at the end tell the viewer. */
  private static @Nullable Reason fault(Response response) {
    return response.body() instanceof Body.Flowing(Flow flow) && flow instanceof Trailed trailed
        ? trailed.fault()
        : null;
  }

  private static String detailed(Facts facts, ResultType result, Delivery delivery) {
    if (!delivery.complete()) {
      return VIEWER_LEFT;
    }
    if (facts.reason() != null) {
      return facts.reason().detailedResult();
    }
    return facts.shieldHit() && result == ResultType.HIT ? SHIELD_HIT : result.logName();
  }

  /** The part that was sent, as Content-Range names it. */
  private static Optional<ByteRange> range(Response response) {
    @Nullable String value = response.head().fields().value("Content-Range");
    if (response.head().status() != 206 || value == null || !value.startsWith("bytes ")) {
      return Optional.empty();
    }
    int dash = value.indexOf('-');
    int slash = value.indexOf('/');
    try {
      return dash < 0 || slash < dash
          ? Optional.empty()
          : Optional.of(
              new ByteRange(
                  Long.parseLong(value.substring(6, dash)),
                  Long.parseLong(value.substring(dash + 1, slash))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
