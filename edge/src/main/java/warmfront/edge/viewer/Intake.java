package warmfront.edge.viewer;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import warmfront.bytes.Flow;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.ErrorPage;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Tls;
import warmfront.edge.viewer.Received.Accepted;
import warmfront.edge.viewer.Received.Refusal;

/** Judges what begins on one connection or its streams, and hands on what is right. */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final Loop loop;
  private final Door door;
  private final Optional<Tls> reused;
  private final Fronting fronting;
  private final Visit visit;
  private Optional<Tls> tls;

  Intake(Loop loop, Door door, Optional<Tls> tls, Fronting fronting, Visit visit) {
    this.loop = loop;
    this.door = door;
    this.tls = tls;
    reused = tls.map(Tls::reused);
    this.fronting = fronting;
    this.visit = visit;
  }

  /** Judges a head by the connection that it came on and by the length that it announces. */
  Received judged(Received received) {
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

  /**
   * Hands a request on.
   *
   * @param now when its head had come, on the steady clock
   */
  void accept(Accepted asked, Flow body, Reply reply, InetSocketAddress viewer, long now) {
    loop.tally().request();
    Request request =
        new Request(
            loop.nextId(),
            asked.method(),
            asked.host(),
            asked.path(),
            asked.query(),
            asked.fields(),
            body,
            asked.bodyLength(),
            asked.protocol(),
            tls,
            door.place(),
            viewer,
            asked.headBytes(),
            now);
    tls = reused;
    try {
      door.handler().handle(request, reply);
    } catch (RuntimeException e) {
      LOG.error("request {} failed", request.id(), e);
      String detail = "The edge failed to serve this request.";
      reply.send(ErrorPage.because(Reason.INTERNAL, 500, detail, request.id(), true), _ -> {});
    }
  }

  /** Answers what is not handed on with a page that says why. */
  void refuse(Refusal refusal, Reply reply) {
    loop.tally().refused(refusal.reason());
    String id = loop.nextId();
    reply.send(
        ErrorPage.because(refusal.reason(), refusal.status(), refusal.detail(), id, false),
        sent -> refused(id, refusal, sent));
  }

  /** Takes note of what is not right by the grammar, and is answered by the end of its stream. */
  void malformed(Refusal refusal, long now) {
    loop.tally().refused(refusal.reason());
    refused(loop.nextId(), refusal, new Delivery(0, 0, now, now, false, 0));
  }

  private void refused(String id, Refusal refusal, Delivery sent) {
    door.handler().refused(door.place(), id, refusal.status(), refusal.reason(), sent);
  }
}
