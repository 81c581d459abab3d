package warmfront.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import warmfront.time.Clock;

/**
 * What a viewer who comes for the first time gains by an edge near it, for an answer that no cache
 * may keep: the edge is 10 ms away and the origin 80 ms behind it, or the origin is asked directly,
 * 90 ms away. A table on standard output, in milliseconds and in round trips between edge and
 * origin.
 */
public final class DynamicBench {
  private static final int TO_EDGE = 10;
  private static final int TO_ORIGIN = 80;
  private static final int DIRECT = TO_EDGE + TO_ORIGIN;
  private static final int WARMING = 10;
  private static final String PATH = "/page";

  private final Clock clock = Clock.system();
  private final Ground ground;
  private final int visits;

  private DynamicBench(Ground ground, int[] numbers) {
    this.ground = ground;
    visits = numbers[0];
  }

  /** Measures, and prints what came of it. */
  public static void main(String[] arguments) throws Exception {
    Measurement.run(
        (ground, numbers) -> new DynamicBench(ground, numbers).measure(),
        "dynamic [VISITS]",
        arguments,
        50);
  }

  /** One visit. */
  @FunctionalInterface
  private interface Visit {
    double millis() throws Exception;
  }

  private void measure() throws Exception {
    new Tools(ground.folder()).certificate(ground.certificate(), ground.key());
    int port = Ground.freePort(0);
    try (Way toEdge = new Way(clock, TO_EDGE);
        Way toOrigin = new Way(clock, TO_ORIGIN);
        Way direct = new Way(clock, DIRECT);
        DynamicOrigin origin = new DynamicOrigin(ground, port);
        Running running = new Running()) {
      Server edge =
          running.start(
              Peer.WARMFRONT,
              ground,
              origin.securePort(),
              Map.of(
                  "ADDRESS",
                  "0.0.0.0",
                  "ORIGIN_HOST",
                  toOrigin.far(),
                  "ORIGIN_PORT",
                  String.valueOf(port),
                  "MIN_TTL",
                  "0")); // else no-store is not obeyed for so long, as in CloudFront
      edge.awaitAnswer(clock, PATH);
      edge.awaitTls(clock);
      try (QuicVisits quic = new QuicVisits(clock, toEdge.far(), edge.https(), PATH)) {
        Map<String, Visit> ways = new LinkedHashMap<>();
        ways.put(
            "direct, TLS 1.3",
            () -> TlsVisit.millis(clock, direct.far(), origin.securePort(), PATH));
        ways.put(
            "by the edge, TLS 1.3", () -> TlsVisit.millis(clock, toEdge.far(), edge.https(), PATH));
        ways.put("by the edge, HTTP/3", quic::millis);
        Map<String, List<Double>> taken = take(ways);
        print(taken);
      }
      System.out.printf(
          "%nConnections that the origin saw: %d of viewers, %d of the edge.%n",
          origin.secureConnections(), origin.plainConnections());
    }
  }

  private Map<String, List<Double>> take(Map<String, Visit> ways) throws Exception {
    Map<String, List<Double>> taken = new LinkedHashMap<>();
    for (int i = 0; i < WARMING + visits; i++) {
      for (Map.Entry<String, Visit> way : ways.entrySet()) {
        double millis = way.getValue().millis();
        if (i >= WARMING) {
          taken.computeIfAbsent(way.getKey(), _ -> new ArrayList<>()).add(millis);
        }
      }
    }
    return taken;
  }

  private static void print(Map<String, List<Double>> taken) throws IOException {
    double direct =
        Sample.of(taken.values().stream().findFirst().orElseThrow(IOException::new)).median();
    System.out.println("| new connection | median ms | least | most | saved ms | in round trips |");
    System.out.println("|---|---|---|---|---|---|");
    taken.forEach((name, millis) -> {
      Sample sample = Sample.of(millis);
      double saved = direct - sample.median();
      System.out.printf(
          "| %s | %.1f | %.1f | %.1f | %.1f | %.2f |%n",
          name, sample.median(), sample.least(), sample.most(), saved, saved / TO_ORIGIN);
    });
  }
}
