package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.json.Json;
import warmfront.control.certificate.Authority;
import warmfront.link.Pem;
import warmfront.time.Clock;

/** Promise: a site has its own name and certificate, and lets in those who show a signature. */
final class AdmissionJourney {
  private static final String NAME = "www.shop.example";

  @TempDir private static Path folder;

  @Test
  void a_site_under_its_own_name_serves_those_who_show_a_signature() throws Exception {
    assumeTrue(Aws.isThere() && Tool.isThere("curl"), "aws or curl is not installed");
    Authority authority =
        Authority.loadOrMake(
            Files.createDirectories(folder.resolve("authority")),
            new SecretKeySpec(new byte[32], "AES"),
            Clock.system(),
            new SecureRandom());
    try (Origin origin = Origin.open();
        Warmfront warmfront = Warmfront.up(folder, Map.of())) {
      origin.says("/film", 200, "max-age=60", "the film");
      Aws aws = new Aws(warmfront, folder);

      // a certificate, a key that signs, and a distribution with both
      String arn = imported(aws, authority, List.of());
      Map<String, Object> made = created(aws, arn, group(aws), origin.port());
      String id = String.valueOf(made.get("Id"));
      try (Api api = new Api(warmfront.callApi())) {
        Await.until(
            "deployed",
            () -> api.call("GET", "distribution/" + id, "").text("Status").equals("Deployed"));
      }
      assertThat(String.valueOf(made.get("ActiveTrustedKeyGroups"))).contains("KeyPairIds");

      // by its name, under its certificate: unsigned 403, signed 200, signed for another 403
      String url = "https://" + NAME + "/film";
      assertThat(curl(warmfront, url, "-o", "/dev/null", "-w", "%{http_code}")).isEqualTo("403");
      assertThat(curl(warmfront, signed(url))).isEqualTo("the film");
      assertThat(curl(warmfront, signed(url), "-o", "/dev/null", "-w", "%{http_code}"))
          .isEqualTo("200");
      assertThat(
              curl(
                  warmfront,
                  signed(url).replace("/film", "/other"),
                  "-o",
                  "/dev/null",
                  "-w",
                  "%{http_code}"))
          .isEqualTo("403");
      assertThat(origin.count("/film")).isEqualTo(1);

      // what is in use stays
      Tool.Said refused = aws.run("acm", "delete-certificate", "--certificate-arn", arn);
      assertThat(refused.stderr()).contains("ResourceInUseException");
      assertThat(
              Aws.inner(
                      aws.json("acm", "describe-certificate", "--certificate-arn", arn),
                      "Certificate")
                  .get("InUseBy"))
          .asString()
          .contains(id);

      // imported again, it is shown without a restart
      String before = serial(warmfront, url);
      assertThat(imported(aws, authority, List.of("--certificate-arn", arn))).isEqualTo(arn);
      Await.until("the new certificate", () -> !serial(warmfront, url).equals(before));
    }
  }

  private static String imported(Aws aws, Authority authority, List<String> more) throws Exception {
    Authority.Issued issued = authority.issue(List.of(NAME), Duration.ofDays(30));
    Files.writeString(folder.resolve("ca.pem"), authority.pem());
    Path leaf = Files.writeString(folder.resolve("leaf"), Pem.of(issued.chain().getFirst()));
    Path key = Files.writeString(folder.resolve("leaf.key"), Pem.of(issued.key()));
    List<String> command =
        new ArrayList<>(
            List.of(
                "acm",
                "import-certificate",
                "--certificate",
                "fileb://" + leaf,
                "--private-key",
                "fileb://" + key,
                "--certificate-chain",
                "fileb://" + folder.resolve("ca.pem")));
    command.addAll(more);
    return String.valueOf(aws.json(command.toArray(String[]::new)).get("CertificateArn"));
  }

  private static String group(Aws aws) throws Exception {
    KeyPair pair = Rsa.pair();
    Files.writeString(folder.resolve("signer.key"), Rsa.privatePem(pair));
    Map<String, Object> key =
        Aws.inner(
            aws.json(
                "cloudfront",
                "create-public-key",
                "--public-key-config",
                "file://"
                    + file(
                        Map.of(
                            "CallerReference",
                            "k",
                            "Name",
                            "k",
                            "EncodedKey",
                            Rsa.publicPem(pair)))),
            "PublicKey");
    String id = String.valueOf(key.get("Id"));
    Files.writeString(folder.resolve("signer.id"), id);
    Map<String, Object> group =
        Aws.inner(
            aws.json(
                "cloudfront",
                "create-key-group",
                "--key-group-config",
                "file://" + file(Map.of("Name", "g", "Items", List.of(id)))),
            "KeyGroup");
    return String.valueOf(group.get("Id"));
  }

  private static Map<String, Object> created(Aws aws, String arn, String group, int port)
      throws Exception {
    Map<String, Object> server =
        Map.of("HTTPPort", port, "HTTPSPort", 443, "OriginProtocolPolicy", "http-only");
    Map<String, Object> origin =
        Map.of("Id", "o", "DomainName", "origin.localhost", "CustomOriginConfig", server);
    Map<String, Object> config =
        Map.of(
            "CallerReference",
            "own name",
            "Comment",
            "",
            "Enabled",
            true,
            "Aliases",
            Map.of("Quantity", 1, "Items", List.of(NAME)),
            "ViewerCertificate",
            Map.of(
                "ACMCertificateArn",
                arn,
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
                Api.OPTIMIZED,
                "TrustedKeyGroups",
                Map.of("Enabled", true, "Quantity", 1, "Items", List.of(group))));
    return Aws.inner(
        aws.json(
            "cloudfront", "create-distribution", "--distribution-config", "file://" + file(config)),
        "Distribution");
  }

  private static Path file(Map<String, Object> json) throws Exception {
    return Files.writeString(folder.resolve("config.json"), Json.write(json));
  }

  private static String signed(String url) throws Exception {
    Tool.Said said =
        Tool.run(
            folder,
            Map.of("AWS_PAGER", ""),
            "aws",
            "cloudfront",
            "sign",
            "--url",
            url,
            "--key-pair-id",
            Files.readString(folder.resolve("signer.id")),
            "--private-key",
            "file://" + folder.resolve("signer.key"),
            "--date-less-than",
            "2099-01-01");
    assertThat(said.status()).as(said.stderr()).isZero();
    return said.stdout().strip();
  }

  /** Gets a URL at a location, believing only our authority, and returns what curl prints. */
  private static String curl(Warmfront warmfront, String url, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "--silent",
                "--show-error",
                "--cacert",
                folder.resolve("ca.pem").toString(),
                "--connect-to",
                NAME
                    + ":443:"
                    + warmfront.https("FRA").getHostString()
                    + ":"
                    + warmfront.httpsPort()));
    command.addAll(List.of(more));
    command.add(url);
    Tool.Said said = Tool.run(folder, Map.of(), command.toArray(String[]::new));
    assertThat(said.status()).as(said.stderr()).isZero();
    return said.stdout();
  }

  /** Returns the certificates that are shown, as curl prints them. */
  private static String serial(Warmfront warmfront, String url) throws Exception {
    String shown = curl(warmfront, url, "-o", "/dev/null", "-w", "%{certs}");
    assertThat(shown).contains("Subject:CN = " + NAME);
    return shown;
  }
}
