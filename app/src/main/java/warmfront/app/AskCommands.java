package warmfront.app;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import warmfront.app.config.Config;

/** Commands that ask a running instance at its operator port: read-only, without a key. */
final class AskCommands {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private AskCommands() {}

  /** Where the instance is asked. */
  static final class Where {
    @CommandLine.Option(
        names = "--operator",
        paramLabel = "URL",
        description = "the instance's operator port (default: what the configuration says)")
    private @Nullable URI operator;

    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        description = "the instance's configuration file")
    private @Nullable Path file;

    /** Returns the configuration that names the instance. */
    Config config() throws StartException {
      return Configured.read(Optional.ofNullable(file), Optional.empty());
    }

    URI url() throws StartException {
      return operator == null ? URI.create(config().operator().url()) : operator;
    }

    /**
     * Asks for a page.
     *
     * @throws StartException if nobody answers there
     */
    HttpResponse<String> get(String target) throws StartException, InterruptedException {
      URI url = url();
      try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(target)).timeout(PATIENCE).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
      } catch (IOException | IllegalArgumentException e) {
        throw new StartException("no instance answers at " + url + " (is it running?)", e);
      }
    }

    /** Prints a page; the exit status is 0 if the instance answered what was asked. */
    int show(String target) throws StartException, InterruptedException {
      HttpResponse<String> answer = get(target);
      if (answer.statusCode() != 200) {
        System.err.print("warmfront: " + answer.body());
        return 1;
      }
      System.out.print(answer.body());
      return 0;
    }
  }

  @CommandLine.Command(name = "status", description = "How a running instance is.")
  static final class Status implements Callable<Integer> {
    @CommandLine.Mixin private final Where where = new Where();

    @CommandLine.Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws StartException, InterruptedException {
      return where.show(json ? "/status" : "/status?as=text");
    }
  }

  @CommandLine.Command(
      name = "route",
      description = "Which edge location a viewer is sent to, and why.")
  static final class Route implements Callable<Integer> {
    @CommandLine.Mixin private final Where where = new Where();

    @CommandLine.Parameters(paramLabel = "IP", description = "the viewer's address")
    private String viewer = "";

    @CommandLine.Option(names = "--distribution", paramLabel = "D", description = "its id")
    private @Nullable String distribution;

    @CommandLine.Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws StartException, InterruptedException {
      String target = "/route?ip=" + encoded(viewer);
      if (distribution != null) {
        target += "&distribution=" + encoded(distribution);
      }
      return where.show(json ? target : target + "&as=text");
    }
  }

  @CommandLine.Command(
      name = "hosts",
      description = "Lines for the hosts file, for programs that do not resolve .localhost.")
  static final class Hosts implements Callable<Integer> {
    @CommandLine.Mixin private final Where where = new Where();

    @Override
    public Integer call() throws StartException, InterruptedException {
      return where.show("/hosts");
    }
  }

  @CommandLine.Command(
      name = "doctor",
      description = "Looks for what could go wrong on this machine and with a running instance.")
  static final class Doctor implements Callable<Integer> {
    @CommandLine.Mixin private final Where where = new Where();

    @Override
    public Integer call() throws StartException, InterruptedException {
      return new Examination(where, System.out).examine();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
