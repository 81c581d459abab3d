package warmfront.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import warmfront.streaming.rtmp.RtmpCall;
import warmfront.time.Clock;

/**
 * {@code ./warmfront bench streaming}: films over RTMP from this edge and from nginx with its RTMP
 * module, one server after the other: how soon the first picture is there, what the origin sends
 * for it, and what many viewers cost.
 */
public final class StreamingBench {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WARM_ROUNDS = 60;
  private static final int COLD_ROUNDS = 3;
  private static final long COLD_BYTES_PER_SECOND = 1_000_000;
  private static final int SEEK_MILLIS = 30_000;

  private final Clock clock;
  private final Ground ground;
  private final int viewers;
  private final Duration span;
  private final Path films;
  private final Map<StreamingPeer, Map<String, String>> rows = new LinkedHashMap<>();
  private int named;

  private StreamingBench(Clock clock, Ground ground, int viewers, Duration span)
      throws IOException {
    this.clock = clock;
    this.ground = ground;
    this.viewers = viewers;
    this.span = span;
    this.films = Files.createDirectories(ground.folder().resolve("films"));
  }

  /** Measures and writes the results: viewers, seconds that they watch. */
  public static void main(String[] arguments) throws Exception {
    Measurement.run(
        (ground, numbers) ->
            new StreamingBench(Clock.system(), ground, numbers[0], Duration.ofSeconds(numbers[1]))
                .run(),
        "streaming [VIEWERS [SECONDS]]   (500 20)",
        arguments,
        500,
        20);
  }

  private void run() throws Exception {
    Films.make(films);
    for (StreamingPeer peer : StreamingPeer.values()) {
      measure(peer);
    }
    write();
  }

  private void measure(StreamingPeer peer) throws Exception {
    int port = Ground.freePort(0) + peer.file().length();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (FilmOrigin origin = new FilmOrigin(clock, films, 0);
        PeerProcess process =
            PeerProcess.start(
                ground,
                peer.file(),
                Map.of(
                    "RTMP_PORT", String.valueOf(port),
                    "ORIGIN_PORT", String.valueOf(origin.port()),
                    "FILMS", films.toString()))) {
      process.await(clock, () -> RtmpCall.open(address, PATIENCE)).close();
      Map<String, String> row = new LinkedHashMap<>();
      rows.put(peer, row);
      Subject subject = new Subject(peer, address, origin, process.pid());
      warm(subject, row);
      many(subject, row);
      cold(subject, row);
      together(subject, row);
    } catch (IOException failed) {
      say("%s: %s".formatted(peer.title(), failed.getMessage()));
    }
  }

  /** A server that is measured. */
  private record Subject(
      StreamingPeer peer, InetSocketAddress address, FilmOrigin origin, long pid) {}

  /** One viewer after another of a film that is there; then seeks within it. */
  private void warm(Subject subject, Map<String, String> row) throws IOException {
    List<Double> firsts = new ArrayList<>();
    List<Double> seeks = new ArrayList<>();
    for (int i = 0; i < 2 * WARM_ROUNDS; i++) {
      long begin = clock.nanos();
      try (RtmpCall call = RtmpCall.open(subject.address(), PATIENCE)) {
        first(call, subject.peer().near(), "mp4:front.mp4");
        firsts.add(millis(begin));
      }
      try (RtmpCall call = RtmpCall.open(subject.address(), PATIENCE)) {
        connect(call, subject.peer().near());
        long asked = clock.nanos();
        call.play("mp4:front.mp4", SEEK_MILLIS);
        picture(call);
        seeks.add(millis(asked));
      }
      if (i == WARM_ROUNDS) { // a JVM has to run a while
        firsts.clear();
        seeks.clear();
      }
    }
    row.put("G1 warm: connect to first picture, p50 / p99 ms", percentiles(firsts));
    row.put("G6 play at 30 s to first picture, p50 / p99 ms", percentiles(seeks));
  }

  /** Films that nobody has seen, from an origin that sends 1 MB a second. */
  private void cold(Subject subject, Map<String, String> row)
      throws IOException, InterruptedException {
    for (String film : List.of("front", "end")) {
      List<Double> firsts = new ArrayList<>();
      List<Double> fetched = new ArrayList<>();
      for (int i = 0; i < COLD_ROUNDS; i++) {
        subject.origin().pace(COLD_BYTES_PER_SECOND);
        String name = "mp4:%s-%d.mp4".formatted(film, ++named);
        long before = subject.origin().sent();
        long begin = clock.nanos();
        try (RtmpCall call = RtmpCall.open(subject.address(), PATIENCE)) {
          first(call, subject.peer().far(), name);
          firsts.add(millis(begin));
          fetched.add((subject.origin().sent() - before) / 1024.0);
        }
        subject.origin().pace(Long.MAX_VALUE); // the rest of what was asked for comes now
        TimeUnit.SECONDS.sleep(1);
      }
      row.put("G2 cold, header at %s: connect to first picture, ms".formatted(film), range(firsts));
      row.put("G3 of it sent by the origin until then, KiB (%s)".formatted(film), range(fetched));
    }
  }

  /** Many viewers of one film that is there. */
  private void many(Subject subject, Map<String, String> row) throws Exception {
    crowd(subject, "mp4:front.mp4", Duration.ofSeconds(5)); // warmth
    long memory = Processes.now().residentKib(subject.pid());
    Crowd crowd = crowd(subject, "mp4:front.mp4", span);
    row.put(
        "G4 %d viewers: CPU ms per MB".formatted(viewers),
        Report.number(crowd.cpuSeconds() * 1000 / (crowd.bytes() / 1e6)));
    row.put(
        "of it MB sent in %d s".formatted(span.toSeconds()), Report.number(crowd.bytes() / 1e6));
    row.put(
        "resident memory more than with none, KiB a viewer",
        Report.number((crowd.residentKib() - memory) / (double) viewers));
  }

  /** Many viewers at once of a film that nobody has seen, and one of another. */
  private void together(Subject subject, Map<String, String> row) throws Exception {
    long before = subject.origin().requests();
    String alone = "mp4:front-%d.mp4".formatted(++named);
    watch(subject, subject.peer().far(), alone, Duration.ofSeconds(3));
    long ofOne = subject.origin().requests() - before;
    before = subject.origin().requests();
    String shared = "mp4:front-%d.mp4".formatted(++named);
    crowd(subject, subject.peer().far(), shared, Duration.ofSeconds(3));
    row.put(
        "G5 requests to the origin for %d cold viewers / for one".formatted(viewers),
        "%d / %d".formatted(subject.origin().requests() - before, ofOne));
  }

  private void watch(Subject subject, String url, String name, Duration time) throws IOException {
    try (RtmpCall call = RtmpCall.open(subject.address(), PATIENCE)) {
      first(call, url, name);
      long end = clock.nanos() + time.toNanos();
      while (clock.nanos() < end) {
        call.next();
      }
    }
  }

  /** What a crowd came to. */
  private record Crowd(double bytes, double cpuSeconds, long residentKib) {}

  private Crowd crowd(Subject subject, String name, Duration time) throws Exception {
    return crowd(subject, subject.peer().near(), name, time);
  }

  private Crowd crowd(Subject subject, String url, String name, Duration time) throws Exception {
    LongAdder bytes = new LongAdder();
    LongAdder failed = new LongAdder();
    CountDownLatch there = new CountDownLatch(viewers);
    CountDownLatch over = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < viewers; i++) {
        threads.execute(() -> {
          try (RtmpCall call = RtmpCall.open(subject.address(), PATIENCE)) {
            first(call, url, name);
            there.countDown();
            there.await();
            long counted = call.received();
            while (over.getCount() > 0) {
              call.next();
              bytes.add(call.received() - counted);
              counted = call.received();
            }
          } catch (IOException | InterruptedException e) {
            failed.increment();
            there.countDown();
          }
        });
      }
      there.await();
      Processes.Cpu before = Processes.now().cpu(subject.pid());
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
      Processes now = Processes.now();
      double cpu = now.cpu(subject.pid()).minus(before).total();
      long resident = now.residentKib(subject.pid());
      double sum = bytes.sum();
      over.countDown();
      if (failed.sum() > 0) {
        String title = subject.peer().title();
        say("%s: %d of %d viewers failed".formatted(title, failed.sum(), viewers));
      }
      return new Crowd(sum, cpu, resident);
    }
  }

  private static void first(RtmpCall call, String url, String name) throws IOException {
    connect(call, url);
    call.play(name);
    picture(call);
  }

  private static void connect(RtmpCall call, String url) throws IOException {
    RtmpCall.Message answer = call.connect(url);
    if (!answer.code().equals("NetConnection.Connect.Success")) {
      throw new IOException(url + " is refused: " + answer.code());
    }
  }

  /** Reads to the first message with a picture; one with the codec's configuration has none. */
  private static void picture(RtmpCall call) throws IOException {
    RtmpCall.Message video = call.next(RtmpCall.VIDEO);
    while (video.payload().get(1) == 0) {
      video = call.next(RtmpCall.VIDEO);
    }
  }

  private double millis(long sinceNanos) {
    return (clock.nanos() - sinceNanos) / 1e6;
  }

  private static String percentiles(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return "%s / %s"
        .formatted(
            Report.number(sorted.get(sorted.size() / 2)),
            Report.number(sorted.get(sorted.size() * 99 / 100)));
  }

  private static String range(List<Double> values) {
    Sample sample = Sample.of(values);
    return "%s (%s–%s)"
        .formatted(
            Report.number(sample.median()),
            Report.number(sample.least()),
            Report.number(sample.most()));
  }

  private void write() throws IOException {
    String date = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).toString();
    StringBuilder text = new StringBuilder("# ").append(date).append(": films over RTMP\n\n");
    text.append("- ").append(Machine.description()).append('\n');
    text.append(
            "- a minute of H.264 (640x360, 25 pictures a second, a keyframe every 2 s) and AAC,")
        .append(
            " 1.1 Mbit/s, %d KiB; servers with one event loop, on one core\n"
                .formatted(Files.size(films.resolve(Films.FRONT)) / 1024));
    text.append("- our edge has films from an origin over HTTP, and what is warm in its cache;")
        .append(" nginx-rtmp has what is warm on its disk, and fetches whole files from the origin")
        .append("\n- cold: the origin sends 1 MB a second; %d rounds each\n".formatted(COLD_ROUNDS))
        .append("- network: ")
        .append(ground.network())
        .append("\n\n| |");
    rows.keySet().forEach(peer -> text.append(' ').append(peer.title()).append(" |"));
    text.append("\n|---|").append("---|".repeat(rows.size())).append('\n');
    for (String figure : rows.values().stream().findFirst().orElse(Map.of()).keySet()) {
      text.append("| ").append(figure).append(" |");
      rows.values()
          .forEach(row ->
              text.append(' ')
                  .append(Optional.ofNullable(row.get(figure)).orElse("-"))
                  .append(" |"));
      text.append('\n');
    }
    Path results = Files.createDirectories(ground.home().resolve("bench/results"));
    Path document = results.resolve(date + "-streaming.md");
    Files.writeString(document, text);
    say("written: %s".formatted(ground.home().relativize(document)));
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }
}
