package warmfront.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.time.Clock;

/**
 * {@code ./warmfront bench dns}: our DNS server and others that answer by the viewer's network,
 * asked for one name by a million networks, taking turns round by round. Each has one core and one
 * thread for it.
 */
public final class DnsBench {
  private static final int NETWORKS = 1_000_000;
  private static final int CENTRES = 20;
  private static final Duration PROBE = Duration.ofMillis(100);

  // The bars, in gdnsd's figures of the same run.
  private static final double TOTAL_RATIO = 1.1;
  private static final double USER_RATIO = 1.3;
  private static final double USER_MICROS = 2;

  /**
   * A round of a server.
   *
   * @param total CPU microseconds of the server's process per question
   * @param user of these, outside the kernel
   * @param perSecond replies
   * @param bytes of a reply
   * @param lostPercent questions without a reply, in hundredths
   * @param residentMib memory of the server's process
   */
  private record Scored(
      double total,
      double user,
      double perSecond,
      double bytes,
      double lostPercent,
      double residentMib) {}

  /** A server that runs. */
  private record Started(DnsPeer peer, PeerProcess process, DnsLoad load) implements AutoCloseable {
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
  private final Map<DnsPeer, List<Scored>> scores = new EnumMap<>(DnsPeer.class);
  private final List<String> notes = new ArrayList<>();

  private DnsBench(Clock clock, Ground ground, int rounds, Duration span, Duration warmth) {
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
            new DnsBench(
                    Clock.system(),
                    ground,
                    numbers[0],
                    Duration.ofSeconds(numbers[1]),
                    Duration.ofSeconds(numbers[2]))
                .run(),
        "dns [ROUNDS [SECONDS [WARM]]]   (5 3 10)",
        arguments,
        5,
        3,
        10);
  }

  private void run() throws IOException, InterruptedException {
    Networks networks = Networks.of(NETWORKS, CENTRES, 1);
    networks.writePlain(ground.folder().resolve("networks"));
    networks.writeTable(ground.folder().resolve("table"));
    List<Started> servers = new ArrayList<>();
    try {
      for (DnsPeer peer : DnsPeer.values()) {
        if (peer.missing().isEmpty()) {
          start(peer, networks).ifPresent(servers::add);
        } else {
          note("%s is not here: apt-get install %s".formatted(peer.title(), peer.missing()));
        }
      }
      for (Started server : servers) {
        server.load().ask(warmth);
      }
      for (int i = 0; i < rounds; i++) {
        for (Started server : servers) {
          score(server);
        }
      }
    } finally {
      servers.forEach(Started::close);
    }
    write();
  }

  private Optional<Started> start(DnsPeer peer, Networks networks)
      throws IOException, InterruptedException {
    int port = Ground.freePort(0) + peer.file().length();
    PeerProcess process =
        PeerProcess.start(
            ground,
            peer.file(),
            Map.of(
                "DNS_PORT", String.valueOf(port),
                "CENTRES", String.valueOf(CENTRES),
                "NETS", ground.folder().resolve("networks").toString(),
                "TABLE", ground.folder().resolve("table").toString()));
    Started started = new Started(peer, process, new DnsLoad(clock, networks, port));
    try {
      long begin = clock.nanos();
      process.await(clock, () -> answer(started.load()));
      say("%s serves after %.1f s".formatted(peer.title(), (clock.nanos() - begin) / 1e9));
      return Optional.of(started);
    } catch (IOException e) {
      started.close();
      note("%s %s".formatted(peer.title(), e.getMessage()));
      return Optional.empty();
    }
  }

  private static long answer(DnsLoad load) throws IOException {
    long replies = load.ask(PROBE).replies();
    if (replies == 0) {
      throw new IOException("no answer");
    }
    return replies;
  }

  private void score(Started server) throws IOException {
    long pid = server.process().pid();
    Processes.Cpu before = Processes.now().cpu(pid);
    DnsLoad.Taken taken = server.load().ask(span);
    Processes after = Processes.now();
    Processes.Cpu cpu = after.cpu(pid).minus(before);
    if (taken.replies() == 0 || taken.wrong() > 0) {
      note("%s: %s".formatted(server.peer().title(), taken));
      return;
    }
    double replies = (double) taken.replies();
    Scored scored =
        new Scored(
            cpu.total() * 1e6 / replies,
            cpu.user() * 1e6 / replies,
            replies / taken.seconds(),
            (double) taken.replyBytes() / replies,
            100.0 * (double) taken.lost() / (replies + (double) taken.lost()),
            after.residentKib(pid) / 1024.0);
    scores.computeIfAbsent(server.peer(), _ -> new ArrayList<>()).add(scored);
    say("  %s %s".formatted(server.peer().title(), scored));
  }

  private void write() throws IOException, InterruptedException {
    String date = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).toString();
    StringBuilder text = new StringBuilder("# ").append(date).append(": DNS side by side\n\n");
    text.append("- ").append(Machine.description()).append('\n');
    text.append("- one name, asked for A with a client subnet (RFC 7871) of one of a million /24s")
        .append(" at random; 8 sockets, 32 questions at a time on each, without cookies\n");
    text.append("- servers on one core, one thread each; load on ")
        .append(ground.serverCore() == ground.loadCore() ? "the same" : "another")
        .append("; network: ")
        .append(ground.network())
        .append('\n');
    text.append("- ").append(versions()).append("; as `bench/peers` sets them up\n");
    text.append(
        "- %d rounds of %d s, servers taking turns; each warmed for %d s\n\n"
            .formatted(rounds, span.toSeconds(), warmth.toSeconds()));
    text.append("Each cell is the median, with the least and the most of its rounds in brackets.")
        .append("\n\n| server | networks | CPU µs/query | of it user | replies/s | bytes/reply |")
        .append(" lost, % | resident MiB |\n|---|---|---|---|---|---|---|---|\n");
    scores.forEach((peer, rows) ->
        text.append(
            "| %s | %,d | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                    peer.title(),
                    peer.networks(),
                    cell(rows, Scored::total),
                    cell(rows, Scored::user),
                    cell(rows, Scored::perSecond),
                    cell(rows, Scored::bytes),
                    cell(rows, Scored::lostPercent),
                    cell(rows, Scored::residentMib))));
    text.append('\n').append(bars());
    if (!notes.isEmpty()) {
      text.append("\n## Notes\n\n");
      notes.forEach(note -> text.append("- ").append(note).append('\n'));
    }
    Path results = Files.createDirectories(ground.home().resolve("bench/results"));
    Path document = results.resolve(date + "-dns.md");
    Files.writeString(document, text);
    say("written: %s".formatted(ground.home().relativize(document)));
  }

  private String bars() {
    List<Scored> ours = scores.getOrDefault(DnsPeer.WARMFRONT, List.of());
    List<Scored> theirs = scores.getOrDefault(DnsPeer.GDNSD, List.of());
    if (ours.isEmpty() || theirs.isEmpty()) {
      return "Not measured beside gdnsd.\n";
    }
    double total = median(ours, Scored::total) / median(theirs, Scored::total);
    double user = median(ours, Scored::user) / median(theirs, Scored::user);
    boolean userMet = user <= USER_RATIO || median(ours, Scored::user) <= USER_MICROS;
    return "Total: %s of gdnsd's, bar %s: %s. User: %s of gdnsd's, bar %s or %s µs: %s.\n"
        .formatted(
            Report.number(total),
            TOTAL_RATIO,
            total <= TOTAL_RATIO ? "met" : "**not met**",
            Report.number(user),
            USER_RATIO,
            Report.number(USER_MICROS),
            userMet ? "met" : "**not met**");
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

  private String versions() throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    for (DnsPeer peer : scores.keySet()) {
      all.add(peer.title() + version(peer.versionCommand()));
    }
    return String.join(", ", all);
  }

  private static String version(List<String> command) throws IOException, InterruptedException {
    if (command.isEmpty()) {
      return "";
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher version = Pattern.compile("\\d+\\.\\d+(\\.\\d+)*").matcher(said);
    return version.find() ? " " + version.group() : "";
  }

  private void note(String text) {
    notes.add(text);
    say(text);
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }
}
