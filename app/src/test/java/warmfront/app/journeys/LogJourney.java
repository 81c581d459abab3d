package warmfront.app.journeys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
  private static final String NAME = "%s\\.\\d{4}-\\d\\d-\\d\\d-\\d\\d\\.[0-9a-f]{16}\\.gz";
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
          for (String key : keys("site/" + NAME.formatted(made.id()))) {
            text(key).lines().filter(row -> !row.startsWith("#")).forEach(rows::add);
          }
          return rows.size() == 2;
        });
    assertThat(rows)
        .anyMatch(row -> row.contains("\tFRA1-P1\t") && row.contains("\t/a\t200\t"))
        .anyMatch(row -> row.contains("\tk=v\t"))
        .anyMatch(row -> row.contains("\tNRT1-P1\t") && row.contains("\t/b\t200\t"));
    assertThat(warmfront.figure("warmfront_access_logs_total")).isPositive();
    Await.until("none waits", () -> warmfront.figure("warmfront_access_logs_waiting") == 0);
  }

  @Test
  void a_delivery_brings_the_fields_it_chose_to_a_path_of_its_own() throws Exception {
    assumeTrue(Aws.isThere(), "the AWS command line is not installed");
    Api.Made made = api.createDistribution(Api.plain("delivered", origin.port()));
    origin.says("/c", 200, "max-age=60", "c");
    var aws = new Aws(warmfront, folder);
    String arn = api.call("GET", "distribution/" + made.id(), "").text("ARN");
    aws.json(
        ("logs put-delivery-source --name site --log-type ACCESS_LOGS --resource-arn " + arn)
            .split(" ", -1));
    Map<String, Object> destination =
        aws.json(
            ("logs put-delivery-destination --name lake --output-format json"
                    + " --delivery-destination-configuration"
                    + " destinationResourceArn=arn:aws:s3:::logs/lake")
                .split(" ", -1));
    aws.json(
        ("logs create-delivery --delivery-source-name site --delivery-destination-arn "
                + Aws.inner(destination, "deliveryDestination").get("arn")
                + " --record-fields sc-status cs-uri-stem cache-behavior-path-pattern"
                + " --s3-delivery-configuration"
                + " {\"suffixPath\":\"{DistributionId}/{yyyy}/{MM}\",\"enableHiveCompatiblePath\":true}")
            .split(" ", -1));

    String name =
        "lake/DistributionId=%s/year=\\d{4}/month=\\d\\d/".formatted(made.id())
            + NAME.formatted(made.id());
    Await.until(
        "a row is there",
        () -> {
          Viewer.get(warmfront.http("FRA"), made.domainName(), "/c");
          return !keys(name).isEmpty();
        });

    assertThat(text(keys(name).getFirst()).lines())
        .isNotEmpty()
        .allMatch(
            "{\"sc-status\":\"200\",\"cs-uri-stem\":\"/c\",\"cache-behavior-path-pattern\":\"*\"}"
                ::equals);
  }

  /** Returns the objects whose names match; the embedded S3 shows some while they come, too. */
  private static List<String> keys(String pattern) throws Exception {
    String target = "/logs?list-type=2";
    String list = new String(s3.send("GET", target, Fields.empty(), new byte[0]).body(), UTF_8);
    return KEY.matcher(list)
        .results()
        .map(found -> found.group(1))
        .filter(key -> key.matches(pattern))
        .toList();
  }

  private static String text(String key) throws Exception {
    String target = "/logs/" + key.replace("=", "%3D");
    byte[] object = s3.send("GET", target, Fields.empty(), new byte[0]).body();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(object))) {
      return new String(in.readAllBytes(), US_ASCII);
    }
  }
}
