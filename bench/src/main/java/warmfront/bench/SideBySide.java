package warmfront.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import warmfront.time.Clock;

/**
 * {@code ./warmfront bench side-by-side}: ours and the other servers that are installed, before one
 * origin, taking turns round by round. The settings of the place come as system properties from
 * {@code bench/run}.
 */
public final class SideBySide {
  /** What the README shows. */
  private static final List<String> SHOWN = List.of("W1", "W2", "W4", "W5", "W8");

  private static final int ROUNDS_OF_A_README = 5;
  private static final int USAGE = 2;

  private final Options options;
  private final Ground ground;
  private final Clock clock;
  private final Results results = new Results();
  private final String date;
  private final Path document;

  private SideBySide(Options options, Ground ground, Clock clock) throws IOException {
    this.options = options;
    this.ground = ground;
    this.clock = clock;
    this.date = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).toString();
    this.document = newDocument(ground.home().resolve("bench/results"), date);
  }

  /** Measures and writes the results; exits 2 if the arguments or the machine do not allow it. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.of(List.of(arguments));
    } catch (UsageException wrong) {
      System.err.println(wrong.getMessage() + "\n" + Options.USAGE);
      System.exit(USAGE);
      return;
    }
    List<String> missing = Tools.missing(List.of("openssl", "taskset"));
    if (!missing.isEmpty()) {
      System.err.println("side-by-side needs: apt-get install " + String.join(" ", missing));
      System.exit(USAGE);
    }
    Path folder = Files.createTempDirectory("warmfront-bench-");
    Ground ground = Ground.given(folder);
    AtomicBoolean ending = new AtomicBoolean();
    Running running = new Running();
    Thread hook = new Thread(() -> end(running, folder, ending), "end");
    Runtime.getRuntime().addShutdownHook(hook);
    new SideBySide(options, ground, Clock.system()).run(running, ending);
  }

  private static void end(Running running, Path folder, AtomicBoolean ending) {
    ending.set(true);
    try {
      running.close();
      Folders.delete(folder);
    } catch (IOException left) {
      System.err.println("could not tidy up: " + left);
    }
  }

  private void run(Running running, AtomicBoolean ending) throws IOException, InterruptedException {
    Tools tools = new Tools(ground.folder());
    tools.certificate(ground.certificate(), ground.key());
    Files.setPosixFilePermissions(ground.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Peer> peers = installed();
    int port = Ground.freePort(0);
    try (Origin origin = new Origin(clock, port, new Random(1))) {
      Generators generators = new Generators(clock, tools, origin, options);
      Round round = new Round(clock, origin, ground);
      for (Workload workload : options.workloads()) {
        List<String> missing = Tools.missing(workload.needs().programs());
        if (!missing.isEmpty()) {
          note(
              "%s was left out: apt-get install %s"
                  .formatted(workload.name(), String.join(" ", missing)));
          continue;
        }
        for (boolean logged : options.logs()) {
          Results.Series series = new Results.Series(workload, logged);
          say("%s: %s".formatted(series, workload.title()));
          if (workload.starts()) {
            starts(series, peers, port, running);
          } else {
            loads(series, peers, port, running, generators, round);
          }
          running.close();
          if (ending.get()) {
            return;
          }
          write(peers);
        }
      }
    }
    say("written: %s".formatted(ground.home().relativize(document)));
    showInReadme(peers);
  }

  private List<Peer> installed() {
    List<Peer> peers = new ArrayList<>();
    for (Peer peer : options.peers()) {
      List<String> missing = peer.missing();
      if (missing.isEmpty()) {
        peers.add(peer);
      } else {
        note(
            "%s is not here: apt-get install %s"
                .formatted(peer.title(), String.join(" ", missing)));
      }
    }
    return peers;
  }

  /** All servers run at once and take turns, so that what disturbs one round disturbs all alike. */
  private void loads(
      Results.Series series,
      List<Peer> peers,
      int originPort,
      Running running,
      Generators generators,
      Round round)
      throws IOException, InterruptedException {
    Workload workload = series.workload();
    List<Server> ready = new ArrayList<>();
    for (Peer peer : peers) {
      attempt(
          series,
          peer,
          () -> {
            Server server = running.start(peer, ground, originPort, series.logged());
            server.awaitAnswer(clock, "/s/1k");
            if (workload.needs().tls()) {
              server.awaitTls(clock);
            }
            workload.warm().take(generators, server, warmth(peer), -1);
            ready.add(server);
          });
    }
    List<Server> broken = new ArrayList<>();
    for (int i = 0; i < workload.rounds(options.rounds()); i++) {
      for (Server server : ready) {
        int number = i;
        boolean good =
            broken.contains(server)
                || attempt(
                    series,
                    server.peer(),
                    () -> {
                      Duration span = Duration.ofSeconds(options.seconds());
                      Map<Figure, Double> figures =
                          round.take(
                              workload,
                              server,
                              () -> workload.step().take(generators, server, span, number));
                      results.add(series, server.peer(), figures);
                      say("  %s %s".formatted(server.peer().title(), figures));
                    });
        if (!good) {
          broken.add(server);
        }
      }
    }
  }

  private Duration warmth(Peer peer) {
    return Duration.ofSeconds(peer == Peer.WARMFRONT ? options.warmSeconds() : 2);
  }

  /** Each server starts, answers once and is ended, round by round. */
  private void starts(Results.Series series, List<Peer> peers, int originPort, Running running)
      throws IOException, InterruptedException {
    for (int i = 0; i < options.rounds(); i++) {
      for (Peer peer : peers) {
        attempt(
            series,
            peer,
            () -> {
              long begin = clock.nanos();
              Server server = running.start(peer, ground, originPort, series.logged());
              server.awaitAnswer(clock, "/s/1k");
              double millis = (double) (clock.nanos() - begin) / 1e6;
              Thread.sleep(Duration.ofSeconds(1)); // for what a server still does after its start
              double mib = Processes.now().residentKib(server.pid()) / 1024.0;
              results.add(
                  series, peer, Map.of(Figure.START_MILLIS, millis, Figure.RESIDENT_MIB, mib));
              say("  %s %.0f ms, %.0f MiB".formatted(peer.title(), millis, mib));
            });
        running.close();
      }
    }
  }

  /** Does something with a server; what fails is noted and costs only this server its figures. */
  private boolean attempt(Results.Series series, Peer peer, Tools.Work work)
      throws InterruptedException {
    try {
      work.run();
      return true;
    } catch (IOException failed) {
      note("%s, %s: %s".formatted(series, peer.title(), failed));
      return false;
    }
  }

  private Report report(List<Peer> peers) throws IOException, InterruptedException {
    List<String> versions = new ArrayList<>();
    for (Peer peer : peers) {
      versions.add(Machine.version(peer));
    }
    List<String> circumstances = new ArrayList<>();
    circumstances.add(Machine.description());
    circumstances.add(
        "servers on one core, one thread or event loop each; load and origin on "
            + (ground.serverCore() == ground.loadCore()
                ? "the same, for want of another"
                : "another"));
    circumstances.add("network: " + ground.network());
    circumstances.add(String.join(", ", versions) + "; as `bench/peers` sets them up");
    circumstances.add(
        "%d rounds of %d s, servers taking turns; ours warmed for %d s, others for 2 s"
            .formatted(options.rounds(), options.seconds(), options.warmSeconds()));
    if (options.quick()) {
      circumstances.add("**quick: shows that the driver runs; the figures mean nothing**");
    }
    return new Report(date, circumstances, results);
  }

  /** Writes what there is so far: a run that is broken off keeps what it measured. */
  private void write(List<Peer> peers) throws IOException, InterruptedException {
    if (!results.series().isEmpty()) {
      Files.writeString(document, report(peers).document());
    }
  }

  private void showInReadme(List<Peer> peers) throws IOException, InterruptedException {
    Path readme = ground.home().resolve("README.md");
    if (options.quick() || options.rounds() < ROUNDS_OF_A_README) {
      say(
          "README.md keeps its figures: it shows runs of at least %d rounds"
              .formatted(ROUNDS_OF_A_README));
      return;
    }
    Optional<String> table = report(peers).summary(shown());
    if (table.isEmpty()) {
      say("README.md keeps its figures: it shows %s beside another server".formatted(SHOWN));
      return;
    }
    String source =
        "\n[%s](bench/results/%s), with every figure and the machine.\n"
            .formatted(date, document.getFileName());
    Files.writeString(readme, Readme.with(Files.readString(readme), table.get() + source));
  }

  private static List<Workload> shown() {
    return SHOWN.stream().map(Workload::named).flatMap(Optional::stream).toList();
  }

  private static Path newDocument(Path folder, String date) throws IOException {
    Files.createDirectories(folder);
    Path document = folder.resolve(date + ".md");
    for (int i = 2; Files.exists(document); i++) {
      document = folder.resolve(date + "-" + i + ".md");
    }
    return document;
  }

  private void note(String note) {
    results.note(note);
    say(note);
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }
}
