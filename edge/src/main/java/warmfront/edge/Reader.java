package warmfront.edge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import warmfront.bytes.Flow;
import warmfront.bytes.RangedReader;
import warmfront.edge.step.Place;
import warmfront.edge.step.Protocol;
import warmfront.edge.step.Request;
import warmfront.edge.step.Route;
import warmfront.http.ByteRange;
import warmfront.http.Fields;
import warmfront.http.Method;

/**
 * Objects of streaming distributions as they are read at one location: each read is a request for a
 * range that goes through the rooms as a viewer's does, without a viewer. What is in memory costs
 * no thread and no copy. Thread-safe.
 */
final class Reader implements RangedReader {
  /** Who asks: what is read is for all who play it. */
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0);

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final Rooms rooms;
  private final Place place;
  private final String idBegin;
  private final AtomicLong made = new AtomicLong();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder lacking = new LongAdder();

  /**
   * Makes it.
   *
   * @param rooms of the location
   * @param place the location
   */
  Reader(Rooms rooms, Place place, RandomGenerator random) {
    this.rooms = rooms.forReaders();
    this.place = place;
    this.idBegin = HexFormat.of().toHexDigits(random.nextInt());
  }

  @Override
  public void read(Wanted object, long offset, long length, Executor loop, Consumer<Answer> then) {
    if (offset < 0 || length < 1 || !object.path().startsWith("/")) {
      throw new IllegalArgumentException(
          "%d bytes from %d of %s".formatted(length, offset, object.path()));
    }
    Consumer<Answer> counted =
        answer -> {
          count(answer);
          try {
            loop.execute(() -> then.accept(answer));
          } catch (RejectedExecutionException e) {
            if (answer instanceof Found found) {
              found.flow().cancel(); // the loop has ended, and with it who asked
            }
          }
        };
    Optional<Route> route = rooms.sites().get().stream(object.distribution());
    if (route.isEmpty()) {
      counted.accept(new Lacking(NOT_FOUND, "no streaming distribution " + object.distribution()));
    } else if (!route.get().site().distribution().enabled()) {
      counted.accept(new Lacking(FORBIDDEN, "the distribution is disabled"));
    } else {
      long last = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length - 1;
      Request request = request(route.get(), object.path());
      ByteRange wanted = new ByteRange(offset, last);
      new Read(rooms, route.get(), request, request, wanted, loop, counted).begin();
    }
  }

  private void count(Answer answer) {
    switch (answer) {
      case Found found when found.hit() -> hits.increment();
      case Found _ -> misses.increment();
      case Lacking _ -> lacking.increment();
    }
  }

  private Request request(Route route, String path) {
    String host = route.site().distribution().domainName();
    return new Request(
        idBegin + HexFormat.of().toHexDigits(made.getAndIncrement()),
        Method.GET,
        host,
        path,
        null,
        Fields.of("Host", host),
        Flow.empty(),
        0,
        Protocol.HTTP_1_1,
        Optional.empty(),
        place,
        NOBODY,
        0,
        rooms.clock().nanos());
  }

  /** Returns what it has done. */
  EdgeCounters.Reads counts() {
    return new EdgeCounters.Reads(hits.sum(), misses.sum(), lacking.sum());
  }
}
