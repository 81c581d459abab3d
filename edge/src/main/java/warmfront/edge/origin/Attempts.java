package warmfront.edge.origin;

import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import warmfront.edge.step.Approach;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.Reason;
import warmfront.time.Clock;

/**
 * Makes what has to wait: for a name, for a place in the pool, for a connection, for the outcome of
 * an attempt and then for another. Called on threads that may wait. Thread-safe.
 */
final class Attempts {
  private static final Duration ANY_AGE = Duration.ofDays(1);

  static final Fetched STOPPING =
      new Fetched.Failed(502, Reason.OVERLOADED, "the edge is stopping");

  private final Tools tools;
  private final Limits limits;
  private final Map<Peer, Pool> pools;
  private final Texts texts = new Texts();

  /**
   * What it works with.
   *
   * @param connector opens connections
   * @param tls shakes hands
   * @param whereabouts finds addresses
   * @param clock the time
   * @param counters what is counted
   */
  record Tools(
      Connector connector,
      ClientTls tls,
      Whereabouts whereabouts,
      Clock clock,
      Counters counters) {}

  /**
   * Makes it.
   *
   * @param pools the connections to each peer, to which it adds
   */
  Attempts(Tools tools, Limits limits, Map<Peer, Pool> pools) {
    this.tools = tools;
    this.limits = limits;
    this.pools = pools;
  }

  /** Returns a turn that is to be started. */
  Turn turn(Connection connection, Errand errand, Turn.Asker asker) {
    return new Turn(connection, errand, limits, tools.clock(), tools.counters().lent, asker);
  }

  /** Returns how long a connection may have been idle. */
  Duration idleMax(Ask ask) {
    return ask.repeatable() ? ANY_AGE : limits.pool().unsafeIdle();
  }

  /**
   * Makes as many attempts as the errand allows. Its request's body is read or cancelled.
   *
   * @param near where a connection is opened
   */
  Fetched make(Errand errand, EventLoopGroup near) {
    var sending = new Sending();
    try {
      return resolved(errand, near, sending);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return STOPPING;
    } finally {
      if (!sending.started) {
        errand.ask().body().cancel();
      }
    }
  }

  /** Whether the request's body is a turn's now. Owned by the fetching thread. */
  private static final class Sending {
    private boolean started;
  }

  private Fetched resolved(Errand errand, EventLoopGroup near, Sending sending)
      throws InterruptedException {
    long asked = tools.clock().nanos();
    return switch (tools.whereabouts().of(errand.ask(), errand.left(asked))) {
      case Whereabouts.Found.Nowhere(Fetched.Failed failed) -> failed;
      case Whereabouts.Found.Addresses(List<InetAddress> allowed) -> {
        Errand named = errand.via(new Approach(tools.clock().nanos() - asked, 0));
        yield inPool(new Job(named, near, allowed), sending);
      }
    };
  }

  /**
   * A fetch that is ready to go.
   *
   * @param errand what is to be done
   * @param near where a connection is opened
   * @param addresses of the peer
   */
  private record Job(Errand errand, EventLoopGroup near, List<InetAddress> addresses) {}

  private Fetched inPool(Job job, Sending sending) throws InterruptedException {
    Peer peer = job.errand().ask().peer();
    Pool pool = pools.computeIfAbsent(peer, _ -> new Pool(peer, limits.pool()));
    return switch (pool.enter(job.errand().left(tools.clock().nanos()))) {
      case QUEUE_FULL ->
          new Fetched.Failed(
              502,
              Reason.OVERLOADED,
              "%d requests wait for %s already".formatted(limits.pool().queued(), peer));
      case TOO_LATE -> new Fetched.Failed(504, Reason.OVERLOADED, peer + " was busy for too long");
      case ENTERED -> entered(job, pool, sending);
    };
  }

  private Fetched entered(Job job, Pool pool, Sending sending) throws InterruptedException {
    var place = new Place(pool);
    try {
      return attempts(job, place, sending);
    } finally {
      place.done();
    }
  }

  private Fetched attempts(Job job, Place place, Sending sending) throws InterruptedException {
    Errand errand = job.errand();
    Errand.Tried tried = attempt(job, errand, place, sending);
    errand = errand.after(tried);
    while (tried.again() && errand.goesOn(tools.clock().nanos())) {
      tools.counters().retried.increment();
      tried = attempt(job, errand, place, sending);
      errand = errand.after(tried);
    }
    return tried.fetched();
  }

  private Errand.Tried attempt(Job job, Errand errand, Place place, Sending sending)
      throws InterruptedException {
    Pool pool = place.pool();
    Ask ask = errand.ask();
    @Nullable Connection idle = errand.mayReuse() ? pool.take(idleMax(ask)) : null;
    if (idle != null) {
      tools.counters().reused.increment();
      return errand.tried(outcome(idle, errand, place, sending), true, tools.clock().nanos());
    }
    long begun = tools.clock().nanos();
    Duration left = errand.left(begun);
    Duration once = ask.patience().connect();
    Duration limit = once.compareTo(left) < 0 ? once : left;
    return switch (tools.connector().connect(opening(pool), job.near(), job.addresses(), limit)) {
      case Connector.Connected.Closed<Connection>(Fetched.Failed failed, boolean mayRetry) ->
          new Errand.Tried(failed, mayRetry, false);
      case Connector.Connected.Open<Connection>(Connection connection) -> {
        tools.counters().opened.increment();
        Errand near = errand.via(errand.approach().connecting(tools.clock().nanos() - begun));
        yield near.tried(outcome(connection, near, place, sending), false, tools.clock().nanos());
      }
    };
  }

  private Connector.Opening<Connection> opening(Pool pool) {
    return new Connector.Opening<>(
        pool.peer(),
        tools.tls(),
        channel -> {
          var connection =
              new Connection(pool, channel, tools.clock(), new HeadParser(limits.wire(), texts));
          channel.pipeline().addLast(connection);
          return connection;
        });
  }

  /** Sends the request and waits for what comes of it. */
  private Outcome outcome(Connection connection, Errand errand, Place place, Sending sending)
      throws InterruptedException {
    Ask ask = errand.ask();
    CompletableFuture<Outcome> heard = new CompletableFuture<>();
    Place used = place.use();
    Turn turn =
        turn(
            connection,
            errand,
            new Turn.Asker() {
              @Override
              public void hears(Outcome outcome) {
                heard.complete(outcome);
              }

              @Override
              public void isFree() {
                used.done();
              }
            });
    if (!connection.start(turn)) {
      used.done();
      return new Outcome.Broke(502, Reason.OVERLOADED, "the edge is stopping", true, true);
    }
    sending.started = ask.bodyLength() != 0;
    try {
      Outcome outcome = heard.get();
      sending.started &= !(outcome instanceof Outcome.Broke broke) || broke.sent();
      return outcome;
    } catch (InterruptedException e) {
      turn.abort();
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn completes with a value", e);
    }
  }
}
