package warmfront.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import warmfront.time.Clock;

/**
 * What a hit costs over HTTP/3, beside the same hit over HTTP/2 on the same server in the same
 * minute: CPU time of the server's process per answer, as a table on standard output.
 */
public final class Http3Bench {
  private static final int CLIENTS = 8;
  private static final int STREAMS = 32;
  private static final List<String> PATHS = List.of("/s/1k", "/s/64k");

  private final Clock clock = Clock.system();
  private final Ground ground;
  private final Duration span;
  private final Duration warm;
  private final int rounds;

  private Http3Bench(Ground ground, int[] numbers) {
    this.ground = ground;
    rounds = numbers[0];
    span = Duration.ofSeconds(numbers[1]);
    warm = Duration.ofSeconds(numbers[2]);
  }

  /** Measures, and prints what came of it. */
  public static void main(String[] arguments) throws Exception {
    Measurement.run(
        (ground, numbers) -> new Http3Bench(ground, numbers).measure(),
        "http3 [ROUNDS [SECONDS [WARM]]]",
        arguments,
        3,
        10,
        30);
  }

  /** Some load. */
  @FunctionalInterface
  private interface Some {
    Load of(Duration time) throws Exception;
  }

  private void measure() throws Exception {
    Tools tools = new Tools(ground.folder());
    tools.certificate(ground.certificate(), ground.key());
    int port = Ground.freePort(0);
    try (Origin _ = new Origin(clock, port, new Random(1));
        Running running = new Running()) {
      Server server = running.start(Peer.WARMFRONT, ground, port, false);
      server.awaitAnswer(clock, PATHS.getFirst());
      server.awaitTls(clock);
      System.out.println("| hit | version | CPU µs/request | of it kernel | requests/s | errors |");
      System.out.println("|---|---|---|---|---|---|");
      for (String path : PATHS) {
        String url = "https://127.0.0.1:" + server.https() + path;
        try (Http3Load viewers = new Http3Load(clock, server.https(), path, CLIENTS)) {
          Some http2 = time -> tools.h2load(url, CLIENTS, STREAMS, time);
          Some http3 = time -> viewers.run(STREAMS, time);
          http2.of(warm);
          http3.of(warm);
          List<String> lines = new ArrayList<>();
          for (int round = 0; round < rounds; round++) {
            lines.add(line(server, path, "HTTP/2", http2));
            lines.add(line(server, path, "HTTP/3", http3));
          }
          lines.stream().sorted().forEach(System.out::println);
        }
      }
    }
  }

  private String line(Server server, String path, String version, Some load) throws Exception {
    Processes.Cpu before = cpu(server);
    Load done = load.of(span);
    Processes.Cpu spent = cpu(server).minus(before);
    if (done.requests() == 0) {
      throw new IOException("no answer over " + version);
    }
    double micros = 1e6 / done.requests();
    return "| %s | %s | %.1f | %.1f | %.0f | %d |"
        .formatted(
            path,
            version,
            (spent.user() + spent.kernel()) * micros,
            spent.kernel() * micros,
            done.requests() / done.seconds(),
            done.errors());
  }

  private static Processes.Cpu cpu(Server server) throws IOException {
    return Processes.now().cpu(server.pid());
  }
}
