package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.SignedHttp;
import warmfront.http.Fields;

/** Promise: what viewers asked for is in the bucket that a distribution's logs go to. */
@Timeout(120)
final class LogJourney {
  private static final Pattern KEY = Pattern.compile("<Key>([^<]+)</Key>");

  @TempDir private static Path folder;
  private static Warmfront warmfront;
  private static Origin origin;
  private static SignedHttp s3;
  private static Api api;

  @BeforeAll
  static void start() throws Exception {
    origin = Origin.open();
    warmfront = Warmfront.up(folder, Map.of("edge.logDelivery", "1 s", "edge.accessLog", "false"));
    s3 = warmfront.callS3();
    api = new Api(warmfront.callApi());
    assertThat(s3.send("PUT", "/logs", Fields.empty(), new byte[0]).statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void end() {
    s3.close();
    api.close();
    warmfront.close();
    origin.close();
  }

  @Test
  void requests_at_all_locations_are_rows_of_objects_behind_the_prefix() throws Exception {
    String logging =
        "<Logging><Enabled>true</Enabled><IncludeCookies>true</IncludeCookies>"
            + "<Bucket>logs.s3.us-east-2.amazonaws.com</Bucket><Prefix>site</Prefix></Logging>";
    Api.Made made =
        api.createDistribution(
            Api.plain("logged", origin.port()).replace("<Comment>", logging + "<Comment>"));

    origin.says("/a", 200, "max-age=60", "a");
    origin.says("/b", 200, "max-age=60", "b");
    Viewer.get(warmfront.http("FRA"), made.domainName(), "/a", "Cookie", "k=v");
    Viewer.get(warmfront.http("NRT"), made.domainName(), "/b?q");

    List<String> rows = new ArrayList<>();
    Await.until(
        "both are there",
        () -> {
          rows.clear();
          for (String key : keys("site/" + made.id())) {
            text(key).lines().filter(row -> !row.startsWith("#")).forEach(rows::add);
          }
          return rows.size() == 2;
        });
    assertThat(keys("site/"))
        .allMatch(key ->
            key.matches(
                "site/%s\\.\\d{4}-\\d\\d-\\d\\d-\\d\\d\\.[0-9a-f]{16}\\.gz".formatted(made.id())));
    assertThat(rows)
        .anyMatch(row -> row.contains("\tFRA1-P1\t") && row.contains("\t/a\t200\t"))
        .anyMatch(row -> row.contains("\tk=v\t"))
        .anyMatch(row -> row.contains("\tNRT1-P1\t") && row.contains("\t/b\t200\t"));
    assertThat(warmfront.page("/metrics").body())
        .contains("warmfront_access_logs_total{outcome=\"delivered\"}")
        .contains("warmfront_access_logs_waiting 0");
  }

  private static List<String> keys(String prefix) throws Exception {
    String target = "/logs?list-type=2&prefix=" + prefix.replace("/", "%2F");
    String list = new String(s3.send("GET", target, Fields.empty(), new byte[0]).body(), UTF_8);
    return KEY.matcher(list).results().map(found -> found.group(1)).toList();
  }

  private static String text(String key) throws Exception {
    byte[] object = s3.send("GET", "/logs/" + key, Fields.empty(), new byte[0]).body();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(object))) {
      return new String(in.readAllBytes(), US_ASCII);
    }
  }
}
