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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import warmfront.streaming.rtmp.RtmpCall;
import warmfront.time.Clock;

/**
 * {@code ./warmfront bench soak}: players come and go, half of them of a channel and half of a
 * film, and what they leave behind in our servers.
 */
public final class SoakBench {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STAY = Duration.ofSeconds(2);

  /** How long a read may go on that nobody waits for. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(10);

  /** The minutes that a JVM needs to be warm. */
  private static final int WARM = 5;

  private static final double GROWTH_PERCENT_MAX = 5;

  /**
   * What there was after a minute.
   *
   * @param liveKib objects of the channel's server after a collection
   * @param filmKib of the films' server
   * @param liveResidentKib memory of the channel's server
   * @param filmResidentKib of the films' server
   */
  private record Minute(long liveKib, long filmKib, long liveResidentKib, long filmResidentKib) {}

  private final Clock clock;
  private final Ground ground;
  private final int minutes;
  private final int perMinute;
  private final LongAdder came = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final List<Minute> seen = new ArrayList<>();

  private SoakBench(Clock clock, Ground ground, int minutes, int perMinute) {
    this.clock = clock;
    this.ground = ground;
    this.minutes = minutes;
    this.perMinute = perMinute;
  }

  /** Measures and writes the results: minutes, players of each. */
  public static void main(String[] arguments) throws Exception {
    Measurement.run(
        (ground, numbers) -> new SoakBench(Clock.system(), ground, numbers[0], numbers[1]).run(),
        "soak [MINUTES [PER_MINUTE]]   (30 1000)",
        arguments,
        30,
        1000);
  }

  private void run() throws IOException, InterruptedException {
    Path films = Files.createDirectories(ground.folder().resolve("films"));
    Films.make(films);
    int live = Ground.freePort(0);
    int film = Ground.freePort(live + 1);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), film);
    try (FilmOrigin origin = new FilmOrigin(clock, films, 0);
        PeerProcess channel =
            PeerProcess.start(
                ground,
                LivePeer.WARMFRONT.file(),
                Map.of("RTMP_PORT", String.valueOf(live), "CHANNEL", LiveLoad.channel()));
        PeerProcess cinema =
            PeerProcess.start(
                ground,
                StreamingPeer.WARMFRONT.file(),
                Map.of(
                    "RTMP_PORT", String.valueOf(film),
                    "ORIGIN_PORT", String.valueOf(origin.port()),
                    "FILMS", films.toString()));
        LiveLoad load = channel.await(clock, () -> new LiveLoad(clock, live))) {
      cinema.await(clock, () -> RtmpCall.open(address, PATIENCE)).close();
      for (int minute = 1; minute <= minutes; minute++) {
        pass(load, address);
        seen.add(
            new Minute(
                Processes.objectsKib(channel.pid()),
                Processes.objectsKib(cinema.pid()),
                Processes.now().residentKib(channel.pid()),
                Processes.now().residentKib(cinema.pid())));
        say("%d: %s, %d of %d failed".formatted(minute, seen.getLast(), failed.sum(), came.sum()));
      }
      load.play(AFTERWARDS);
      long sent = origin.sent();
      load.play(STAY);
      write(origin.sent() - sent);
    }
  }

  /** Lets a minute pass in which players come, stay for two seconds, and go. */
  private void pass(LiveLoad load, InetSocketAddress films) throws IOException {
    long end = clock.nanos() + TimeUnit.MINUTES.toNanos(1);
    int together = (int) (perMinute * STAY.toSeconds() / 2 / 60);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (clock.nanos() < end) {
        for (int i = 0; i < together; i++) {
          int film = i;
          threads.execute(() -> watch(films, "mp4:front-%d.mp4".formatted(film)));
        }
        load.join(together, STAY);
        load.part();
        came.add(2L * together);
      }
    }
  }

  private void watch(InetSocketAddress films, String name) {
    try (RtmpCall call = RtmpCall.open(films, PATIENCE)) {
      call.connect(StreamingPeer.WARMFRONT.near());
      call.play(name);
      long end = clock.nanos() + STAY.toNanos();
      while (clock.nanos() < end) {
        call.next();
      }
    } catch (IOException e) {
      failed.increment();
    }
  }

  private void write(long sentAfterwards) throws IOException {
    String date = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).toString();
    StringBuilder text = new StringBuilder("# ").append(date).append(": players come and go\n\n");
    text.append("- ").append(Machine.description()).append('\n');
    text.append(
        "- `./warmfront bench soak %d %d`: half of the players watch a channel over RTMP, half a film from an origin over HTTP, each for 2 s\n"
            .formatted(minutes, perMinute));
    text.append("- %,d connections, %d failed\n\n".formatted(came.sum(), failed.sum()));
    text.append("Objects in use after a collection, and resident memory, in KiB:\n\n");
    text.append("| minute | channel: objects | memory | films: objects | memory |\n");
    text.append("|---|---|---|---|---|\n");
    int step = Math.max(1, seen.size() / 10);
    for (int i = (seen.size() - 1) % step; i < seen.size(); i += step) {
      row(text, i);
    }
    text.append('\n');
    if (seen.size() > WARM) {
      Minute warm = seen.get(WARM - 1);
      Minute last = seen.getLast();
      text.append(growth("channel", warm.liveKib, last.liveKib));
      text.append(growth("films", warm.filmKib, last.filmKib));
    }
    text.append(
        "- sent by the origin of films from 10 s after the last viewer on: %d bytes: %s\n"
            .formatted(sentAfterwards, sentAfterwards == 0 ? "met" : "**not met**"));
    Path results = Files.createDirectories(ground.home().resolve("bench/results"));
    Path document = results.resolve(date + "-soak.md");
    Files.writeString(document, text);
    say("written: %s".formatted(ground.home().relativize(document)));
  }

  private void row(StringBuilder text, int index) {
    Minute one = seen.get(index);
    text.append(
        "| %d | %,d | %,d | %,d | %,d |\n"
            .formatted(
                index + 1, one.liveKib, one.liveResidentKib, one.filmKib, one.filmResidentKib));
  }

  private static String growth(String what, long before, long after) {
    double percent = 100.0 * (after - before) / before;
    return "- objects of the %s from minute %d to the end: %+.1f %%, at most %.0f: %s\n"
        .formatted(
            what,
            WARM,
            percent,
            GROWTH_PERCENT_MAX,
            percent <= GROWTH_PERCENT_MAX ? "met" : "**not met**");
  }

  private static void say(String text) {
    System.err.println("bench: " + text);
  }
}
