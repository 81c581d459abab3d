package warmfront.edge;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.RangedReader.Answer;
import warmfront.bytes.RangedReader.Found;
import warmfront.bytes.RangedReader.Lacking;
import warmfront.bytes.Slice;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Route;
import warmfront.http.ByteRange;
import warmfront.http.ContentRange;
import warmfront.http.Fields;
import warmfront.http.Status;

/**
 * One read of a part of an object: the response of its exchange becomes an answer once the first
 * byte is there. Until then it may turn out that the origin has another version by now; then it
 * begins again, once. Owned by whoever was called last.
 */
final class Read implements Reply {
  /** So much is read of a body that does not say its length, to learn it. */
  static final long UNKNOWN_BYTES_MAX = 64L << 20;

  private static final Delivery NO_VIEWER = new Delivery(0, 0, 0, 0, true, 0);
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int UNSATISFIABLE = 416;
  private static final int BAD_GATEWAY = 502;

  private final Rooms rooms;
  private final Route route;
  private final Request matched;
  private final Request asked;
  private final ByteRange wanted;
  private final Executor loop;
  private final Consumer<Answer> then;
  private @Nullable Exchange exchange;
  private boolean again;

  /**
   * Makes it.
   *
   * @param rooms for readers
   * @param matched the request that matched the route
   * @param asked what is read, of the same host
   * @param wanted which bytes; the object may end earlier
   * @param loop where the answer's flow is read
   * @param then gets the answer, on any thread
   */
  Read(
      Rooms rooms,
      Route route,
      Request matched,
      Request asked,
      ByteRange wanted,
      Executor loop,
      Consumer<Answer> then) {
    this.rooms = rooms;
    this.route = route;
    this.matched = matched;
    this.asked = asked.withRange(wanted);
    this.wanted = wanted;
    this.loop = loop;
    this.then = then;
  }

  void begin() {
    Exchange begun = new Exchange(rooms, matched, this);
    exchange = begun;
    begun.forReader(route, asked);
  }

  private void beginAgain(String why) {
    if (again) {
      lacking(BAD_GATEWAY, why);
    } else {
      again = true;
      begin();
    }
  }

  @Override
  public Executor loop() {
    return loop;
  }

  @Override
  public boolean gone() {
    return false;
  }

  @Override
  public void send(Response response, Consumer<Delivery> whenSent) {
    Head head = response.head();
    if (head.status() == PARTIAL) {
      part(response);
    } else if (head.status() == OK && head.contentLength() < 0) {
      measure(Answers.flow(response.body()));
    } else if (head.status() == OK && wanted.first() < head.contentLength()) {
      found(response, head.contentLength(), wanted.first());
    } else {
      Answers.flow(response.body()).cancel();
      int status = head.status() == OK ? UNSATISFIABLE : head.status();
      lacking(status, status + " " + Status.phrase(status));
    }
    whenSent.accept(NO_VIEWER);
  }

  private void part(Response response) {
    @Nullable ContentRange sent = ContentRange.parse(response.head().fields()).orElse(null);
    if (sent == null
        || sent.range().first() > wanted.first()
        || sent.range().last() < wanted.first()) {
      Answers.flow(response.body()).cancel();
      lacking(BAD_GATEWAY, "not the part that was asked for");
    } else {
      found(response, sent.length(), wanted.first() - sent.range().first());
    }
  }

  /** Waits for the first byte, and answers. */
  private void found(Response response, long length, long skip) {
    long take = Math.min(wanted.last(), length - 1) - wanted.first() + 1;
    var part = new PartFlow(Answers.flow(response.body()), skip, take, loop);
    part.open(
        () -> {
          boolean here = response.stamp().result() != ResultType.MISS && !hasAsked();
          then.accept(new Found(length, version(response.head(), length), here, part));
        },
        this::beginAgain);
  }

  private boolean hasAsked() {
    @Nullable Exchange ours = exchange;
    return ours != null && ours.hasAsked();
  }

  /**
   * An entity tag, unless it is weak: bodies of one weak tag may differ (RFC 9110, section 8.8.1).
   * Else what is stored is told from what will be by when it was sent.
   */
  private static String version(Head head, long length) {
    Fields fields = head.fields();
    @Nullable String etag = fields.value("ETag");
    return etag != null && etag.startsWith("\"")
        ? etag + " " + length
        : fields.value("Last-Modified") + " " + fields.value("Date") + " " + length;
  }

  /** Reads a body of unknown length to its end; what is kept of it then has a length. */
  private void measure(Flow body) {
    new Measuring(body).ask();
  }

  private void lacking(int status, String reason) {
    then.accept(new Lacking(status, reason));
  }

  /** Drops what comes. */
  private final class Measuring implements Flow.Receiver {
    private final Flow body;
    private long bytes;

    /** Questions to be put: more than one if a part came before {@link Flow#next} returned. */
    private final AtomicInteger questions = new AtomicInteger();

    Measuring(Flow body) {
      this.body = body;
    }

    @Override
    public void part(Slice part) {
      bytes += part.length();
      part.release();
      if (bytes > UNKNOWN_BYTES_MAX) {
        body.cancel();
        lacking(BAD_GATEWAY, "the origin does not say how long the object is");
        return;
      }
      ask();
    }

    void ask() {
      if (questions.getAndIncrement() > 0) {
        return; // the stack does not grow by parts
      }
      do {
        body.next(this);
      } while (questions.decrementAndGet() > 0);
    }

    @Override
    public void end() {
      beginAgain("the origin does not say how long the object is");
    }

    @Override
    public void broken(String reason) {
      lacking(BAD_GATEWAY, reason);
    }
  }
}
