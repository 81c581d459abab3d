package warmfront.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import warmfront.app.call.SignedHttp;
import warmfront.time.Clock;

/**
 * {@code ./warmfront bench api}: how long calls of the API take over SQLite, with few distributions
 * and with many, and what a steady flow of changes does to them.
 */
public final class ApiBench {
  private static final int WARMING = 600;
  private static final int FEW = 500;
  private static final int CALLS = 300;
  private static final int LISTS = 50;
  private static final int PAGE = 100;

  /** Changes a second that are to be borne. */
  private static final int RATE = 100;

  /** At most so many calls at a time while distributions are only made to be many. */
  private static final int TOGETHER = 4;

  private final Clock clock;
  private final Ground ground;
  private final int seconds;
  private final int many;
  private final Table table = new Table();
  private final List<String> notes = new ArrayList<>();
  private final List<ApiCalls.Made> made = Collections.synchronizedList(new ArrayList<>());
  private int changes;

  private ApiBench(Clock clock, Ground ground, int seconds, int thousands) {
    this.clock = clock;
    this.ground = ground;
    this.seconds = seconds;
    this.many = thousands * 1000;
  }

  /** Measures and writes the results: seconds of the steady flow, thousands of distributions. */
  public static void main(String[] arguments) throws Exception {
    Measurement.run(
        (ground, numbers) -> new ApiBench(Clock.system(), ground, numbers[0], numbers[1]).run(),
        "api [SECONDS [THOUSANDS]]   (30 10)",
        arguments,
        30,
        10);
  }

  private void run() throws Exception {
    try (ControlPlane control = ControlPlane.start(clock, ground);
        SignedHttp http = control.await();
        FollowingEdges edges = new FollowingEdges(clock, ground.folder().resolve("edges"))) {
      ApiCalls api = new ApiCalls(http);
      edges.join(api, 1);
      edges.follow(1);
      warm(api);
      few(api);
      flow(control, api);
      many(api);
    }
    write();
  }

  /** Makes some distributions, and calls all operations until they are compiled. */
  private void warm(ApiCalls api) throws Exception {
    create(api, FEW - CALLS);
    for (int i = 0; i < WARMING; i++) {
      int one = i % made.size();
      made.set(one, api.update(made.get(one), ++changes));
      String id = made.get(one).id();
      api.status(id);
      api.invalidate(id, "warm-" + i);
      if (i % 2 == 0) {
        api.list(PAGE, "");
      }
    }
  }

  private void create(ApiCalls api, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      made.add(api.create("site-" + made.size()));
    }
  }

  private void few(ApiCalls api) throws Exception {
    Times creates = new Times(clock);
    create(api, creates, CALLS);
    table.add("CreateDistribution, up to 500", creates, Table.Judged.MEDIAN, 30);
    others(api, "500");
    Times lists = new Times(clock);
    for (int i = 0; i < LISTS; i++) {
      lists.take(() -> pages(api, FEW));
    }
    table.add("ListDistributions, 500 in one page", lists, Table.Judged.MEDIAN, 50);
    Times pages = new Times(clock);
    for (int i = 0; i < LISTS; i++) {
      pages.take(() -> pages(api, PAGE));
    }
    table.add("ListDistributions, 500 in 5 calls", pages, Table.Judged.MEDIAN, 50);
  }

  private void create(ApiCalls api, Times times, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      made.add(times.take(() -> api.create("site-" + made.size())));
    }
  }

  private void others(ApiCalls api, String among) throws Exception {
    Times updates = new Times(clock);
    Times gets = new Times(clock);
    Times invalidations = new Times(clock);
    for (int i = 0; i < CALLS; i++) {
      int one = i;
      made.set(one, updates.take(() -> api.update(made.get(one), ++changes)));
      String id = made.get(one).id();
      String reference = among + "-" + i;
      gets.take(() -> api.status(id));
      invalidations.take(() -> api.invalidate(id, reference));
    }
    table.add("UpdateDistribution among " + among, updates);
    table.add("GetDistribution among " + among, gets);
    table.add("CreateInvalidation among " + among, invalidations);
  }

  /** Lists all distributions; returns how many pages they are. */
  private static int pages(ApiCalls api, int items) throws IOException, InterruptedException {
    int pages = 0;
    String marker = "";
    do {
      marker = api.list(items, marker).orElse("");
      pages++;
    } while (!marker.isEmpty());
    return pages;
  }

  /**
   * Changes come at their rate, whether those before are done or not, and are timed from when they
   * were due: of ten, two create, four update and four invalidate.
   */
  private void flow(ControlPlane control, ApiCalls api) throws Exception {
    Times times = new Times(clock);
    LongAdder failed = new LongAdder();
    int count = RATE * seconds;
    Processes before = Processes.now();
    long begin = clock.nanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long due = begin + TimeUnit.SECONDS.toNanos(1) / RATE * i;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - clock.nanos()));
        int number = i;
        threads.execute(() -> {
          try {
            times.takeSince(due, () -> change(api, number));
          } catch (Exception e) {
            System.err.println("bench: " + e.getMessage());
            failed.increment();
          }
        });
      }
    }
    double took = (clock.nanos() - begin) / 1e9;
    table.add("%d changes a second for %d s".formatted(RATE, seconds), times);
    notes.add(
        "of %,d changes in the steady flow %d failed; the last was done %.2f s after the first was due: %s"
            .formatted(
                count,
                failed.sum(),
                took,
                failed.sum() == 0 && took < seconds + 1 ? "met" : "**not met**"));
    double cpu = Processes.now().cpu(control.pid()).minus(before.cpu(control.pid())).total();
    notes.add(
        "CPU of the control plane for each of them: %s ms"
            .formatted(Report.number(cpu / count * 1000)));
  }

  /** Each changes a distribution that no other one does, as long as there are so many. */
  private String change(ApiCalls api, int number) throws Exception {
    int one = number % made.size();
    if (number % 10 < 2) {
      return api.create("flow-" + number).id();
    }
    if (number % 10 < 6) {
      ApiCalls.Made next = api.update(made.get(one), 1_000_000 + number);
      made.set(one, next);
      return next.id();
    }
    return api.invalidate(made.get(one).id(), "flow-" + number);
  }

  private void many(ApiCalls api) throws Exception {
    List<Callable<ApiCalls.Made>> missing = new ArrayList<>();
    for (int i = made.size(); i < many; i++) {
      int number = i;
      missing.add(() -> api.create("many-" + number));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(TOGETHER)) {
      for (Future<ApiCalls.Made> done : threads.invokeAll(missing)) {
        made.add(done.get());
      }
    }
    String among = "%,d".formatted(many);
    Times creates = new Times(clock);
    create(api, creates, CALLS);
    table.add("CreateDistribution among " + among, creates, Table.Judged.MEDIAN, 30);
    others(api, among);
    Times first = new Times(clock);
    for (int i = 0; i < LISTS; i++) {
      first.take(() -> api.list(PAGE, ""));
    }
    table.add("ListDistributions, first 100 of " + among, first);
    Times all = new Times(clock);
    for (int i = 0; i < 3; i++) {
      all.take(() -> pages(api, PAGE));
    }
    table.add("ListDistributions, all of them in pages of 100", all);
  }

  private void write() throws IOException {
    String date = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).toString();
    StringBuilder text = new StringBuilder("# ").append(date).append(": calls of the API\n\n");
    text.append("- ").append(Machine.description()).append('\n');
    text.append(
        "- `./warmfront bench api %d %d`: `./warmfront control` over a fresh SQLite on one core; the client, one call at a time, on another\n"
            .formatted(seconds, many / 1000));
    text.append(
        "- one edge follows over mutual TLS and obeys everything, so that changes are `Deployed` while others come\n");
    text.append("- calls are signed, over one connection of HTTP/1.1, timed from the client\n\n");
    text.append(table).append('\n');
    notes.forEach(note -> text.append("- ").append(note).append('\n'));
    Path results = Files.createDirectories(ground.home().resolve("bench/results"));
    Path document = results.resolve(date + "-api.md");
    Files.writeString(document, text);
    System.err.println("bench: written: " + ground.home().relativize(document));
  }
}
