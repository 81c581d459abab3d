package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.control.store.PostgresServer;
import warmfront.time.Clock;

/** The database is away for a while. */
final class OutageTest {
  private static final String PATH = "/2020-05-31/distribution";

  @Test
  void calls_are_503_with_the_time_to_ask_again_and_then_go_on(@TempDir Path folder)
      throws Exception {
    assumeTrue(PostgresServer.shared().isPresent(), "no PostgreSQL binaries for this machine");
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        PostgresServer server = PostgresServer.shared().orElseThrow().another();
        Running running =
            new Running(
                folder,
                server.newDatabase(),
                Quotas.DEFAULT,
                Limits.DEFAULT,
                Clock.system(),
                ObjectReader.NONE)) {
      assertThat(running.send("GET", PATH, "", Map.of()).statusCode()).isEqualTo(200);

      server.stop();
      Future<HttpResponse<String>> read =
          callers.submit(() -> running.send("GET", PATH, "", Map.of()));
      Future<HttpResponse<String>> write =
          callers.submit(() ->
              running.send(
                  "POST",
                  "/2020-05-31/origin-access-identity/cloudfront",
                  "<CloudFrontOriginAccessIdentityConfig><CallerReference>r</CallerReference>"
                      + "<Comment></Comment></CloudFrontOriginAccessIdentityConfig>",
                  Map.of()));

      for (HttpResponse<String> refused : List.of(read.get(), write.get())) {
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("5");
        assertThat(refused.body()).contains("<Code>ServiceUnavailable</Code>");
      }

      server.restart();
      int status = 503;
      for (int i = 0; i < 200 && status == 503; i++) {
        TimeUnit.MILLISECONDS.sleep(50); // a connection that just died may be tried once more
        status = running.send("GET", PATH, "", Map.of()).statusCode();
      }
      assertThat(status).isEqualTo(200);
    }
  }
}
