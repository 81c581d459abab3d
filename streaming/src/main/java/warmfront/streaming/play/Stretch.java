package warmfront.streaming.play;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.RangedReader;
import warmfront.bytes.RangedReader.Answer;
import warmfront.bytes.RangedReader.Found;
import warmfront.bytes.RangedReader.Lacking;
import warmfront.bytes.Slice;

/**
 * A part of one version of an object that is being read, or has been. Owned by one loop; parts that
 * arrive elsewhere are handed over to it.
 */
final class Stretch implements Flow.Receiver {
  private final Source source;
  private final Pieces pieces;
  private final Executor loop;
  private final Told told;
  private long to;
  private Flow flow = Flow.empty();
  private State state = State.ASKED;
  private boolean wantsMore;

  /** The thread that is asking the flow right now: what it hears meanwhile needs no hand-over. */
  private @Nullable Thread pulling;

  private enum State {
    ASKED,
    FLOWING,
    DONE,
    RELEASED
  }

  /** What is read. */
  record Source(RangedReader reader, RangedReader.Wanted object, long length, String version) {}

  /** Hears how it goes on, on the loop. */
  interface Told {
    /** There are more bytes. */
    void arrived();

    /** A stretch ends early, where its bytes end now. */
    void failed(Stretch stretch, Failure failure);
  }

  /** Makes one that has not asked yet; {@code to} is within the object. */
  Stretch(Source source, long from, long to, Executor loop, Told told) {
    this.source = source;
    this.to = to;
    this.pieces = new Pieces(from);
    this.loop = loop;
    this.told = told;
  }

  /** Asks for the bytes. */
  void ask() {
    long from = pieces.start();
    source.reader().read(source.object(), from, to - from, loop, this::answered);
  }

  /** Takes bytes that are coming already. */
  void adopt(Flow coming) {
    flow = coming;
    state = State.FLOWING;
    pull();
  }

  long from() {
    return pieces.start();
  }

  /** Returns where it will end, or has ended early. */
  long to() {
    return to;
  }

  /** Returns where the bytes end that are here. */
  long reached() {
    return pieces.end();
  }

  Pieces pieces() {
    return pieces;
  }

  /** Gives up what is to come and lets go of what is here. Idempotent. */
  void release() {
    State before = state;
    state = State.RELEASED;
    if (before == State.FLOWING) {
      flow.cancel();
    }
    pieces.release();
  }

  private void answered(Answer answer) {
    switch (answer) {
      case Found found when state == State.RELEASED -> found.flow().cancel();
      case Found found when !fits(found) -> {
        found.flow().cancel();
        fail(new Failure.Changed());
      }
      case Found found -> adopt(found.flow());
      case Lacking lacking -> fail(new Failure.Missing(lacking.status()));
    }
  }

  private boolean fits(Found found) {
    return found.length() == source.length() && found.version().equals(source.version());
  }

  /**
   * Parts that are at hand come before {@code next} returns, so this loops instead of recursing.
   */
  private void pull() {
    wantsMore = true;
    if (pulling != null) {
      return;
    }
    pulling = Thread.currentThread();
    while (wantsMore && state == State.FLOWING) {
      wantsMore = false;
      flow.next(this);
    }
    pulling = null;
  }

  @Override
  public void part(Slice part) {
    if (Thread.currentThread() == pulling) {
      take(part);
    } else {
      loop.execute(() -> take(part));
    }
  }

  @Override
  public void end() {
    if (Thread.currentThread() == pulling) {
      ended();
    } else {
      loop.execute(this::ended);
    }
  }

  @Override
  public void broken(String reason) {
    if (Thread.currentThread() == pulling) {
      fail(new Failure.Broken(reason));
    } else {
      loop.execute(() -> fail(new Failure.Broken(reason)));
    }
  }

  private void take(Slice part) {
    if (state != State.FLOWING) {
      part.release();
      return;
    }
    pieces.append(part);
    pull();
    told.arrived();
  }

  private void ended() {
    if (state == State.FLOWING && reached() < to) {
      fail(new Failure.Broken("it ended " + (to - reached()) + " bytes early"));
    } else if (state == State.FLOWING) {
      state = State.DONE;
    }
  }

  private void fail(Failure failure) {
    if (state != State.RELEASED) {
      state = State.DONE;
      to = reached();
      told.failed(this, failure);
    }
  }
}
