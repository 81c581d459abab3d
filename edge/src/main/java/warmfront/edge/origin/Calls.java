package warmfront.edge.origin;

import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;
import warmfront.time.Clock;

/**
 * Calls of gRPC: each a stream on a connection over HTTP/2, of which there are as many as the calls
 * under way need. A call is sent once; another attempt is made only while no connection comes
 * about, or if one ended before anything of the call was sent over it. Thread-safe.
 */
final class Calls {
  /** So many connections may end just when a call begins on them. */
  private static final int UNSENT_MAX = 3;

  private static final String GIVEN_UP = "the viewer is gone";

  private final Tools tools;
  private final Limits limits;
  private final Map<Peer, CallLines> lines = new ConcurrentHashMap<>();

  /**
   * What calls need.
   *
   * @param connector opens connections
   * @param tls shakes hands for HTTP/2
   * @param whereabouts finds addresses
   * @param waits where calls wait for a connection
   * @param clock the time
   * @param counters counts what happens
   */
  record Tools(
      Connector connector,
      ClientTls tls,
      Whereabouts whereabouts,
      Waiting waits,
      Clock clock,
      Counters counters) {}

  Calls(Tools tools, Limits limits) {
    this.tools = tools;
    this.limits = limits;
  }

  /**
   * Begins a call, without waiting.
   *
   * @param near where a connection is opened, if none has room
   * @param then gets the answer, whose body it reads or cancels; or why there is none
   * @return what gives the call up, from any thread
   */
  Runnable begin(Errand errand, EventLoopGroup near, Consumer<Fetched> then) {
    var calling = new Calling(errand, near, then);
    calling.go();
    return calling::giveUp;
  }

  /** Forgets peers that nobody calls. */
  void tidy() {
    lines.values().removeIf(CallLines::isUnused);
  }

  /** One call until its head has come, whatever it takes. */
  private final class Calling implements Call.Asker {
    private final Errand errand;
    private final EventLoopGroup near;
    private final Consumer<Fetched> then;
    private final CallLines line;
    private int unsent;
    private @Nullable Call call; // guarded by this
    private boolean givenUp; // guarded by this

    Calling(Errand errand, EventLoopGroup near, Consumer<Fetched> then) {
      this.errand = errand;
      this.near = near;
      this.then = then;
      this.line =
          lines.computeIfAbsent(errand.ask().peer(), peer -> new CallLines(peer, tools, limits));
    }

    void go() {
      @Nullable CallConnection open = line.take();
      if (open != null) {
        tools.counters().reused.increment();
        start(open);
        return;
      }
      try {
        tools.waits().execute(this::connect);
      } catch (RejectedExecutionException e) {
        fails(503, Reason.OVERLOADED, "too many requests wait, or the edge is stopping");
      }
    }

    /** Waits for a connection, on a thread of its own. */
    private void connect() {
      try {
        switch (tools.whereabouts().of(errand.ask(), left())) {
          case Whereabouts.Found.Nowhere(Fetched.Failed failed) -> fails(failed);
          case Whereabouts.Found.Addresses(List<InetAddress> allowed) -> connect(allowed);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fails(502, Reason.OVERLOADED, "the edge is stopping");
      }
    }

    private void connect(List<InetAddress> addresses) throws InterruptedException {
      Ask ask = errand.ask();
      for (int made = 1; ; made++) {
        Duration once = ask.patience().connect();
        Duration limit = once.compareTo(left()) < 0 ? once : left();
        switch (line.open(near, addresses, ask.patience().keepAlive(), limit)) {
          case CallLines.Opened.Ready(CallConnection connection) -> {
            start(connection);
            return;
          }
          case CallLines.Opened.Closed(Fetched.Failed failed, boolean mayRetry) -> {
            if (!mayRetry || made >= ask.patience().attempts() || !left().isPositive()) {
              fails(failed);
              return;
            }
            tools.counters().retried.increment();
          }
        }
      }
    }

    private Duration left() {
      return errand.left(tools.clock().nanos());
    }

    /** Begins on a connection on which a stream is reserved. */
    private void start(CallConnection connection) {
      Call next = new Call(errand, limits, tools.clock(), tools.counters().lent, this);
      boolean wanted;
      synchronized (this) {
        wanted = !givenUp;
        call = next;
      }
      if (wanted) {
        connection.start(next);
      } else {
        connection.release();
        fails(502, Reason.REQUEST_TIMEOUT, GIVEN_UP);
      }
    }

    void giveUp() {
      @Nullable Call begun;
      synchronized (this) {
        givenUp = true;
        begun = call;
      }
      if (begun != null) {
        begun.abort(GIVEN_UP);
      }
    }

    @Override
    public void hears(Outcome outcome) {
      switch (outcome) {
        case Outcome.Came came -> {
          Duration took = Duration.ofNanos(tools.clock().nanos() - errand.startNanos());
          Fetched answered =
              new Fetched.Answered(
                  came.status(), came.fields(), came.body(), came.bodyLength(), took);
          then.accept(tools.counters().note(answered));
        }
        case Outcome.Broke broke -> {
          if (broke.sent() || unsent == UNSENT_MAX) {
            fails(broke.status(), broke.reason(), broke.detail());
          } else {
            unsent++;
            tools.counters().retried.increment();
            go();
          }
        }
      }
    }

    private void fails(int status, Reason reason, String detail) {
      fails(new Fetched.Failed(status, reason, errand.ask().peer() + ": " + detail));
    }

    private void fails(Fetched.Failed failed) {
      errand.ask().body().cancel();
      then.accept(tools.counters().note(failed));
    }
  }
}
