package warmfront.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import warmfront.app.FleetCommands.Query;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;
import warmfront.signing.Credentials;
import warmfront.time.Clock;

/**
 * Where the API is, whom it is trusted to be, and who asks. What is not said on the command line is
 * found in the data directory, where the API's process leaves it.
 */
final class Caller {
  /** In the data directory: where the API of the process that holds it is. */
  private static final String PLACE = "api-url";

  private static final String STANDARD = "http://127.0.0.1:7400";

  @Option(
      names = "--api",
      paramLabel = "URL",
      description =
          "The API (default: that of the data directory's process, else " + STANDARD + ").")
  private @Nullable URI api;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory whose root-key.json signs, unless AWS_* variables do.")
  private @Nullable String data;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "Whose certificates the API may show, in PEM (default: ca.pem of DIR, AWS_CA_BUNDLE without"
              + " --data; else this machine's authorities).")
  private @Nullable Path ca;

  /** Says in the data directory where its API is. */
  static void leave(Path data, URI api) throws IOException {
    Files.writeString(data.resolve(PLACE), api + "\n", StandardCharsets.US_ASCII);
  }

  /** Calls the API and prints its answer; returns the exit status. */
  int call(String method, String path, Query query) throws InterruptedException, StartException {
    return call(method, path, query, "");
  }

  /** Calls the API with a body and prints its answer; returns the exit status. */
  int call(String method, String path, Query query, String body)
      throws InterruptedException, StartException {
    URI endpoint = endpoint();
    try (SignedHttp http = open(endpoint)) {
      HttpResponse<byte[]> answer =
          http.send(
              method, path + query.text(), Fields.empty(), body.getBytes(StandardCharsets.UTF_8));
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      if (answer.statusCode() / 100 != 2) {
        System.err.println("warmfront: " + text.strip());
        return 1;
      }
      System.out.print(text);
      return 0;
    } catch (IOException e) {
      throw new StartException(
          "the API at %s does not answer: %s".formatted(endpoint, e.getMessage()));
    }
  }

  /** Returns whether the API was named on the command line. */
  boolean isNamed() {
    return api != null;
  }

  /** Returns the key that signs. */
  Credentials key() throws StartException {
    return CallerKey.find(data);
  }

  /** Opens calls of the API. */
  SignedHttp open() throws StartException, IOException {
    return open(endpoint());
  }

  private SignedHttp open(URI endpoint) throws StartException, IOException {
    Optional<SSLContext> trust = endpoint.getScheme().equals("https") ? trust() : Optional.empty();
    return SignedHttp.api(endpoint, key(), Clock.system(), trust);
  }

  private URI endpoint() throws StartException {
    if (api != null) {
      return api;
    }
    try {
      return URI.create(
          Files.readString(folder().resolve(PLACE), StandardCharsets.US_ASCII).strip());
    } catch (IOException | IllegalArgumentException nothing) {
      return URI.create(STANDARD);
    }
  }

  /** As with keys, a directory that is named counts more than the environment. */
  private Optional<SSLContext> trust() throws StartException, IOException {
    @Nullable String bundle = System.getenv("AWS_CA_BUNDLE");
    if (ca != null) {
      return Optional.of(SignedHttp.trusting(ca));
    }
    if (data == null && bundle != null && !bundle.isEmpty()) {
      return Optional.of(SignedHttp.trusting(Path.of(bundle)));
    }
    Path own = folder().resolve("ca.pem");
    return Files.exists(own) ? Optional.of(SignedHttp.trusting(own)) : Optional.empty();
  }

  /** Returns the data directory. */
  Path folder() throws StartException {
    return Configured.read(Optional.empty(), Optional.ofNullable(data).map(Path::of)).data();
  }
}
