package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warmfront.app.call.DnsQuestion;

/** Promise: a running instance can be watched: metrics, health, and commands that ask it. */
final class WatchJourney {
  @TempDir private static Path folder;
  private static Origin origin;
  private static Warmfront warmfront;
  private static Api.Made made;
  private static String metrics = "";

  @BeforeAll
  static void an_instance_that_was_asked_for_things() throws Exception {
    origin = Origin.open().says("/page", 200, "max-age=60", "page");
    warmfront = Warmfront.up(folder, Map.of());
    try (Api api = new Api(warmfront.callApi())) {
      made = api.createDistribution(Api.plain("watch", origin.port()));
    }
    assertThat(Viewer.get(warmfront.http("FRA"), made.domainName(), "/page").status())
        .isEqualTo(200);
    assertThat(Viewer.get(warmfront.http("FRA"), made.domainName(), "/page").status())
        .isEqualTo(200);
    InetAddress viewer = InetAddress.ofLiteral("127.0.0.1");
    assertThat(
            new DnsQuestion(made.domainName(), DnsQuestion.A, viewer).ask(warmfront.dns()).code())
        .isZero();
    Await.until("the hit is counted", () -> requests("Hit") > 0);
    metrics = warmfront.page("/metrics").body();
  }

  @AfterAll
  static void end() {
    warmfront.close();
    origin.close();
  }

  private static long requests(String result) throws Exception {
    return warmfront
        .page("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("warmfront_requests_total{"))
        .filter(line -> line.contains('"' + result + '"') && line.contains("\"FRA\""))
        .count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "warmfront_requests_total{.*distribution=\"%s\".*",
        "warmfront_sent_bytes_total",
        "warmfront_step_seconds_count{.*step=",
        "warmfront_cache_memory_bytes",
        "warmfront_cache_disk_bytes",
        "warmfront_origin_answers",
        "warmfront_log_revision",
        "warmfront_log_lag",
        "warmfront_certificate_days_left",
        "warmfront_dns_answers_total{code=\"noerror\"} [1-9]"
      })
  void the_promised_families_are_there(String line) {
    Pattern pattern = Pattern.compile("(?m)^" + line.formatted(made.id()).replace("{", "\\{"));
    assertThat(pattern.matcher(metrics).find()).as(() -> line + " in:\n" + metrics).isTrue();
  }

  @Test
  void it_is_healthy_and_ready() throws Exception {
    HttpResponse<String> health = warmfront.page("/healthz");
    HttpResponse<String> ready = warmfront.page("/readyz");

    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
  }

  @Test
  void status_tells_of_each_location() throws Exception {
    assertThat(said("status")).contains("FRA").contains("edge-fra").contains("serving");
  }

  @Test
  void hosts_prints_a_line_for_the_distribution() throws Exception {
    assertThat(said("hosts")).containsPattern("(?m)^127\\.0\\.0\\.[1-5] " + made.domainName());
  }

  @Test
  void route_says_where_a_viewer_is_sent() throws Exception {
    assertThat(said("route", "192.0.2.7", "--distribution", made.id()))
        .contains("192.0.2.7")
        .containsPattern("CMH|FRA|NRT|GRU|SYD");
  }

  private static String said(String... command) throws IOException, InterruptedException {
    String[] all = new String[command.length + 2];
    System.arraycopy(command, 0, all, 0, command.length);
    all[command.length] = "--config";
    all[command.length + 1] = warmfront.config().toString();
    try (Program program = warmfront.run(all)) {
      String stdout = program.stdout();
      assertThat(program.exit()).as(program.stderr()).isZero();
      return stdout;
    }
  }
}
