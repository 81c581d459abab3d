package warmfront.edge;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.edge.Rooms.Peers.Heard;
import warmfront.edge.Rooms.Peers.Question;
import warmfront.edge.policy.Between;
import warmfront.edge.policy.ViewerFacts;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Place;
import warmfront.edge.step.Point;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;

/**
 * Step 6 where another location that is asked before the origin is one of this process: its rooms
 * answer as they would over the port between edges.
 */
final class LocalFetch implements Reply {
  private static final Delivery NO_VIEWER = new Delivery(0, 0, 0, 0, true, 0);

  private final Rooms rooms;
  private final Consumer<Heard> then;
  private final Runnable otherwise;
  private final long startNanos;

  private LocalFetch(Rooms rooms, Consumer<Heard> then, Runnable otherwise) {
    this.rooms = rooms;
    this.then = then;
    this.otherwise = otherwise;
    this.startNanos = rooms.clock().nanos();
  }

  /**
   * Asks.
   *
   * @param rooms the other location's, for what is asked of it as this tier
   * @param there the other location
   * @param then gets the answer, whose body it reads or cancels, on whatever thread it comes
   * @param otherwise called in place of {@code then} if the other location declines
   */
  static void ask(
      Rooms rooms, Place there, Question question, Consumer<Heard> then, Runnable otherwise) {
    LocalFetch reply = new LocalFetch(rooms, then, otherwise);
    Between.Received received =
        Between.read(reply.request(question, there)).orElseThrow(IllegalStateException::new);
    new Exchange(rooms, received.request(), reply).forPeer(received.matchedPath(), received.tier());
  }

  private Request request(Question question, Place there) {
    Request viewers = ViewerFacts.genuine(question.route(), question.request());
    OriginRequest ask = question.keeping().orElseThrow();
    return new Request(
        viewers.id(),
        ask.method(),
        viewers.host(),
        viewers.path(),
        viewers.query(),
        Between.kept(
            viewers, ask, new Between.Way(question.matchedPath(), Point.START, question.tier())),
        Flow.empty(),
        0,
        viewers.protocol(),
        Optional.empty(),
        there,
        viewers.viewer(),
        0,
        startNanos);
  }

  @Override
  public void send(Response response, Consumer<Delivery> whenSent) {
    Stamp stamp = response.stamp();
    @Nullable String status = stamp.cacheStatus();
    if (status == null) {
      Answers.flow(response.body()).cancel();
      otherwise.run();
    } else {
      then.accept(new Heard(answered(response, stamp), result(stamp), stamp.ageSeconds(), status));
    }
    whenSent.accept(NO_VIEWER);
  }

  private Fetched.Answered answered(Response response, Stamp stamp) {
    Fields fields = response.head().fields();
    return new Fetched.Answered(
        response.head().status(),
        stamp.ageSeconds() < 0 ? fields : fields.with("Age", Long.toString(stamp.ageSeconds())),
        Answers.flow(response.body()),
        response.head().contentLength(),
        Duration.ofNanos(rooms.clock().nanos() - startNanos));
  }

  /** An error is one by its status, whoever sends it. */
  private static ResultType result(Stamp stamp) {
    return switch (stamp.result()) {
      case HIT, REFRESH_HIT -> stamp.result();
      case MISS, REDIRECT, ERROR, LIMIT_EXCEEDED, CAPACITY_EXCEEDED -> ResultType.MISS;
    };
  }

  @Override
  public Executor loop() {
    return Runnable::run;
  }

  @Override
  public boolean gone() {
    return false;
  }
}
