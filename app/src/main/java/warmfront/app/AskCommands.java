package warmfront.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import warmfront.app.call.SignedHttp;
import warmfront.app.config.Config;
import warmfront.app.doctor.Doctor;
import warmfront.app.doctor.Finding;
import warmfront.http.Fields;
import warmfront.time.Clock;

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
      try {
        return page(target, PATIENCE);
      } catch (IOException e) {
        throw new StartException(String.valueOf(e.getMessage()), e);
      }
    }

    private HttpResponse<String> page(String target, Duration patience)
        throws IOException, InterruptedException {
      URI url;
      try {
        url = url();
      } catch (StartException e) {
        throw new IOException(e.getMessage(), e);
      }
      try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(target)).timeout(patience).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
      } catch (IOException | IllegalArgumentException e) {
        throw new IOException("no instance answers at " + url + " (is it running?)", e);
      }
    }

    /** Prints a page; the exit status is 0 if the instance answered what was asked. */
    int show(String target) throws StartException, InterruptedException {
      return shown(get(target));
    }

    /** Prints a page that may take a while; the exit status is as of {@link #show}. */
    int showLate(String target) throws StartException, InterruptedException {
      try {
        return shown(page(target, ExplainPage.PATIENCE.plus(PATIENCE)));
      } catch (IOException e) {
        throw new StartException(String.valueOf(e.getMessage()), e);
      }
    }

    private static int shown(HttpResponse<String> answer) {
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

    @CommandLine.Parameters(paramLabel = "IP-OR-PREFIX", description = "the viewers' address")
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
      name = "explain",
      description = "How an edge would answer a viewer, and why; asks the origin if it has to.")
  static final class Explain implements Callable<Integer> {
    @CommandLine.Mixin private final Where where = new Where();

    @CommandLine.Parameters(paramLabel = "URL", description = "what the viewer asks for")
    private String url = "";

    @CommandLine.Option(
        names = "--header",
        paramLabel = "NAME:VALUE",
        description = "a line of the request's header; may be repeated")
    private List<String> headers = List.of();

    @CommandLine.Option(names = "--viewer", paramLabel = "IP", description = "who asks")
    private @Nullable String viewer;

    @CommandLine.Option(
        names = "--location",
        paramLabel = "CODE",
        description = "where, if the instance is at several locations")
    private @Nullable String location;

    @CommandLine.Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws StartException, InterruptedException {
      StringBuilder target = new StringBuilder("/explain?url=").append(encoded(url));
      if (!headers.isEmpty()) {
        target.append("&header=").append(encoded(String.join("\n", headers)));
      }
      if (viewer != null) {
        target.append("&viewer=").append(encoded(viewer));
      }
      if (location != null) {
        target.append("&location=").append(encoded(location));
      }
      return where.showLate(target + (json ? "" : "&as=text"));
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
  static final class Examine implements Callable<Integer> {
    @CommandLine.Mixin private final Where where = new Where();

    /** With --api, the fleet's servers are asked for, and whether they are reached. */
    @CommandLine.Mixin private final Caller caller = new Caller();

    @CommandLine.Option(
        names = "--resolver",
        paramLabel = "IP",
        description = "the resolver that is asked for the zone's parents (default: this machine's)")
    private @Nullable String resolver;

    @Override
    public Integer call() throws StartException, InterruptedException {
      Config config = where.config();
      Doctor doctor = new Doctor(config, Tables.countries(config), Clock.system());
      List<Finding> found = new ArrayList<>(doctor.machine());
      found.addAll(doctor.instance(target -> answered(where.page(target, PATIENCE))));
      found.addAll(
          doctor.zone(
              Optional.ofNullable(resolver)
                  .map(address -> new InetSocketAddress(InetAddress.ofLiteral(address), 53))));
      if (caller.isNamed()) {
        try (SignedHttp http = caller.open()) {
          found.addAll(doctor.fleet(target -> signed(http, target)));
        } catch (IOException unusable) {
          throw new StartException(String.valueOf(unusable.getMessage()), unusable);
        }
      }
      found.forEach(System.out::println);
      return found.stream().anyMatch(one -> one.grade() == Finding.Grade.WRONG) ? 1 : 0;
    }
  }

  private static Doctor.Page answered(HttpResponse<String> answer) {
    return Doctor.Page.of(answer, answer.body());
  }

  private static Doctor.Page signed(SignedHttp http, String target)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = http.send("GET", target, Fields.empty(), new byte[0]);
    return Doctor.Page.of(answer, new String(answer.body(), StandardCharsets.UTF_8));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
