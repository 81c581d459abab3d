package warmfront.edge.viewer;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import warmfront.bytes.Flow;
import warmfront.bytes.Slice;
import warmfront.edge.step.Body;
import warmfront.edge.step.ClientCheck;
import warmfront.edge.step.Delivery;
import warmfront.edge.step.Handler;
import warmfront.edge.step.Head;
import warmfront.edge.step.Place;
import warmfront.edge.step.Reason;
import warmfront.edge.step.Reply;
import warmfront.edge.step.Request;
import warmfront.edge.step.Response;
import warmfront.edge.step.ResultType;
import warmfront.edge.step.Stamp;
import warmfront.http.Fields;

/** The other steps: answers by path, and remembers what it was asked. Thread-safe. */
final class Site implements Handler {
  /** A refusal that it was told of. */
  record Refused(int status, Reason reason, Delivery delivery) {}

  /** A request that it keeps for the test to answer. */
  record Kept(Request request, Reply reply) {}

  private static final Set<String> READING = Set.of("/echo", "/keep");

  final Tracked tracked = new Tracked();
  final List<Request> requests = new CopyOnWriteArrayList<>();
  final List<Refused> refused = new CopyOnWriteArrayList<>();
  final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  final ConcurrentLinkedQueue<Kept> kept = new ConcurrentLinkedQueue<>();
  final Map<String, ClientCheck> clients = new ConcurrentHashMap<>();
  private final Map<String, Head> heads = new ConcurrentHashMap<>();

  @Override
  public void handle(Request request, Reply reply) {
    requests.add(request);
    Consumer<Delivery> sent = deliveries::add;
    if (request.hasBody() && !READING.contains(request.path())) {
      request.body().cancel();
    }
    switch (request.path()) {
      case "/echo" -> read(request.body(), bytes -> reply.send(bytes(200, bytes), sent));
      case "/later" -> Thread.ofVirtual().start(() -> reply.send(pinned("/later", 20), sent));
      case "/large" -> reply.send(pinned("/large", 1 << 20), sent);
      case "/flow" -> reply.send(flowing(number(request), number(request)), sent);
      case "/open" -> reply.send(flowing(number(request), -1), sent);
      case "/short" -> reply.send(flowing(number(request), number(request) + 1), sent);
      case "/long" -> reply.send(flowing(number(request), number(request) - 1), sent);
      case "/empty" -> reply.send(response(head(204, -1), new Body.None()), sent);
      case "/keep" -> kept.add(new Kept(request, reply));
      case "/hinted" -> {
        reply.interim(hint());
        reply.send(pinned("/hinted", 20), sent);
        reply.interim(hint());
      }
      case "/fail" -> throw new IllegalStateException("as asked");
      default -> reply.send(pinned(request.target(), 20), sent);
    }
  }

  @Override
  public void refused(Place place, String requestId, int status, Reason reason, Delivery delivery) {
    refused.add(new Refused(status, reason, delivery));
  }

  @Override
  public boolean speaksHttp2(String host) {
    return !host.equals("old.example");
  }

  @Override
  public boolean speaksHttp3(String host) {
    return host.equals("a.example");
  }

  @Override
  public Optional<ClientCheck> clients(String host) {
    return Optional.ofNullable(clients.get(host));
  }

  private static Head hint() {
    return new Head(103, Fields.of("Link", "</s>", "Connection", "smuggle"), -1);
  }

  private static long number(Request request) {
    return Long.parseLong(request.query() == null ? "0" : request.query());
  }

  /** Returns a hit: a head that is kept, and a pinned body that counts from 0. */
  Response pinned(String key, int length) {
    Head head = heads.computeIfAbsent(key, _ -> head(200, length));
    return new Response(
        head,
        new Stamp("id-of-the-request", ResultType.HIT, 7, "hit"),
        new Body.Pinned(tracked.slice(0, length), 0, length),
        false);
  }

  /** Returns a response whose body flows. */
  Response flowing(long bytes, long contentLength) {
    return response(head(200, contentLength), new Body.Flowing(tracked.flow(bytes, 50_000)));
  }

  static Response bytes(int status, byte[] bytes) {
    return bytes.length == 0
        ? response(head(status, 0), new Body.None())
        : response(head(status, bytes.length), new Body.Pinned(Slice.of(bytes), 0, bytes.length));
  }

  static Response response(Head head, Body body) {
    return new Response(head, new Stamp("id", ResultType.MISS, -1, null), body, false);
  }

  private static Head head(int status, long length) {
    return new Head(
        status, Fields.of("Content-Type", "text/plain", "Connection", "smuggle"), length);
  }

  /** Reads a body to its end and gives the bytes; nothing if it breaks off. */
  static void read(Flow body, Consumer<byte[]> whole) {
    new Reader(body, whole, Runnable::run).run();
  }

  /** Reads a body from another thread than its loop. */
  static void readOn(Executor executor, Flow body, Consumer<byte[]> whole) {
    executor.execute(new Reader(body, whole, executor));
  }

  private static final class Reader implements Flow.Receiver, Runnable {
    private final Flow body;
    private final Consumer<byte[]> whole;
    private final Executor executor;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Reader(Flow body, Consumer<byte[]> whole, Executor executor) {
      this.body = body;
      this.whole = whole;
      this.executor = executor;
    }

    @Override
    public void run() {
      body.next(this);
    }

    @Override
    public void part(Slice part) {
      byte[] copy = new byte[part.length()];
      part.buffer().get(copy);
      part.release();
      bytes.writeBytes(copy);
      executor.execute(this);
    }

    @Override
    public void end() {
      whole.accept(bytes.toByteArray());
    }

    @Override
    public void broken(String reason) {}
  }
}
