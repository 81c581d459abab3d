package warmfront.edge.origin;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final long CLOSE_MILLIS = 2000;

  /** So many bytes of bodies wait to be signed at once. */
  private static final long BODIES_MAX = 64L << 20;

  private final Clock clock;
  private final Limits limits;
  private final Resolver resolver;
  private final EventLoopGroup loops;
  private final Waiting waits;
  private final ClientTls tls;
  private final Calls calls;
  private final Attempts attempts;
  private final ChannelGroup channels =
      new DefaultChannelGroup("origins", GlobalEventExecutor.INSTANCE, true);
  private final Map<Peer, Pool> pools = new ConcurrentHashMap<>();
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
    var whereabouts = new Whereabouts(resolver, rules);
    var connector = new Connector(loops, unacknowledged, channels, clock);
    this.calls =
        new Calls(
            new Calls.Tools(connector, tls.http2(), whereabouts, waits, clock, counters), limits);
    this.attempts =
        new Attempts(
            new Attempts.Tools(connector, tls, whereabouts, clock, counters), limits, pools);
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
    @Nullable Connection idle = pool.enterWithIdle(attempts.idleMax(errand.ask()));
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
    if (!idle.start(attempts.turn(idle, errand, asker))) { // the loop has ended
      waits.leave();
      pool.leave();
      return false;
    }
    counters.reused.increment();
    return true;
  }

  private void came(Errand errand, Outcome outcome, Consumer<Fetched> then) {
    Errand.Tried tried = errand.tried(outcome, true, clock.nanos());
    Errand rest = errand.after(tried);
    if (tried.again() && rest.goesOn(clock.nanos())) {
      counters.retried.increment();
      onThread(rest, then);
    } else {
      then.accept(counters.note(tried.fetched()));
    }
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
    if (closed) {
      errand.ask().body().cancel();
      return Attempts.STOPPING;
    }
    return attempts.make(errand, near);
  }
}
