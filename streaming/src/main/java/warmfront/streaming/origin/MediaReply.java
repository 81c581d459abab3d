package warmfront.streaming.origin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Slice;
import warmfront.streaming.segment.Answer;
import warmfront.streaming.segment.Resource;

/**
 * The answer to a request for a playlist or media: at once, or when what was asked for exists, or
 * piece by piece while it comes into being. On the connection's loop.
 */
final class MediaReply implements Connection.Reply {
  private final Door door;
  private final Connection connection;
  private final ChannelHandlerContext context;
  private final Asking asking;
  private final Station station;
  private final Resource resource;
  private final Runnable waiter = this::wake;
  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable ScheduledFuture<?> patience;
  private boolean waits;
  private boolean over;
  private boolean begun;
  private int sent;

  MediaReply(
      Door door,
      Connection connection,
      ChannelHandlerContext context,
      Asking asking,
      Station station,
      Resource resource) {
    this.door = door;
    this.connection = connection;
    this.context = context;
    this.asking = asking;
    this.station = station;
    this.resource = resource;
  }

  /** Goes as far as can be gone now. */
  void turn() {
    woken.set(false);
    if (over) {
      return;
    }
    switch (station.answer(resource)) {
      case Answer.Whole whole when begun -> {
        more(whole.pieces());
        finish();
        connection.end(context, asking);
      }
      case Answer.Whole whole -> {
        finish();
        connection.send(context, asking, whole);
      }
      case Answer.Growing _ when asking.isPlain() -> hold(door.limits().stall().toMillis());
      case Answer.Growing growing -> grow(growing);
      case Answer.NotYet(long patienceMillis) -> hold(patienceMillis);
      case Answer.Missing _ -> fail("it is not there, or no more");
      case Answer.Malformed(String reason) -> {
        finish();
        connection.say(context, asking, door.heads().said(HttpResponseStatus.BAD_REQUEST, reason));
      }
    }
  }

  private void grow(Answer.Growing growing) {
    if (!begun) {
      begun = true;
      connection.begin(context, asking, growing.type(), growing.cacheControl());
      if (asking.isHead()) {
        finish();
        connection.end(context, asking);
        return;
      }
    }
    more(growing.pieces());
    context.flush();
    rest();
    hold(door.limits().stall().toMillis());
  }

  private void more(List<Slice> pieces) {
    for (Slice piece : pieces.subList(sent, pieces.size())) {
      var _ = context.write(Unpooled.wrappedBuffer(piece.buffer()));
    }
    sent = pieces.size();
  }

  private void hold(long millis) {
    if (!waits) {
      if (!door.sit()) {
        over = true;
        connection.say(
            context,
            asking,
            door.heads()
                .said(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests are waiting"));
        return;
      }
      waits = true;
      station.add(waiter);
      // What changed between the question and now would be missed.
      wake();
    }
    if (patience == null) {
      patience = context.executor().schedule(this::tire, millis, TimeUnit.MILLISECONDS);
    }
  }

  /** Something has changed; said on any thread. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      context.executor().execute(this::turn);
    }
  }

  /**
   * It does not come. RFC 8216bis, 6.2.5.2 says 503; we answer 404, because that is what CloudFront
   * does not keep, if asked not to, and a stream that halts shall not be dead for longer than that.
   */
  private void tire() {
    fail("it did not come in time");
  }

  private void fail(String why) {
    if (over) {
      return;
    }
    finish();
    if (begun) {
      // Cut off, so that nobody takes it for whole.
      var _ = context.close();
    } else {
      connection.missing(context, asking, why);
    }
  }

  private void finish() {
    over = true;
    rest();
    if (waits) {
      waits = false;
      station.remove(waiter);
      door.rise();
    }
  }

  private void rest() {
    @Nullable ScheduledFuture<?> current = patience;
    if (current != null) {
      current.cancel(false);
      patience = null;
    }
  }

  @Override
  public void abandon() {
    finish();
  }
}
