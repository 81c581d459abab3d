package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;
import warmfront.app.json.Json;

/**
 * Promise: what a template makes around a distribution is there, by the AWS command line: a
 * certificate that is requested, fixed addresses, and the delivery of logs.
 */
@Tag("full")
final class TemplateJourney {
  private static final String NAME = "www.shop.example";
  private static final InetAddress VIEWER = InetAddress.ofLiteral("198.51.100.7");

  @TempDir private static Path folder;

  @Test
  void a_site_with_a_requested_certificate_fixed_addresses_and_logs() throws Exception {
    assumeTrue(Aws.isThere() && Tool.isThere("curl"), "aws or curl is not installed");
    try (Origin origin = Origin.open();
        Warmfront warmfront =
            Warmfront.up(folder, Map.of("zone.anycast", "[127.0.0.2, 127.0.0.3, 127.0.0.4]"))) {
      origin.says("/film", 200, "max-age=60", "the film");
      Aws aws = new Aws(warmfront, folder);

      String certificate = requested(aws);
      String list =
          String.valueOf(
              Aws.inner(
                      aws.json(
                          "cloudfront", "create-anycast-ip-list", "--name", "a", "--ip-count", "3"),
                      "AnycastIpList")
                  .get("Id"));
      Map<String, Object> made = created(aws, certificate, list, origin.port());
      String id = String.valueOf(made.get("Id"));
      try (Api api = new Api(warmfront.callApi())) {
        Await.until(
            "deployed",
            () -> api.call("GET", "distribution/" + id, "").text("Status").equals("Deployed"));
      }

      // by its name and under its certificate, for who trusts the fleet's authority
      assertThat(film(warmfront)).isEqualTo("the film");
      Tool.Said refused = aws.run("acm", "delete-certificate", "--certificate-arn", certificate);
      assertThat(refused.stderr()).contains("ResourceInUseException");

      // at the addresses of the list, whoever asks
      DnsQuestion question =
          new DnsQuestion(String.valueOf(made.get("DomainName")), DnsQuestion.A, VIEWER);
      assertThat(question.ask(warmfront.dns()).addresses())
          .extracting(InetAddress::getHostAddress)
          .isNotEmpty()
          .isSubsetOf("127.0.0.2", "127.0.0.3", "127.0.0.4");
      assertThat(
              aws.run(
                      "cloudfront",
                      "associate-distribution-web-acl",
                      "--id",
                      id,
                      "--web-acl-arn",
                      "arn:aws:wafv2:us-east-1:000000000000:global/webacl/a/1")
                  .stderr())
          .contains("EntityNotFound");

      delivered(aws, String.valueOf(made.get("ARN")));
    }
  }

  private static String requested(Aws aws) throws Exception {
    String arn =
        String.valueOf(
            aws.json(
                    "acm",
                    "request-certificate",
                    "--domain-name",
                    NAME,
                    "--validation-method",
                    "DNS",
                    "--key-algorithm",
                    "EC_prime256v1")
                .get("CertificateArn"));
    Tool.Said waited = aws.run("acm", "wait", "certificate-validated", "--certificate-arn", arn);
    assertThat(waited.status()).as(waited.stderr()).isZero();
    return arn;
  }

  private static void delivered(Aws aws, String distribution) throws Exception {
    aws.json(
        "logs",
        "put-delivery-source",
        "--name",
        "site",
        "--log-type",
        "ACCESS_LOGS",
        "--resource-arn",
        distribution);
    Map<String, Object> destination =
        Aws.inner(
            aws.json(
                "logs",
                "put-delivery-destination",
                "--name",
                "logs",
                "--output-format",
                "json",
                "--delivery-destination-configuration",
                "destinationResourceArn=arn:aws:s3:::logs"),
            "deliveryDestination");
    Map<String, Object> delivery =
        Aws.inner(
            aws.json(
                "logs",
                "create-delivery",
                "--delivery-source-name",
                "site",
                "--delivery-destination-arn",
                String.valueOf(destination.get("arn")),
                "--record-fields",
                "date",
                "sc-status",
                "--s3-delivery-configuration",
                "{\"suffixPath\":\"{DistributionId}/{yyyy}\",\"enableHiveCompatiblePath\":false}"),
            "delivery");
    assertThat(aws.json("logs", "describe-deliveries").get("deliveries"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactly(delivery);
    Tool.Said refused = aws.run("logs", "delete-delivery-source", "--name", "site");
    assertThat(refused.stderr()).contains("ConflictException");
  }

  private static Map<String, Object> created(
      Aws aws, String certificate, String list, int originPort) throws Exception {
    Map<String, Object> origin =
        Map.of(
            "Id",
            "o",
            "DomainName",
            "origin.localhost",
            "CustomOriginConfig",
            Map.of("HTTPPort", originPort, "HTTPSPort", 443, "OriginProtocolPolicy", "http-only"));
    Map<String, Object> config =
        Map.of(
            "CallerReference",
            "template",
            "Comment",
            "",
            "Enabled",
            true,
            "AnycastIpListId",
            list,
            "Aliases",
            Map.of("Quantity", 1, "Items", List.of(NAME)),
            "ViewerCertificate",
            Map.of(
                "ACMCertificateArn",
                certificate,
                "SSLSupportMethod",
                "sni-only",
                "MinimumProtocolVersion",
                "TLSv1.2_2021"),
            "Origins",
            Map.of("Quantity", 1, "Items", List.of(origin)),
            "DefaultCacheBehavior",
            Map.of(
                "TargetOriginId",
                "o",
                "ViewerProtocolPolicy",
                "https-only",
                "CachePolicyId",
                Api.OPTIMIZED));
    Path file = Files.writeString(folder.resolve("config.json"), Json.write(config));
    return Aws.inner(
        aws.json("cloudfront", "create-distribution", "--distribution-config", "file://" + file),
        "Distribution");
  }

  private static String film(Warmfront warmfront) throws Exception {
    Tool.Said said =
        Tool.run(
            folder,
            Map.of(),
            "curl",
            "--silent",
            "--show-error",
            "--cacert",
            warmfront.data().resolve("ca.pem").toString(),
            "--connect-to",
            "%s:443:%s:%d"
                .formatted(NAME, warmfront.https("FRA").getHostString(), warmfront.httpsPort()),
            "https://" + NAME + "/film");
    assertThat(said.status()).as(said.stderr()).isZero();
    return said.stdout();
  }
}
