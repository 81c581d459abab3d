package warmfront.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import warmfront.time.Clock;

/**
 * The kinds of load, each against one server for a while. Every method returns its load and, beside
 * it, the figures that only this kind can know.
 */
final class Generators {
  private static final Duration ONCE_LIMIT = Duration.ofSeconds(60);
  private static final Duration FILL_LIMIT = Duration.ofMinutes(5);
  private static final int FILLERS = 64;
  private static final int HERD = 500;
  private static final int IDLERS = 10_000;
  private static final int TRACED_REQUESTS = 2_000;
  private static final int TRACED_VIEWERS = 16;

  private final Clock clock;
  private final Tools tools;
  private final Origin origin;
  private final int rate;
  private final int objects;

  Generators(Clock clock, Tools tools, Origin origin, Options options) {
    this.clock = clock;
    this.tools = tools;
    this.origin = origin;
    this.rate = options.rate();
    this.objects = options.objects();
  }

  /** A load, and figures of its own. */
  record Taken(Load load, Map<Figure, Double> figures) {
    static Taken of(Load load) {
      return new Taken(load, Map.of());
    }
  }

  /** Hits of one path by wrk. */
  Taken wrk(Server server, Duration span, boolean tls, String path)
      throws IOException, InterruptedException {
    return Taken.of(tools.wrk(url(server, tls, path), 64, span));
  }

  /** Hits of one path by {@code viewers} of ours, who drop the bodies. */
  Taken hits(Server server, Duration span, String path, int viewers) throws IOException {
    return Taken.of(ask(server, Asks.fixed(path), span, viewers));
  }

  /** Hits of one path over HTTP/2 and TLS. */
  Taken h2(Server server, Duration span, String path) throws IOException, InterruptedException {
    return Taken.of(tools.h2load(url(server, true, path), 8, 32, span));
  }

  /** Full TLS handshakes, no request. */
  Taken handshakes(Server server, Duration span) throws IOException, InterruptedException {
    return Taken.of(tools.handshakes(server.https(), span));
  }

  /** Misses: every URL is new, also between rounds. */
  Taken misses(Server server, Duration span) throws IOException {
    return Taken.of(ask(server, Asks.unique("/u/1k/" + clock.nanos() + "-"), span, 64));
  }

  /** Asks once for each of the many objects. */
  Taken fill(Server server) throws IOException {
    try (Viewers viewers = new Viewers(clock, server.http(), FILLERS)) {
      return Taken.of(viewers.run(Asks.unique("/u/4k/"), objects, FILL_LIMIT));
    }
  }

  /** Hits of many objects, some much more wanted than others; the same for every server. */
  Taken zipf(Server server, Duration span, int round) throws IOException {
    return Taken.of(ask(server, Asks.zipf("/u/4k/", objects, new Random(round)), span, 64));
  }

  /** One miss of a large object that the origin is still sending. */
  Taken firstByte(Server server) throws IOException {
    String path = "/fed/100m/" + clock.nanos();
    Load load = once(server, Asks.fixed(path), 1);
    double since =
        origin
            .fedSince(path)
            .map(fed -> (double) (load.firstByteNanos() - fed) / 1e6)
            .orElse(Double.NaN);
    return new Taken(
        load, Map.of(Figure.FIRST_BYTE_MILLIS, since, Figure.TOTAL_SECONDS, load.seconds()));
  }

  /** Many misses of one object at the same moment. */
  Taken herd(Server server) throws IOException {
    Load load = once(server, Asks.fixed("/slow/1k/" + clock.nanos()), HERD);
    return new Taken(load, Map.of(Figure.TOTAL_SECONDS, load.seconds()));
  }

  /** Latency at a fixed rate. */
  Taken paced(Server server, Duration span, boolean h2) throws IOException, InterruptedException {
    List<String> http1 = h2 ? List.of() : List.of("--h1");
    long[] micros = tools.paced(url(server, h2, "/s/1k"), rate, span, http1);
    Load load = Load.counted(micros.length, 0, (double) span.toSeconds());
    return new Taken(
        load,
        Map.of(
            Figure.P50_MICROS, (double) Sample.quantile(micros, 0.5),
            Figure.P99_MICROS, (double) Sample.quantile(micros, 0.99),
            Figure.P999_MICROS, (double) Sample.quantile(micros, 0.999)));
  }

  /** System calls per hit: exact where CPU time is disturbed. */
  Taken traced(Server server, String path) throws IOException, InterruptedException {
    hits(server, Duration.ofSeconds(1), path, TRACED_VIEWERS);
    List<Long> pids = Processes.now().tree(server.pid());
    try (Viewers viewers = new Viewers(clock, server.http(), TRACED_VIEWERS)) {
      long calls =
          tools.systemCalls(pids, () -> viewers.run(Asks.fixed(path), TRACED_REQUESTS, ONCE_LIMIT));
      return new Taken(
          Load.counted(TRACED_REQUESTS, 0, 1),
          Map.of(Figure.SYSTEM_CALLS, (double) calls / TRACED_REQUESTS));
    }
  }

  /** Memory of connections that have had an answer and are kept. */
  Taken idle(Server server) throws IOException, InterruptedException {
    long before = residentKib(server);
    try (Viewers viewers = new Viewers(clock, server.http(), IDLERS)) {
      Load load = viewers.run(Asks.fixed("/s/1k"), IDLERS, ONCE_LIMIT);
      Thread.sleep(Duration.ofSeconds(1)); // for what the server does after the last answer
      long after = residentKib(server);
      Map<Figure, Double> figures = new EnumMap<>(Figure.class);
      figures.put(Figure.KIB_PER_CONNECTION, (double) (after - before) / IDLERS);
      figures.put(Figure.RESIDENT_MIB, after / 1024.0);
      return new Taken(load, figures);
    }
  }

  private Load once(Server server, Asks asks, int viewers) throws IOException {
    try (Viewers all = new Viewers(clock, server.http(), viewers)) {
      Load load = all.run(asks, viewers, ONCE_LIMIT);
      if (load.requests() < viewers) {
        throw new IOException(
            "only %d of %d answers within %d s"
                .formatted(load.requests(), viewers, ONCE_LIMIT.toSeconds()));
      }
      return load;
    }
  }

  private Load ask(Server server, Asks asks, Duration span, int viewers) throws IOException {
    try (Viewers all = new Viewers(clock, server.http(), viewers)) {
      return all.run(asks, span);
    }
  }

  private static long residentKib(Server server) throws IOException {
    return Processes.now().residentKib(server.pid());
  }

  private static String url(Server server, boolean tls, String path) {
    return tls
        ? "https://127.0.0.1:" + server.https() + path
        : "http://127.0.0.1:" + server.http() + path;
  }
}
