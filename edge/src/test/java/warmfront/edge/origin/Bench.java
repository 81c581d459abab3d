package warmfront.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import warmfront.bytes.Flow;
import warmfront.distribution.Origin;
import warmfront.distribution.OriginAccessControl;
import warmfront.edge.Pictures;
import warmfront.edge.step.Fetched;
import warmfront.edge.step.OriginRequest;
import warmfront.edge.step.Route;
import warmfront.edge.step.Site;
import warmfront.http.Fields;
import warmfront.http.Method;
import warmfront.snapshot.Snapshot;
import warmfront.time.Clock;

/** The room under test on loops of its own; closing it checks that nothing is still held. */
final class Bench implements AutoCloseable {
  static final Duration SHORT = Duration.ofMillis(250);
  static final Duration LONG = Duration.ofSeconds(10);

  private final EventLoopGroup loops;
  private final Threads waits = new Threads();
  private final Origins origins;

  /** Any number may wait. */
  private static final class Threads implements Waiting, AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger entered = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();

    @Override
    public boolean enter() {
      entered.incrementAndGet();
      return true;
    }

    @Override
    public void leave() {
      entered.decrementAndGet();
    }

    @Override
    public void execute(Runnable task) {
      started.incrementAndGet();
      threads.execute(task);
    }

    @Override
    public void close() {
      threads.shutdownNow();
    }
  }

  Bench() {
    this(OriginRules.ONE_PROCESS, Limits.DEFAULT, NameService.system(), Optional.empty());
  }

  Bench(OriginRules rules, Limits limits, NameService names, Optional<Path> authorities) {
    this(Epoll.isAvailable(), rules, limits, names, authorities);
  }

  Bench(
      boolean epoll,
      OriginRules rules,
      Limits limits,
      NameService names,
      Optional<Path> authorities) {
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops = new MultiThreadIoEventLoopGroup(2, io);
    this.origins =
        new Origins(
            new Origins.Surroundings(loops, waits, names, Clock.system(), authorities),
            rules,
            limits);
  }

  Origins origins() {
    return origins;
  }

  /** Asks and waits for what comes of it. */
  Fetched fetch(OriginRequest request) throws InterruptedException {
    CompletableFuture<Fetched> fetched = new CompletableFuture<>();
    origins.fetch(request, fetched::complete);
    try {
      return fetched.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a fetch ends with a value", e);
    }
  }

  /** Returns one of the loops. */
  EventLoop loop() {
    return loops.next();
  }

  /** Returns how many fetches had a thread of their own. */
  int threads() {
    return waits.started.get();
  }

  /** Interrupts what waits on a thread. */
  void interrupt() {
    waits.close();
  }

  Fetched get(int port) throws InterruptedException {
    return fetch(request(custom(port), Method.GET, "/"));
  }

  Fetched.Answered answered(OriginRequest request) throws InterruptedException {
    Fetched fetched = fetch(request);
    assertThat(fetched).isInstanceOf(Fetched.Answered.class);
    return (Fetched.Answered) fetched;
  }

  Fetched.Failed failed(OriginRequest request) throws InterruptedException {
    Fetched fetched = fetch(request);
    assertThat(fetched).isInstanceOf(Fetched.Failed.class);
    return (Fetched.Failed) fetched;
  }

  void apply(Snapshot snapshot) {
    origins.apply(snapshot);
  }

  static Origin custom(int port) {
    return custom("origin.localhost", port, 1, LONG);
  }

  static Origin custom(String name, int port, int attempts, Duration read) {
    return origin(
        name,
        new Origin.Custom(
            port,
            port,
            Origin.Protocol.MATCH_VIEWER,
            List.of("TLSv1.2"),
            read,
            Duration.ofSeconds(5)),
        attempts);
  }

  static Origin origin(String name, Origin.Type type, int attempts) {
    return new Origin("site", name, "", Fields.empty(), type, attempts, Duration.ofSeconds(2));
  }

  static OriginRequest request(Origin origin, Method method, String target) {
    return request(origin, method, target, Fields.empty());
  }

  static OriginRequest request(Origin origin, Method method, String target, Fields fields) {
    return new OriginRequest(
        route(origin, Optional.empty()), method, target, fields, "", Flow.empty(), 0, false);
  }

  static OriginRequest post(Origin origin, Flow body, long length) {
    return new OriginRequest(
        route(origin, Optional.empty()),
        Method.POST,
        "/form",
        Fields.empty(),
        "",
        body,
        length,
        false);
  }

  static Route route(Origin origin, Optional<OriginAccessControl> control) {
    var policy = Pictures.policy("p");
    var distribution = Pictures.distribution("E1", List.of(), origin, Pictures.behavior("*", "p"));
    return new Route(
        new Site(distribution, 1), distribution.defaultBehavior(), policy, origin, control);
  }

  @Override
  public void close() {
    origins.close();
    waits.close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    assertThat(origins.counts().lent()).as("parts still held").isZero();
    assertThat(origins.counts().open()).as("connections still open").isZero();
    assertThat(waits.entered).as("fetches still waiting").hasValue(0);
  }
}
