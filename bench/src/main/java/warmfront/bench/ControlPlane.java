package warmfront.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warmfront.app.call.SignedHttp;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/** A control plane in a process of its own, over a SQLite that was empty at first. One thread. */
final class ControlPlane implements AutoCloseable {
  private static final Pattern KEY =
      Pattern.compile("\"access_key_id\":\"([^\"]+)\",\"secret_access_key\":\"([^\"]+)\"");

  private final Clock clock;
  private final Ground ground;
  private final int api;
  private PeerProcess process;

  private ControlPlane(Clock clock, Ground ground, int api, PeerProcess process) {
    this.clock = clock;
    this.ground = ground;
    this.api = api;
    this.process = process;
  }

  /** Starts it; it does not serve yet. */
  static ControlPlane start(Clock clock, Ground ground) throws IOException {
    int api = Ground.freePort(0);
    int link = Ground.freePort(api + 1);
    Files.writeString(
        configuration(ground),
        """
        api: { listen: "127.0.0.1:%d", quotas: { distributions: 100000, pageItems: 500 } }
        link: { listen: "127.0.0.1:%d" }
        operator: { listen: "127.0.0.1:%d" }
        zone: { name: "bench.test" }
        """
            .formatted(api, link, Ground.freePort(link + 1)));
    return new ControlPlane(clock, ground, api, launch(ground));
  }

  private static Path configuration(Ground ground) {
    return ground.folder().resolve("control.yaml");
  }

  private static PeerProcess launch(Ground ground) throws IOException {
    return PeerProcess.start(
        ground,
        "control",
        Map.of(
            "CONFIG",
            configuration(ground).toString(),
            "DATA",
            ground.folder().resolve("control").toString()));
  }

  /** Waits until it serves; returns who calls its API. The caller closes that. */
  SignedHttp await() throws IOException, InterruptedException {
    Credentials key = process.await(clock, this::key);
    return SignedHttp.api(URI.create("http://127.0.0.1:" + api), key, clock);
  }

  private Credentials key() throws IOException {
    Matcher found = KEY.matcher(Files.readString(process.said(), StandardCharsets.UTF_8));
    if (!found.find()) {
      throw new IOException("not ready yet");
    }
    return new Credentials(found.group(1), found.group(2));
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.process().destroyForcibly().waitFor();
  }

  /** Starts it again, with what it has on its disk. */
  void restart() throws IOException {
    process = launch(ground);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
