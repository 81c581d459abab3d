package warmfront.edge.origin;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import warmfront.bytes.Flow;
import warmfront.bytes.Gathering;
import warmfront.distribution.Kind;
import warmfront.distribution.Origin;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.S3Endpoints;
import warmfront.edge.step.Approach;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.FleetIdentity;
import warmfront.edge.step.Grpc;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.PeerRequest;
import warmfront.edge.step.Reason;
import warmfront.signing.Message;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/**
 * Step 6, fetch: asks origins over HTTP/1.1, and over HTTP/2 where gRPC is called. Thread-safe.
 *
 * <p>A fetch is tried as often as the origin allows while no connection comes about; GET and HEAD
 * without a body also while no byte of an answer came, but not a bucket's that is silent. Any other
 * request is sent once. A pooled connection that turns out to have ended costs no attempt. All of
 * it ends with the time that the origin has for the whole.
 */
public final class Origins implements AutoCloseable {
  private static final Duration ANY_AGE = Duration.ofDays(1);
  private static final long CLOSE_MILLIS = 2000;

  /** So many bytes of bodies wait to be signed at once. */
  private static final long BODIES_MAX = 64L << 20;

  private static final Fetched STOPPING =
      new Fetched.Failed(502, Reason.OVERLOADED, "the edge is stopping");

  private final Clock clock;
  private final Limits limits;
  private final Resolver resolver;
  private final Whereabouts whereabouts;
  private final EventLoopGroup loops;
  private final Waiting waits;
  private final ClientTls tls;
  private final Connector connector;
  private final Calls calls;
  private final ChannelGroup channels =
      new DefaultChannelGroup("origins", GlobalEventExecutor.INSTANCE, true);
  private final Map<Peer, Pool> pools = new ConcurrentHashMap<>();
  private final Texts texts = new Texts();
  private final Counters counters = new Counters();
  private final Gathering.Budget bodies = new Gathering.Budget(BODIES_MAX);
  private volatile Asks asks;
  private volatile boolean closed;

  /**
   * What it needs from outside.
   *
   * @param loops where upstream sockets live; not closed by this room
   * @param waits where fetches wait; not closed by this room
   * @param names the machine's resolver
   * @param clock the time
   * @param authorities a PEM file with authorities that are trusted beside the JDK's
   */
  public record Surroundings(
      EventLoopGroup loops,
      Waiting waits,
      NameService names,
      Clock clock,
      Optional<Path> authorities) {}

  /**
   * Makes the room.
   *
   * @throws IllegalArgumentException if the authorities cannot be read
   */
  public Origins(Surroundings surroundings, OriginRules rules, Limits limits) {
    this(surroundings, rules, limits, new OriginTls(surroundings.authorities()), Duration.ZERO);
  }

  /**
   * Makes a room that asks other edges, by {@link #ask}, and no origin.
   *
   * @param identity who this server is, asked at each handshake
   * @param unacknowledged how long an edge's machine may leave what was sent without an
   *     acknowledgement, before the connection is given up
   */
  public static Origins toPeers(
      Surroundings surroundings,
      Supplier<FleetIdentity> identity,
      Limits limits,
      Duration unacknowledged) {
    return new Origins(
        surroundings, OriginRules.PUBLIC_ONLY, limits, new FleetTls(identity), unacknowledged);
  }

  private Origins(
      Surroundings surroundings,
      OriginRules rules,
      Limits limits,
      ClientTls tls,
      Duration unacknowledged) {
    this.clock = surroundings.clock();
    this.limits = limits;
    this.loops = surroundings.loops();
    this.waits = surroundings.waits();
    this.tls = tls;
    this.resolver = new Resolver(surroundings.names(), clock, limits.names());
    this.whereabouts = new Whereabouts(resolver, rules);
    this.connector = new Connector(loops, unacknowledged, channels, clock);
    this.calls =
        new Calls(
            new Calls.Tools(connector, tls.http2(), whereabouts, waits, clock, counters), limits);
    this.asks = asks(List.of());
  }

  /** Takes the S3 endpoints of a snapshot; fetches under way keep what they have. */
  public void apply(Snapshot snapshot) {
    asks = asks(snapshot.all(Kind.S3_ENDPOINT, S3Endpoint.class));
    pools.values().removeIf(Pool::isUnused);
    calls.tidy();
  }

  /**
   * Asks an origin, without waiting: {@code then} is called once, on whatever thread the head of
   * the answer comes, and the body flows from there. Where a connection to the origin is idle, that
   * is the loop of the connection, and the calling one if it has an idle connection itself.
   * Whatever has to wait (a name, a place, a connection, another attempt) does so on a thread of
   * its own. The request's body is read or cancelled here in any case.
   *
   * @param then gets the answer, whose body it reads or cancels; or why there is none. For HEAD and
   *     304 the length is the one the origin states, without a body.
   * @return what gives up a call of gRPC, from any thread, also one that has ended; anything else
   *     is not given up by it
   */
  public Runnable fetch(OriginRequest request, Consumer<Fetched> then) {
    if (Grpc.isCall(request.route(), request.method(), request.fields())) {
      return call(request, then);
    }
    prepared(request, Optional.empty(), clock.nanos(), then);
    return Origins::nothing;
  }

  /** Gives up nothing: what is asked for the cache, or has ended, goes on. */
  private static void nothing() {}

  /** A call is asked over HTTP/2 (gRPC over HTTP2), which origins have over TLS alone. */
  private Runnable call(OriginRequest request, Consumer<Fetched> then) {
    if (!closed
        && request.route().origin().type() instanceof Origin.Custom
        && asks.prepare(request, Optional.empty()) instanceof Asks.Prepared.Ready(Ask ask)
        && ask.peer().secure()) {
      return calls.begin(new Errand(ask, clock.nanos(), 0, true, Approach.NONE), near(), then);
    }
    request.body().cancel();
    if (closed) {
      fail(503, Reason.OVERLOADED, "the edge is stopping", then);
    } else {
      String origin = request.route().origin().domainName();
      String why = " is a bucket, asked without TLS, or asked with a signature: no gRPC";
      fail(502, Reason.ORIGIN_TLS, origin + why, then);
    }
    return Origins::nothing;
  }

  private void prepared(
      OriginRequest request, Optional<String> bodyHash, long start, Consumer<Fetched> then) {
    switch (asks.prepare(request, bodyHash)) {
      case Asks.Prepared.Refused(String why) -> {
        request.body().cancel();
        fail(502, Reason.ORIGIN_NOT_ALLOWED, why, then);
      }
      case Asks.Prepared.Unhashed(int bytesMax) -> hash(request, bytesMax, start, then);
      case Asks.Prepared.Ready(Ask ask) -> begin(ask, start, then);
    }
  }

  /** The body of a request is part of its signature: it is sent once it has come. */
  private void hash(OriginRequest request, int bytesMax, long start, Consumer<Fetched> then) {
    Gathering.of(
        request.body(),
        bytesMax,
        bodies,
        gathered -> {
          switch (gathered) {
            case Gathering.Gathered.Whole whole -> {
              byte[] body = whole.bytes();
              prepared(
                  request.withBody(Flow.of(body), body.length),
                  Optional.of(Message.hash(body)),
                  start,
                  fetched -> {
                    bodies.giveBack(body.length);
                    then.accept(fetched);
                  });
            }
            case Gathering.Gathered.NoRoom _ ->
                fail(503, Reason.OVERLOADED, "too many bodies wait to be signed", then);
            case Gathering.Gathered.TooLong _ ->
                fail(413, Reason.BODY_TOO_LARGE, "more than " + bytesMax + " bytes to sign", then);
            case Gathering.Gathered.Broken(String why) ->
                fail(502, Reason.ORIGIN_BROKE_OFF, "the request's body broke off: " + why, then);
          }
        });
  }

  private void fail(int status, Reason reason, String why, Consumer<Fetched> then) {
    then.accept(counters.note(new Fetched.Failed(status, reason, why)));
  }

  /**
   * Asks another edge, once, as {@link #fetch} asks an origin.
   *
   * @param then gets the answer, whose body it reads or cancels; or why there is none
   */
  public void ask(PeerRequest request, Consumer<Fetched> then) {
    begin(Asks.toPeer(request, limits.pool().keepAlive()), clock.nanos(), then);
  }

  private void begin(Ask ask, long start, Consumer<Fetched> then) {
    Errand errand = new Errand(ask, start, 0, true, Approach.NONE);
    if (closed || ask.bodyLength() != 0 || !overIdle(errand, then)) {
      onThread(errand, then);
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

  private Asks asks(Collection<S3Endpoint> endpoints) {
    return new Asks(new S3Endpoints(endpoints), limits.pool().keepAlive(), clock);
  }

  // ---- on a loop: nothing waits

  /** Asks over an idle connection; false if there is none, or no place for the request. */
  private boolean overIdle(Errand errand, Consumer<Fetched> then) {
    @Nullable Pool pool = pools.get(errand.ask().peer());
    if (pool == null || !waits.enter()) {
      return false;
    }
    @Nullable Connection idle = pool.enterWithIdle(idleMax(errand.ask()));
    if (idle == null) {
      waits.leave();
      return false;
    }
    Turn.Asker asker =
        new Turn.Asker() {
          @Override
          public void hears(Outcome outcome) {
            waits.leave();
            came(errand, outcome, then);
          }

          @Override
          public void isFree() {
            pool.leave();
          }
        };
    if (!idle.start(turn(idle, errand, asker))) { // the loop has ended
      waits.leave();
      pool.leave();
      return false;
    }
    counters.reused.increment();
    return true;
  }

  private void came(Errand errand, Outcome outcome, Consumer<Fetched> then) {
    Errand.Tried tried = tried(errand, outcome, true);
    Errand rest = errand.after(tried);
    if (tried.again() && rest.goesOn(clock.nanos())) {
      counters.retried.increment();
      onThread(rest, then);
    } else {
      then.accept(counters.note(tried.fetched()));
    }
  }

  private Errand.Tried tried(Errand errand, Outcome outcome, boolean reused) {
    Ask ask = errand.ask();
    return switch (outcome) {
      case Outcome.Came came -> {
        Duration took = Duration.ofNanos(clock.nanos() - errand.startNanos());
        yield new Errand.Tried(
            new Fetched.Answered(
                came.status(),
                came.fields(),
                came.body(),
                came.bodyLength(),
                took,
                errand.approach()),
            false,
            false);
      }
      case Outcome.Broke broke -> {
        boolean silent = broke.reason() == Reason.ORIGIN_TIMEOUT;
        boolean answers = ask.repeatable() && (!silent || ask.patience().asksAgain());
        boolean again = !broke.sent() || (answers && !broke.began());
        String detail = ask.peer() + ": " + broke.detail();
        yield new Errand.Tried(
            new Fetched.Failed(broke.status(), broke.reason(), detail), again, reused && !silent);
      }
    };
  }

  private Turn turn(Connection connection, Errand errand, Turn.Asker asker) {
    return new Turn(connection, errand, limits, clock, counters.lent, asker);
  }

  private Duration idleMax(Ask ask) {
    return ask.repeatable() ? ANY_AGE : limits.pool().unsafeIdle();
  }

  // ---- on a thread that may wait

  private void onThread(Errand errand, Consumer<Fetched> then) {
    EventLoopGroup near = near();
    try {
      waits.execute(() -> then.accept(counters.note(waited(errand, near))));
    } catch (RejectedExecutionException e) {
      errand.ask().body().cancel();
      String why = "too many requests wait, or the edge is stopping";
      then.accept(counters.note(new Fetched.Failed(503, Reason.OVERLOADED, why)));
    }
  }

  /** The calling loop, so that origin and viewer share one; for other threads any loop. */
  private EventLoopGroup near() {
    for (EventExecutor loop : loops) {
      if (loop instanceof EventLoop calling && calling.inEventLoop()) {
        return calling;
      }
    }
    return loops;
  }

  private Fetched waited(Errand errand, EventLoopGroup near) {
    var sending = new Sending();
    try {
      return closed ? STOPPING : resolved(errand, near, sending);
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
    long asked = clock.nanos();
    return switch (whereabouts.of(errand.ask(), errand.left(asked))) {
      case Whereabouts.Found.Nowhere(Fetched.Failed failed) -> failed;
      case Whereabouts.Found.Addresses(List<InetAddress> allowed) -> {
        Errand named = errand.via(new Approach(clock.nanos() - asked, 0));
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
    return switch (pool.enter(job.errand().left(clock.nanos()))) {
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
    while (tried.again() && errand.goesOn(clock.nanos())) {
      counters.retried.increment();
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
      counters.reused.increment();
      return tried(errand, outcome(idle, errand, place, sending), true);
    }
    long begun = clock.nanos();
    Duration left = errand.left(begun);
    Duration once = ask.patience().connect();
    Duration limit = once.compareTo(left) < 0 ? once : left;
    return switch (connector.connect(opening(pool), job.near(), job.addresses(), limit)) {
      case Connector.Connected.Closed<Connection>(Fetched.Failed failed, boolean mayRetry) ->
          new Errand.Tried(failed, mayRetry, false);
      case Connector.Connected.Open<Connection>(Connection connection) -> {
        counters.opened.increment();
        Errand near = errand.via(errand.approach().connecting(clock.nanos() - begun));
        yield tried(near, outcome(connection, near, place, sending), false);
      }
    };
  }

  private Connector.Opening<Connection> opening(Pool pool) {
    return new Connector.Opening<>(
        pool.peer(),
        tls,
        channel -> {
          var connection =
              new Connection(pool, channel, clock, new HeadParser(limits.wire(), texts));
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
