package warmfront.edge.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Head;
import warmfront.edge.step.Reason;
import warmfront.time.Clock;

/** One request and its answer on a connection. State is the loop's. */
final class Turn implements AnswerFlow.Source, BodyPump.Listener {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Connection connection;
  private final Channel channel;
  private final Ask ask;
  private final long endNanos;
  private final Limits limits;
  private final Clock clock;
  private final LongAdder lent;
  private final Asker asker;

  private State state = State.NOT_SENT;
  private int informational;
  private boolean continued;
  private boolean began;
  private boolean persists;
  private boolean tunnel;
  private Duration keepAlive;
  private long touchedNanos;
  private @Nullable BodyPump pump;
  private @Nullable BodyDecoder decoder;
  private @Nullable AnswerFlow flow;

  /** The head that came with the bytes that are being read; told when they are all taken. */
  private Outcome.@Nullable Came came;

  /** Who asked; called on the loop. */
  interface Asker {
    /** The head of the answer came, with what of the body came with it, or will not come. Once. */
    void hears(Outcome outcome);

    /** The connection is free of this turn, whether the body is read or not. Once. */
    void isFree();
  }

  private enum State {
    NOT_SENT,
    HEAD,
    BODY,
    DONE
  }

  Turn(
      Connection connection,
      Errand errand,
      Limits limits,
      Clock clock,
      LongAdder lent,
      Asker asker) {
    this.connection = connection;
    this.channel = connection.channel();
    this.ask = errand.ask();
    this.endNanos = errand.endNanos();
    this.limits = limits;
    this.clock = clock;
    this.lent = lent;
    this.asker = asker;
    this.keepAlive = errand.ask().patience().keepAlive();
  }

  /** Gives up, from any thread. */
  void abort() {
    try {
      channel.eventLoop().execute(this::giveUp);
    } catch (RejectedExecutionException e) {
      var _ = channel.close(); // the loop has ended, and the turn with it
    }
  }

  private void giveUp() {
    if (flow != null) {
      flow.cancel();
    }
    breakOff(502, Reason.ORIGIN_BROKE_OFF, "the fetch was given up");
  }

  /** Sends the request. On the loop. */
  void start() {
    if (!channel.isActive()) {
      breakOff(502, Reason.ORIGIN_BROKE_OFF, "the connection had ended");
      return;
    }
    state = State.HEAD;
    connection.heads().begin();
    touch();
    var _ = channel.writeAndFlush(RequestHead.write(ask, channel.alloc()), channel.voidPromise());
    if (ask.bodyLength() != 0 && !ask.upgrades()) {
      pump = new BodyPump(channel, ask.body(), ask.bodyLength(), this);
      pump.pump();
    }
    channel.read();
    connection.lookAfter(sooner(ask.patience().read()));
  }

  /** Takes over what was read. On the loop. */
  void read(ByteBuf in) {
    touch();
    try {
      if (state == State.HEAD) {
        began = true;
        readHead(in);
      }
      if (state == State.BODY) {
        readBody(in);
      }
    } finally {
      in.release();
    }
    tell();
  }

  /**
   * Tells of the head after the bytes that came with it, so that a short body is there at once: it
   * is stored and sent whole.
   */
  private void tell() {
    Outcome.@Nullable Came head = came;
    came = null;
    if (head != null) {
      asker.hears(head);
    }
  }

  /** A read is over; the head may need another. On the loop. */
  void readComplete() {
    if (state == State.HEAD) {
      channel.read();
    } else if (state == State.BODY && flow != null && flow.isWaiting()) {
      channel.read();
    }
  }

  /** The channel takes more. On the loop. */
  void writable() {
    if (pump != null) {
      pump.pump();
    }
  }

  /**
   * No further byte will come. On the loop.
   *
   * @param clean whether the peer said so, and did not break off
   */
  void inputEnded(boolean clean, String why) {
    if (state == State.BODY && clean && decoder != null && decoder.endsWithConnection()) {
      finish(false);
    } else {
      breakOff(502, Reason.ORIGIN_BROKE_OFF, why);
    }
  }

  @Override
  public void wanted() {
    if (state == State.BODY) {
      touch();
      channel.read();
    }
  }

  @Override
  public void cancelled() {
    if (state == State.BODY) {
      end(false);
    }
  }

  @Override
  public void progressed() {
    touch();
  }

  @Override
  public void failed(String why) {
    breakOff(502, Reason.REQUEST_TIMEOUT, why);
  }

  private void touch() {
    touchedNanos = clock.nanos();
  }

  private void readHead(ByteBuf in) {
    while (true) {
      switch (connection.heads().parse(in)) {
        case HeadParser.Parsed.Partial _ -> {
          return;
        }
        case HeadParser.Parsed.Invalid(Reason reason, String why) -> {
          breakOff(502, reason, why);
          return;
        }
        case HeadParser.Parsed.Complete(AnswerHead head) -> {
          if (!head.isInformational() || switches(head)) {
            begin(head);
            return;
          }
          if (!mayPrecede(head)) {
            breakOff(502, Reason.ORIGIN_INVALID, "an unexpected answer " + head.status());
            return;
          }
          hear(head);
          connection.heads().begin();
        }
      }
    }
  }

  // CloudFront: one 100 only; 101 answers an Upgrade that was not sent, or names another protocol
  private boolean mayPrecede(AnswerHead head) {
    boolean again = head.status() == 100 && continued;
    continued |= head.status() == 100;
    return !again && head.status() != 101 && ++informational <= limits.wire().informational();
  }

  /** 100 is of this connection: the viewer's body is asked for by another one. */
  private void hear(AnswerHead head) {
    if (head.status() != 100) {
      ask.interim().hears(new Head(head.status(), EndToEnd.ofResponse(head.fields()), -1));
    }
  }

  /** RFC 6455, 4.2.2: the origin agrees to what it was asked for. */
  private boolean switches(AnswerHead head) {
    return ask.upgrades()
        && head.status() == SWITCHING_PROTOCOLS
        && head.fields().first("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
  }

  private void begin(AnswerHead head) {
    tunnel = switches(head);
    Framing framing = tunnel ? new Framing.UntilClose() : Framing.of(head, ask.isHead());
    if (framing instanceof Framing.Ambiguous(String why)) {
      breakOff(502, Reason.ORIGIN_INVALID, why);
      return;
    }
    state = State.BODY;
    persists = !tunnel && head.persists();
    head.keepAlive().filter(said -> said.compareTo(keepAlive) < 0).ifPresent(s -> keepAlive = s);
    decoder = new BodyDecoder(framing, limits.wire());
    flow = new AnswerFlow(channel.eventLoop(), this, lent);
    came =
        new Outcome.Came(head.status(), EndToEnd.ofResponse(head.fields()), flow, framing.length());
    if (tunnel) {
      asker.isFree(); // it may last for days: requests do not wait for its place
      pump = new BodyPump(channel, ask.body(), Long.MAX_VALUE, this);
      pump.pump();
    } else if (ask.upgrades()) {
      ask.body().cancel();
    }
  }

  private void readBody(ByteBuf in) {
    BodyDecoder body = Objects.requireNonNull(decoder);
    AnswerFlow reader = Objects.requireNonNull(flow);
    @Nullable ByteBuf part = body.decode(in, channel.alloc());
    if (part != null) {
      reader.add(part);
    }
    if (state != State.BODY) {
      return; // the reader cancelled on this part
    }
    @Nullable String fault = body.fault();
    if (fault != null) {
      breakOff(502, Reason.ORIGIN_INVALID, fault);
    } else if (body.isComplete()) {
      finish(!in.isReadable()); // more than was asked for: never let it meet another request
    }
  }

  private void finish(boolean clean) {
    boolean sent = pump == null || pump.isDone();
    AnswerFlow reader = Objects.requireNonNull(flow);
    end(clean && sent && persists);
    reader.end();
  }

  private void breakOff(int status, Reason reason, String detail) {
    if (state == State.DONE) {
      return;
    }
    boolean sent = state != State.NOT_SENT;
    @Nullable AnswerFlow reader = flow;
    end(false);
    if (reader == null) {
      if (sent && ask.upgrades()) {
        ask.body().cancel();
      }
      asker.hears(new Outcome.Broke(status, reason, detail, sent, began));
    } else {
      reader.breakOff(detail);
      tell();
    }
  }

  private void end(boolean reusable) {
    state = State.DONE;
    if (pump != null && !pump.isDone()) {
      pump.stop();
    }
    connection.finished(reusable, keepAlive);
    if (!tunnel) {
      asker.isFree();
    }
  }

  /** Returns a time, or what is left for the whole if that is less. */
  private Duration sooner(Duration time) {
    Duration left = Duration.ofNanos(endNanos - clock.nanos());
    return time.compareTo(left) < 0 ? time : left;
  }

  /** Looks whether the peer was silent for too long, or all of it took too long. On the loop. */
  void look() {
    if (endNanos - clock.nanos() <= 0) {
      String limit = ask.patience().whole().toMillis() + " ms";
      breakOff(504, Reason.ORIGIN_TIMEOUT, "it took longer than " + limit);
      return;
    }
    if (!waitsForPeer()) {
      touch();
    }
    Duration read = tunnel ? limits.tunnelIdle() : ask.patience().read();
    Duration silent = Duration.ofNanos(clock.nanos() - touchedNanos);
    if (silent.compareTo(read) < 0) {
      connection.lookAfter(sooner(read.minus(silent)));
    } else {
      breakOff(504, Reason.ORIGIN_TIMEOUT, "nothing came for " + read.toMillis() + " ms");
    }
  }

  private boolean waitsForPeer() {
    if (state == State.HEAD) {
      return pump == null || !pump.waitsForSender();
    }
    return flow != null && flow.isWaiting();
  }
}
