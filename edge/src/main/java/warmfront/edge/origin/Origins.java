package warmfront.edge.origin;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import warmfront.distribution.Kind;
import warmfront.distribution.S3Endpoint;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Reason;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/**
 * Step 6, fetch: asks origins over HTTP/1.1. Thread-safe.
 *
 * <p>A fetch is tried as often as the origin allows while no connection comes about; GET and HEAD
 * without a body also while no byte of an answer came. Any other request is sent once. A pooled
 * connection that turns out to have ended costs no attempt.
 */
public final class Origins implements AutoCloseable {
  private static final Duration ANY_AGE = Duration.ofDays(1);
  private static final long CLOSE_MILLIS = 2000;

  private final Clock clock;
  private final Limits limits;
  private final OriginRules rules;
  private final Resolver resolver;
  private final OriginTls tls;
  private final Connector connector;
  private final ChannelGroup channels =
      new DefaultChannelGroup("origins", GlobalEventExecutor.INSTANCE, true);
  private final Map<Peer, Pool> pools = new ConcurrentHashMap<>();
  private final Counters counters = new Counters();
  private volatile Asks asks;
  private volatile boolean closed;

  /**
   * What it needs from outside.
   *
   * @param loops where upstream sockets live; not closed by this room
   * @param names the machine's resolver
   * @param clock the time
   * @param authorities a PEM file with authorities that are trusted beside the JDK's
   */
  public record Surroundings(
      EventLoopGroup loops, NameService names, Clock clock, Optional<Path> authorities) {}

  /**
   * Makes the room.
   *
   * @throws IllegalArgumentException if the authorities cannot be read
   */
  public Origins(Surroundings surroundings, OriginRules rules, Limits limits) {
    this.clock = surroundings.clock();
    this.limits = limits;
    this.rules = rules;
    this.tls = new OriginTls(surroundings.authorities());
    this.resolver = new Resolver(surroundings.names(), clock, limits.names());
    this.connector = new Connector(surroundings.loops(), tls, channels, clock);
    this.asks = asks(List.of());
  }

  /** Takes the S3 endpoints of a snapshot; fetches under way keep what they have. */
  public void apply(Snapshot snapshot) {
    asks = asks(snapshot.all(Kind.S3_ENDPOINT, S3Endpoint.class));
    pools.values().removeIf(Pool::isUnused);
  }

  /**
   * Asks an origin. Called on a virtual thread, which waits for the head of the answer; the body
   * flows without it. The request's body is read or cancelled here in any case.
   *
   * @return the answer, its body to be read or cancelled by the caller; or why there is none. For
   *     HEAD and 304 the length is the one the origin states, without a body.
   * @throws InterruptedException if the thread was interrupted; nothing is under way then
   */
  public Fetched fetch(OriginRequest request) throws InterruptedException {
    long start = clock.nanos();
    var sending = new Sending();
    try {
      return counters.note(
          closed
              ? new Fetched.Failed(502, Reason.OVERLOADED, "the edge is stopping")
              : prepared(request, sending, start));
    } finally {
      if (!sending.started) {
        request.body().cancel();
      }
    }
  }

  /** Returns what happened since the start. */
  public OriginCounts counts() {
    return counters.read(channels.size());
  }

  /** Closes all connections; bodies under way break off. */
  @Override
  public void close() {
    closed = true;
    pools.values().forEach(Pool::close);
    var _ = channels.close().awaitUninterruptibly(CLOSE_MILLIS);
    resolver.close();
    tls.close();
  }

  /** Whether the request's body is a turn's now. Owned by the fetching thread. */
  private static final class Sending {
    private boolean started;
  }

  private Asks asks(Collection<S3Endpoint> endpoints) {
    return new Asks(new Buckets(endpoints), limits.pool().keepAlive(), clock);
  }

  private Fetched prepared(OriginRequest request, Sending sending, long start)
      throws InterruptedException {
    return switch (asks.prepare(request)) {
      case Asks.Prepared.Refused(String why) ->
          new Fetched.Failed(502, Reason.ORIGIN_NOT_ALLOWED, why);
      case Asks.Prepared.Ready(Ask ask) -> resolved(ask, sending, start);
    };
  }

  private Fetched resolved(Ask ask, Sending sending, long start) throws InterruptedException {
    return switch (resolver.resolve(ask.peer().host())) {
      case Resolver.Resolved.Unresolved(String why) ->
          new Fetched.Failed(502, Reason.ORIGIN_DNS, why);
      case Resolver.Resolved.Addresses(List<InetAddress> all) -> {
        List<InetAddress> allowed =
            all.stream().filter(address -> ask.trusted() || rules.allows(address)).toList();
        yield allowed.isEmpty()
            ? new Fetched.Failed(
                502,
                Reason.ORIGIN_NOT_ALLOWED,
                "%s has only addresses that are not allowed: %s".formatted(ask.peer().host(), all))
            : inPool(new Job(ask, allowed, start), sending);
      }
    };
  }

  /**
   * A fetch that is ready to go.
   *
   * @param ask what is asked
   * @param addresses where
   * @param startNanos when it began
   */
  private record Job(Ask ask, List<InetAddress> addresses, long startNanos) {}

  private Fetched inPool(Job job, Sending sending) throws InterruptedException {
    Peer peer = job.ask().peer();
    Pool pool = pools.computeIfAbsent(peer, _ -> new Pool(peer, limits.pool()));
    return switch (pool.enter()) {
      case QUEUE_FULL ->
          new Fetched.Failed(
              502,
              Reason.OVERLOADED,
              "%d requests wait for %s already".formatted(limits.pool().queued(), peer));
      case TOO_LATE ->
          new Fetched.Failed(
              504,
              Reason.OVERLOADED,
              "%s was busy for %s".formatted(peer, limits.pool().queueWait()));
      case ENTERED -> entered(job, pool, sending);
    };
  }

  private Fetched entered(Job job, Pool pool, Sending sending) throws InterruptedException {
    CompletableFuture<?> over = CompletableFuture.completedFuture(true);
    try {
      Tried tried = attempts(job, pool, sending);
      over = tried.over();
      return tried.fetched();
    } finally {
      var _ = over.whenComplete((_, _) -> pool.leave());
    }
  }

  /**
   * What came of an attempt.
   *
   * @param fetched the result
   * @param again whether another attempt may be made
   * @param free whether the next attempt is not counted
   * @param over completes when the connection is free again
   */
  private record Tried(Fetched fetched, boolean again, boolean free, CompletableFuture<?> over) {
    static Tried failed(Fetched.Failed failed, boolean again, boolean free) {
      return new Tried(failed, again, free, CompletableFuture.completedFuture(true));
    }
  }

  private Tried attempts(Job job, Pool pool, Sending sending) throws InterruptedException {
    Tried tried = attempt(job, pool, true, sending);
    int attempt = tried.free() ? 0 : 1;
    while (tried.again() && attempt < job.ask().patience().attempts()) {
      counters.retried.increment();
      tried = attempt(job, pool, false, sending);
      attempt++;
    }
    return tried;
  }

  private Tried attempt(Job job, Pool pool, boolean mayReuse, Sending sending)
      throws InterruptedException {
    Ask ask = job.ask();
    Duration idleMax = ask.repeatable() ? ANY_AGE : limits.pool().unsafeIdle();
    @Nullable Connection idle = mayReuse ? pool.take(idleMax) : null;
    if (idle != null) {
      counters.reused.increment();
      return turn(job, idle, true, sending);
    }
    return switch (connector.connect(pool, job.addresses(), ask.patience().connect())) {
      case Connector.Connected.Closed(Fetched.Failed failed, boolean mayRetry) ->
          Tried.failed(failed, mayRetry, false);
      case Connector.Connected.Open(Connection connection) -> {
        counters.opened.increment();
        yield turn(job, connection, false, sending);
      }
    };
  }

  private Tried turn(Job job, Connection connection, boolean reused, Sending sending)
      throws InterruptedException {
    var turn = new Turn(connection, job.ask(), limits.wire(), clock, counters.lent);
    if (!connection.start(turn)) {
      return Tried.failed(
          new Fetched.Failed(502, Reason.OVERLOADED, "the edge is stopping"), false, false);
    }
    sending.started = job.ask().bodyLength() != 0;
    return switch (outcome(turn)) {
      case Outcome.Came came -> {
        Duration took = Duration.ofNanos(clock.nanos() - job.startNanos());
        yield new Tried(
            new Fetched.Answered(
                came.status(), came.fields(), came.body(), came.bodyLength(), took),
            false,
            false,
            turn.done());
      }
      case Outcome.Broke broke -> {
        sending.started &= broke.sent();
        boolean silent = broke.reason() == Reason.ORIGIN_TIMEOUT;
        boolean again = !broke.sent() || (job.ask().repeatable() && !broke.began());
        String detail = job.ask().peer() + ": " + broke.detail();
        yield Tried.failed(
            new Fetched.Failed(broke.status(), broke.reason(), detail), again, reused && !silent);
      }
    };
  }

  private static Outcome outcome(Turn turn) throws InterruptedException {
    try {
      return turn.outcome().get();
    } catch (InterruptedException e) {
      turn.abort();
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a turn completes with a value", e);
    }
  }
}
