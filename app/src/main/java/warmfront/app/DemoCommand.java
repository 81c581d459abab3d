package warmfront.app;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import warmfront.app.config.Config;
import warmfront.app.demo.DynamicOrigin;
import warmfront.app.demo.Site;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/** Shows the main job on this machine. */
@CommandLine.Command(
    name = "demo",
    description = "The main job on this machine; then it stays up and says what to try.")
final class DemoCommand implements Callable<Integer> {
  @CommandLine.Option(
      names = "--check",
      description = "do it unattended, verify each step, exit 0 or 1")
  private boolean check;

  @CommandLine.Option(
      names = "--data",
      paramLabel = "DIR",
      description = "data directory (default: a new one, removed at the end)")
  private @Nullable Path data;

  @CommandLine.Option(names = "--config", paramLabel = "FILE", description = "warmfront.yaml")
  private @Nullable Path file;

  @Override
  public Integer call() throws StartException, InterruptedException, IOException {
    boolean isOwn = data == null;
    Path folder = data == null ? Files.createTempDirectory("warmfront-demo-") : data;
    Runnable clean = isOwn ? () -> remove(folder) : () -> {};
    try {
      return run(folder, clean);
    } catch (StartException | IOException failed) {
      clean.run();
      throw failed;
    }
  }

  private int run(Path folder, Runnable clean)
      throws StartException, InterruptedException, IOException {
    Config config = Configured.read(Optional.ofNullable(file), Optional.of(folder));
    LogLines.install(new Config.Log(config.log().format(), Config.LogLevel.ERROR));
    PrintStream out = System.out;
    Clock clock = Clock.system();
    DataDirectory held = DataDirectory.hold(folder);
    Path latencies = Site.latencies(folder.resolve("sample-latencies.csv"));
    Config told =
        config.withGeography(
            new Config.Geography(config.geography().countries(), Optional.of(latencies)));
    System.err.println("warmfront: starting everything in one process");
    long begin = clock.nanos();
    Ending ending = Ending.install(told.drain());
    AllInOne all;
    try {
      all = AllInOne.start(told, held, clock);
    } catch (StartException failed) {
      ending.now();
      throw failed;
    }
    ending.drains(new Cleaned(all, clean));
    try (DynamicOrigin origin = DynamicOrigin.open(clock)) {
      out.printf(
          "Warmfront %s: your own content delivery network, up after %.1f s%n",
          Main.VERSION, (clock.nanos() - begin) / 1e9);
      Demo demo = new Demo(all, out, clock);
      List<String> failures = demo.tell(origin);
      if (!check && failures.isEmpty()) {
        invite(out, all, demo);
        new CountDownLatch(1).await();
      }
      ending.now();
      out.println(
          failures.isEmpty() ? "ok: every step is right" : failures.size() + " steps are wrong");
      return failures.isEmpty() ? 0 : 1;
    }
  }

  /** Everything in one process, whose data directory goes with it. */
  private record Cleaned(AllInOne all, Runnable clean) implements Role {
    @Override
    public Map<String, Object> ready() {
      return all.ready();
    }

    @Override
    public void drain(Duration atMost) {
      all.drain(atMost);
      clean.run();
    }
  }

  private static void invite(PrintStream out, AllInOne all, Demo demo) {
    Credentials key = all.key();
    String url = "http://" + demo.domain() + ":" + all.config().viewers().http() + "/";
    out.println();
    out.println("It stays up until Ctrl-C. Open " + url + " in a browser, or try:");
    out.println();
    out.println("  curl -si " + url + " | head -20");
    out.println("  curl -T README.md " + url + "uploads/   # into the bucket, signed by the edge");
    if (!demo.streaming().isEmpty()) {
      out.printf(
          "  ffplay -rtmp_tcurl %s -rtmp_app cfx/st -rtmp_playpath mp4:media/front.mp4 \\%n"
              + "    rtmp://%s:%d/cfx/st%n",
          demo.streaming(),
          all.config().locations().getFirst().address(),
          all.config().viewers().rtmp().getFirst());
    }
    out.printf(
        "  dig @%s -p %d %s +subnet=198.51.100.0/24 +short%n",
        all.dns().getAddress().getHostAddress(), all.dns().getPort(), demo.domain());
    out.println("  export AWS_ACCESS_KEY_ID=" + key.accessKeyId());
    out.println("  export AWS_SECRET_ACCESS_KEY=" + key.secretAccessKey());
    out.println("  export AWS_DEFAULT_REGION=us-east-1");
    out.println("  aws cloudfront list-distributions --endpoint-url " + all.api());
    out.printf(
        "  aws cloudfront create-invalidation --distribution-id %s --paths '/*' --endpoint-url"
            + " %s%n",
        demo.id(), all.api());
    out.println(
        "  ./warmfront route 203.0.113.7      # why a viewer in São Paulo goes where it goes");
    out.println("  ./warmfront status");
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.deleteIfExists(path);
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
    } catch (IOException | UncheckedIOException failed) {
      System.err.println("warmfront: " + folder + " is not removed: " + failed.getMessage());
    }
  }
}
