package warmfront.edge.viewer;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.ErrorPage;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.Tls;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;

/** Makes requests of what begins on the streams of one HTTP/2 connection, or refuses them. */
final class Http2Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Intake.class);

  private final Loop loop;
  private final Door door;
  private final Optional<Tls> reused;
  private final Fronting fronting;
  private final InetSocketAddress viewer;
  private final Visit visit;
  private Optional<Tls> tls;

  Http2Intake(Loop loop, Door door, Tls tls, Fronting fronting, Channel channel) {
    this.loop = loop;
    this.door = door;
    this.tls = Optional.of(tls);
    this.reused = Optional.of(tls.reused());
    this.fronting = fronting;
    viewer = (InetSocketAddress) channel.remoteAddress();
    visit = Visit.of(channel);
  }

  /**
   * Begins a stream with the head that {@code parser} was given.
   *
   * @param ended whether nothing more comes on it
   * @param right whether the frames of the head were right
   * @return the stream, which may be over already
   */
  Http2Stream begin(Http2 connection, int id, Http2Parser parser, boolean ended, boolean right) {
    Received received =
        right ? judged(parser.end(ended)) : Received.malformed("A frame of the head is not right.");
    return switch (received) {
      case Accepted asked -> {
        Http2Stream stream = new Http2Stream(connection, id, asked, parser.priority(), !ended);
        accept(connection, stream, asked);
        yield stream;
      }
      case Refusal refusal -> {
        Http2Stream stream = new Http2Stream(connection, id, null, Http2Priority.UNSAID, !ended);
        refuse(connection, stream, refusal);
        yield stream;
      }
    };
  }

  private Received judged(Received received) {
    if (!visit.mayAsk()) {
      return Visit.REFUSAL;
    }
    if (!(received instanceof Accepted asked)) {
      return received;
    }
    if (!fronting.allows(asked.host())) {
      return Fronting.REFUSAL;
    }
    return asked.bodyLength() > loop.limits().message().bodyBytesMax()
        ? new Refusal(413, Reason.BODY_TOO_LARGE, "The request's body is too large.")
        : asked;
  }

  private void accept(Http2 connection, Http2Stream stream, Accepted asked) {
    loop.tally().request();
    Request request =
        new Request(
            loop.nextId(),
            asked.method(),
            asked.host(),
            asked.path(),
            asked.query(),
            asked.fields(),
            stream.body(),
            asked.bodyLength(),
            asked.protocol(),
            tls,
            door.place(),
            viewer,
            asked.headBytes(),
            connection.now());
    tls = reused;
    try {
      door.handler().handle(request, stream);
    } catch (RuntimeException e) {
      LOG.error("request {} failed", request.id(), e);
      String detail = "The edge failed to serve this request.";
      stream.send(ErrorPage.because(Reason.INTERNAL, 500, detail, request.id(), false), _ -> {});
    }
  }

  private void refuse(Http2 connection, Http2Stream stream, Refusal refusal) {
    loop.tally().refused(refusal.reason());
    String id = loop.nextId();
    if (refusal.status() == 400) {
      connection.fault(stream, Http2Error.PROTOCOL_ERROR);
      long now = connection.now();
      refused(id, refusal, new Delivery(0, 0, now, now, false, 0));
      return;
    }
    Response page =
        ErrorPage.because(refusal.reason(), refusal.status(), refusal.detail(), id, false);
    stream.send(page, sent -> refused(id, refusal, sent));
  }

  private void refused(String id, Refusal refusal, Delivery sent) {
    door.handler().refused(door.place(), id, refusal.status(), refusal.reason(), sent);
  }
}
