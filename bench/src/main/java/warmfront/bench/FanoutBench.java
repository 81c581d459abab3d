package warmfront.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import warmfront.app.call.SignedHttp;
import warmfront.distribution.Kind;
import warmfront.time.Clock;

/**
 * {@code ./warmfront bench fanout}: many edges follow one control plane. How long a change takes
 * until the last of them has acknowledged it, what a stream weighs, and how soon all are there
 * again when control was killed.
 */
public final class FanoutBench {
  private static final double CHANGE_MILLIS = 1000;
  private static final double STREAM_KIB = 50;
  private static final double CAUGHT_UP_SECONDS = 30;
  private static final int SITES = 50;
  private static final int WARMING = 10;

  /** How long edges are without control before it is started again. */
  private static final int AWAY_SECONDS = 5;

  private static final int ASKING_MILLIS = 10;

  /** Where files are in memory: each real edge has a disk of its own. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Clock clock;
  private final Ground ground;
  private final int count;
  private final int changes;
  private final Table table = new Table();
  private final List<String> notes = new ArrayList<>();
  private final List<ApiCalls.Made> made = new ArrayList<>();
  private int version;

  private FanoutBench(Clock clock, Ground ground, int count, int changes) {
    this.clock = clock;
    this.ground = ground;
    this.count = count;
    this.changes = changes;
  }

  /** Measures and writes the results: edges, changes of each sort. */
  public static void main(String[] arguments) throws Exception {
    Measurement.run(
        (ground, numbers) -> new FanoutBench(Clock.system(), ground, numbers[0], numbers[1]).run(),
        "fanout [EDGES [CHANGES]]   (1000 50)",
        arguments,
        1000,
        50);
  }

  private void run() throws Exception {
    Path disks =
        Files.createTempDirectory(
            Files.isWritable(MEMORY) ? MEMORY : ground.folder(), "warmfront-edges-");
    try (ControlPlane control = ControlPlane.start(clock, ground);
        SignedHttp http = control.await();
        FollowingEdges edges = new FollowingEdges(clock, disks)) {
      ApiCalls api = new ApiCalls(http);
      edges.join(api, 1);
      edges.follow(1);
      for (int i = 0; i < SITES; i++) {
        made.add(api.create("site-" + i));
      }
      weigh(control, api, edges);
      change(control, api, edges);
      away(api, edges);
      restart(control, api, edges);
      notes.add(
          "revisions that came to an edge after a newer one: %d: %s"
              .formatted(edges.backwards(), edges.backwards() == 0 ? "met" : "**not met**"));
    } finally {
      Folders.delete(disks);
    }
    write();
  }

  /** Has the others join, and sees what their streams weigh. */
  private void weigh(ControlPlane control, ApiCalls api, FollowingEdges edges) throws Exception {
    edges.join(api, count - 1);
    edges.await(edges.revision());
    long objects = Processes.objectsKib(control.pid());
    long resident = Processes.now().residentKib(control.pid());
    long begin = clock.nanos();
    edges.follow(edges.revision());
    say("%d edges follow after %.1f s".formatted(edges.count(), (clock.nanos() - begin) / 1e9));
    TimeUnit.SECONDS.sleep(AWAY_SECONDS);
    double heap = (double) (Processes.objectsKib(control.pid()) - objects) / (count - 1);
    double all = (double) (Processes.now().residentKib(control.pid()) - resident) / (count - 1);
    note(
        "a stream weighs %s KiB of objects after a collection (of resident memory %s KiB, what the collector has not given back among it), bar %s KiB: %s"
            .formatted(
                Report.number(heap),
                Report.number(all),
                Report.number(STREAM_KIB),
                heap < STREAM_KIB ? "met" : "**not met**"));
  }

  private void change(ControlPlane control, ApiCalls api, FollowingEdges edges) throws Exception {
    Times warming = new Times(clock);
    for (int i = 0; i < WARMING; i++) {
      update(api, edges, warming, warming);
      invalidate(api, edges, warming, warming);
    }
    Times calls = new Times(clock);
    Times obeyed = new Times(clock);
    Times deployed = new Times(clock);
    Processes before = Processes.now();
    long begin = clock.nanos();
    for (int i = 0; i < changes; i++) {
      update(api, edges, obeyed, deployed);
    }
    double seconds = (clock.nanos() - begin) / 1e9;
    double cpu = Processes.now().cpu(control.pid()).minus(before.cpu(control.pid())).total();
    note(
        "CPU of the control plane for each change, the calls that ask for its status among it: %s ms (%s of a core)"
            .formatted(Report.number(cpu / changes * 1000), Report.number(cpu / seconds)));
    table.add("UpdateDistribution, until the last edge obeys", obeyed);
    table.add("… until it is `Deployed`", deployed, Table.Judged.P99, CHANGE_MILLIS);
    Times taken = new Times(clock);
    Times completed = new Times(clock);
    for (int i = 0; i < changes; i++) {
      invalidate(api, edges, taken, completed);
    }
    table.add("CreateInvalidation, until the last edge obeys", taken);
    table.add("… until it is `Completed`", completed, Table.Judged.P99, CHANGE_MILLIS);
    for (int i = 0; i < changes; i++) {
      calls.take(() -> api.status(made.getFirst().id()));
    }
    table.add("GetDistribution meanwhile", calls);
  }

  private void update(ApiCalls api, FollowingEdges edges, Times obeyed, Times deployed)
      throws Exception {
    int one = version % made.size();
    edges.expect(Kind.DISTRIBUTION);
    long begin = clock.nanos();
    made.set(one, api.update(made.get(one), ++version));
    obeyed.takeSince(begin, edges::awaitExpected);
    String id = made.get(one).id();
    deployed.takeSince(begin, () -> until(() -> api.status(id).equals("Deployed")));
  }

  private void invalidate(ApiCalls api, FollowingEdges edges, Times obeyed, Times completed)
      throws Exception {
    String id = made.get(version % made.size()).id();
    edges.expect(Kind.INVALIDATION);
    long begin = clock.nanos();
    String invalidation = api.invalidate(id, "n" + ++version);
    obeyed.takeSince(begin, edges::awaitExpected);
    completed.takeSince(
        begin, () -> until(() -> api.invalidationStatus(id, invalidation).equals("Completed")));
  }

  private static boolean until(Times.Call<Boolean> there) throws Exception {
    while (!there.call()) {
      TimeUnit.MILLISECONDS.sleep(ASKING_MILLIS);
    }
    return true;
  }

  /** A tenth of the edges is away while things change, and catches up. */
  private void away(ApiCalls api, FollowingEdges edges) throws Exception {
    int few = Math.max(1, count / 10);
    edges.leave(few);
    for (int i = 0; i < changes; i++) {
      int one = version % made.size();
      made.set(one, api.update(made.get(one), ++version));
    }
    edges.await(edges.revision());
    long pictures = edges.pictures();
    long begin = clock.nanos();
    edges.follow(edges.revision());
    note(
        "%d edges that were away for %d changes are there again after %s s; whole pictures that control sent them: %d"
            .formatted(
                few,
                changes,
                Report.number((clock.nanos() - begin) / 1e9),
                edges.pictures() - pictures));
  }

  private void restart(ControlPlane control, ApiCalls api, FollowingEdges edges) throws Exception {
    long revision = edges.revision();
    long pictures = edges.pictures();
    control.kill();
    TimeUnit.SECONDS.sleep(AWAY_SECONDS);
    long begin = clock.nanos();
    control.restart();
    control.await().close();
    double ready = (clock.nanos() - begin) / 1e9;
    edges.expect(Kind.DISTRIBUTION);
    made.set(0, api.update(made.getFirst(), ++version));
    edges.awaitExpected();
    edges.await(revision + 1);
    double seconds = (clock.nanos() - begin) / 1e9;
    note(
        "CPU of the control plane from its start until then: %s s"
            .formatted(Report.number(Processes.now().cpu(control.pid()).total())));
    note(
        "control, killed and after %d s started again, is ready after %s s; after %s s the last of %d edges is there and obeys a change that was made when it was ready, bar %s s: %s; whole pictures sent: %d"
            .formatted(
                AWAY_SECONDS,
                Report.number(ready),
                Report.number(seconds),
                count,
                Report.number(CAUGHT_UP_SECONDS),
                seconds < CAUGHT_UP_SECONDS ? "met" : "**not met**",
                edges.pictures() - pictures));
  }

  private void write() throws IOException {
    String date = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).toString();
    StringBuilder text =
        new StringBuilder("# ").append(date).append(": many edges follow one control plane\n\n");
    text.append("- ").append(Machine.description()).append('\n');
    text.append(
        "- `./warmfront bench fanout %d %d`: `./warmfront control` over SQLite on %s; all edges and the API's client in one process on %s\n"
            .formatted(
                count,
                changes,
                "one core",
                ground.serverCore() == ground.loadCore() ? "the same" : "another"));
    text.append(
        "- each edge has its own certificate, TCP connection with mutual TLS, stream and state, by the code that edges have; it serves nothing, and its disk is memory\n");
    text.append("- %d distributions; changes come one after the other\n\n".formatted(SITES));
    text.append(table).append('\n');
    notes.forEach(note -> text.append("- ").append(note).append('\n'));
    Path results = Files.createDirectories(ground.home().resolve("bench/results"));
    Path document = results.resolve(date + "-fanout.md");
    Files.writeString(document, text);
    say("written: " + ground.home().relativize(document));
  }

  private void note(String text) {
    notes.add(text);
    say(text);
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }
}
