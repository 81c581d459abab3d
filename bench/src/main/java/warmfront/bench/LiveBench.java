package warmfront.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import warmfront.time.Clock;

/**
 * {@code ./warmfront bench live}: our server of live RTMP and nginx's, taking turns round by round:
 * a publisher and many players. Each has one core.
 */
public final class LiveBench {
  private static final int[] PLAYERS = {100, 500};
  private static final Duration JOINING = Duration.ofSeconds(2);
  private static final Duration SETTLING = Duration.ofSeconds(1);

  // The bars: figures to reach on a quiet machine.
  private static final double CPU_MILLIS_PER_MB = 2.2;
  private static final double KIB_PER_PLAYER = 64;
  private static final double LATENCY_MEDIAN = 2;
  private static final double LATENCY_99 = 30;
  private static final double FIRST_99 = 60;

  /**
   * A round of a server.
   *
   * @param cpu milliseconds of the server's process per megabyte that players received
   * @param latency median of what a frame takes from publisher to player, in milliseconds
   * @param latency99 99th percentile of it
   * @param first median from a player's connect to its first frame of video, in milliseconds
   * @param first99 99th percentile of it
   */
  private record Scored(
      double cpu, double latency, double latency99, double first, double first99) {}

  /** A server that runs. */
  private record Started(LivePeer peer, PeerProcess process, LiveLoad load)
      implements AutoCloseable {
    @Override
    public void close() {
      load.close();
      process.close();
    }
  }

  private final Clock clock;
  private final Ground ground;
  private final int rounds;
  private final Duration span;
  private final Duration warmth;
  private final Map<LivePeer, SequencedMap<Integer, List<Scored>>> scores =
      new EnumMap<>(LivePeer.class);

  /** Memory that the most players take, in KiB each, and what it takes to be warm with them. */
  private final Map<LivePeer, Double> memory = new EnumMap<>(LivePeer.class);

  private final List<String> notes = new ArrayList<>();

  private LiveBench(Clock clock, Ground ground, int rounds, Duration span, Duration warmth) {
    this.clock = clock;
    this.ground = ground;
    this.rounds = rounds;
    this.span = span;
    this.warmth = warmth;
  }

  /** Measures and writes the results: rounds, seconds of each, seconds of warmth before. */
  public static void main(String[] arguments) throws Exception {
    Measurement.run(
        (ground, numbers) ->
            new LiveBench(
                    Clock.system(),
                    ground,
                    numbers[0],
                    Duration.ofSeconds(numbers[1]),
                    Duration.ofSeconds(numbers[2]))
                .run(),
        "live [ROUNDS [SECONDS [WARM]]]   (3 5 20)",
        arguments,
        3,
        5,
        20);
  }

  private void run() throws IOException, InterruptedException {
    for (LivePeer peer : LivePeer.values()) {
      if (!peer.missing().isEmpty()) {
        note("%s is not here: apt-get install %s".formatted(peer.title(), peer.missing()));
        continue;
      }
      try (Started server = start(peer)) {
        measure(server);
      }
    }
    write();
  }

  private Started start(LivePeer peer) throws IOException, InterruptedException {
    int port = Ground.freePort(0);
    PeerProcess process =
        PeerProcess.start(
            ground,
            peer.file(),
            Map.of("RTMP_PORT", String.valueOf(port), "CHANNEL", LiveLoad.channel()));
    try {
      return new Started(peer, process, process.await(clock, () -> new LiveLoad(clock, port)));
    } catch (IOException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  private void measure(Started server) throws IOException {
    LiveLoad load = server.load();
    int most = PLAYERS[PLAYERS.length - 1];
    long pid = server.process().pid();
    load.play(SETTLING);
    double alone = Processes.now().residentKib(pid);
    load.join(most, JOINING);
    load.play(warmth);
    memory.put(server.peer(), (Processes.now().residentKib(pid) - alone) / most);
    load.part();
    for (int round = 0; round < rounds; round++) {
      for (int players : PLAYERS) {
        Scored scored = score(server, players);
        say("%s, %d players: %s".formatted(server.peer().title(), players, scored));
        scores
            .computeIfAbsent(server.peer(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(players, _ -> new ArrayList<>())
            .add(scored);
      }
    }
  }

  private Scored score(Started server, int players) throws IOException {
    LiveLoad load = server.load();
    long pid = server.process().pid();
    load.join(players, JOINING);
    long[] first = load.firstFrames();
    load.play(SETTLING);
    Processes before = Processes.now();
    LiveLoad.Taken taken = load.play(span);
    Processes after = Processes.now();
    load.part();
    double megabytes = taken.bytes() / 1e6;
    return new Scored(
        after.cpu(pid).minus(before.cpu(pid)).total() * 1e3 / megabytes,
        taken.latency() / 1e6,
        taken.latency99() / 1e6,
        Sample.quantile(first, 0.5) / 1e6,
        Sample.quantile(first, 0.99) / 1e6);
  }

  private void write() throws IOException {
    String date = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).toString();
    StringBuilder text = new StringBuilder("# ").append(date).append(": live RTMP\n\n");
    text.append("- ").append(Machine.description()).append('\n');
    text.append("- one publisher, 25 frames a second of 5000 bytes, a keyframe every 2 s\n");
    text.append("- servers on one core, load on ")
        .append(ground.serverCore() == ground.loadCore() ? "the same" : "another")
        .append("; network: ")
        .append(ground.network())
        .append('\n');
    text.append(
        "- `./warmfront bench live`: %d rounds of %d s, each server warmed for %d s\n\n"
            .formatted(rounds, span.toSeconds(), warmth.toSeconds()));
    text.append("Each cell is the median, with the least and the most of its rounds in brackets.")
        .append("\n\n| server | players | CPU ms/MB | latency p50, ms | p99 |")
        .append(" first video p50, ms | p99 |\n|---|---|---|---|---|---|---|\n");
    scores.forEach((peer, byPlayers) ->
        byPlayers.forEach((players, rows) ->
            text.append(
                "| %s | %d | %s | %s | %s | %s | %s |\n"
                    .formatted(
                        peer.title(),
                        players,
                        cell(rows, Scored::cpu),
                        cell(rows, Scored::latency),
                        cell(rows, Scored::latency99),
                        cell(rows, Scored::first),
                        cell(rows, Scored::first99)))));
    text.append('\n');
    memory.forEach((peer, kib) ->
        text.append(
            "Memory of %s with %d players, beyond that without any: %s KiB each.\n"
                .formatted(peer.title(), PLAYERS[PLAYERS.length - 1], Report.number(kib))));
    text.append('\n').append(bars());
    if (!notes.isEmpty()) {
      text.append("\n## Notes\n\n");
      notes.forEach(note -> text.append("- ").append(note).append('\n'));
    }
    Path results = Files.createDirectories(ground.home().resolve("bench/results"));
    Path document = results.resolve(date + "-live-rtmp.md");
    Files.writeString(document, text);
    say("written: %s".formatted(ground.home().relativize(document)));
  }

  private String bars() {
    SequencedMap<Integer, List<Scored>> ours =
        scores.getOrDefault(LivePeer.WARMFRONT, new LinkedHashMap<>());
    List<Scored> few = ours.getOrDefault(PLAYERS[0], List.of());
    List<Scored> many = ours.getOrDefault(PLAYERS[1], List.of());
    if (few.isEmpty() || many.isEmpty()) {
      return "Ours was not measured.\n";
    }
    return String.join(
        "",
        bar("Latency at 100 players, p50, ms", LATENCY_MEDIAN, median(few, Scored::latency)),
        bar("Latency at 100 players, p99, ms", LATENCY_99, median(few, Scored::latency99)),
        bar("First video at 100 players, p99, ms", FIRST_99, median(few, Scored::first99)),
        bar("CPU at 500 players, ms/MB", CPU_MILLIS_PER_MB, median(many, Scored::cpu)),
        bar(
            "Memory at 500 players, KiB each",
            KIB_PER_PLAYER,
            memory.getOrDefault(LivePeer.WARMFRONT, Double.NaN)));
  }

  private static String bar(String what, double most, double value) {
    return "- %s: %s, bar %s: %s\n"
        .formatted(
            what, Report.number(value), Report.number(most), value <= most ? "met" : "**not met**");
  }

  private static double median(List<Scored> rows, ToDoubleFunction<Scored> figure) {
    return Sample.of(rows.stream().map(figure::applyAsDouble).toList()).median();
  }

  private static String cell(List<Scored> rows, ToDoubleFunction<Scored> figure) {
    Sample sample = Sample.of(rows.stream().map(figure::applyAsDouble).toList());
    return "%s (%s–%s)"
        .formatted(
            Report.number(sample.median()),
            Report.number(sample.least()),
            Report.number(sample.most()));
  }

  private void note(String text) {
    notes.add(text);
    say(text);
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }
}
