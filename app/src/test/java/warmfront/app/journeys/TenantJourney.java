package warmfront.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import warmfront.app.call.DnsQuestion;
import warmfront.app.json.Json;

/** Promise: tenants of one distribution are made, found, served and taken away by themselves. */
@Tag("full")
final class TenantJourney {
  private static final InetAddress VIEWER = InetAddress.ofLiteral("192.0.2.7");
  private static final String SHOP = "shop.warmfront.localhost";
  private static final String BLOG = "blog.warmfront.localhost";

  @TempDir private Path folder;

  @Test
  void tenants_live_and_die_by_the_aws_command_line() throws Exception {
    assumeTrue(Aws.isThere(), "aws is not installed");
    try (Warmfront warmfront = Warmfront.up(folder, Map.of());
        Origin origin = Origin.open()) {
      origin.says("/shop/a", 200, "max-age=600", "shop");
      origin.says("/blog/a", 200, "max-age=600", "blog");
      Map<String, Object> shared =
          Aws.inner(
              json(
                  warmfront,
                  "create-distribution",
                  "--distribution-config",
                  "file://" + file(config(origin.port()))),
              "Distribution");
      String distribution = String.valueOf(shared.get("Id"));
      String shop = create(warmfront, distribution, "shop", SHOP);
      String blog = create(warmfront, distribution, "blog", BLOG);
      deployed(warmfront, shop);
      deployed(warmfront, blog);

      // DNS answers the routing endpoint, and the domains as it
      Map<String, Object> tenant = read(warmfront, shop);
      Map<String, Object> group =
          Aws.inner(
              json(
                  warmfront,
                  "get-connection-group",
                  "--identifier",
                  String.valueOf(tenant.get("ConnectionGroupId"))),
              "ConnectionGroup");
      assertThat(
              new DnsQuestion(String.valueOf(group.get("RoutingEndpoint")), DnsQuestion.A, VIEWER)
                  .ask(warmfront.dns())
                  .addresses())
          .hasSize(1);
      // who has not asked before is told the other name alone, over UDP
      assertThat(new DnsQuestion(SHOP, DnsQuestion.A, VIEWER).ask(warmfront.dns()).code()).isZero();
      assertThat(
              new DnsQuestion(String.valueOf(shared.get("DomainName")), DnsQuestion.A, VIEWER)
                  .ask(warmfront.dns())
                  .addresses())
          .isEmpty();

      // each has its values, its objects and its invalidations
      assertThat(seen(warmfront, SHOP)).isEqualTo("Miss shop");
      assertThat(seen(warmfront, BLOG)).isEqualTo("Miss blog");
      assertThat(
              Viewer.getSecure(
                      warmfront.https("FRA"),
                      SHOP,
                      "/a",
                      warmfront.data().resolve("ca.pem"),
                      "http/1.1")
                  .body())
          .isEqualTo("shop");
      json(
          warmfront,
          "create-invalidation-for-distribution-tenant",
          "--id",
          shop,
          "--invalidation-batch",
          "Paths={Quantity=1,Items=[/*]},CallerReference=1");
      Await.until("invalidated", () -> seen(warmfront, SHOP).equals("Miss shop"));
      assertThat(seen(warmfront, BLOG)).isEqualTo("Hit blog");

      // disabled and deleted, the other one goes on
      String etag =
          String.valueOf(
              json(
                      warmfront,
                      "update-distribution-tenant",
                      "--id",
                      shop,
                      "--if-match",
                      String.valueOf(
                          json(warmfront, "get-distribution-tenant", "--identifier", shop)
                              .get("ETag")),
                      "--no-enabled")
                  .get("ETag"));
      deployed(warmfront, shop);
      assertThat(Viewer.get(warmfront.http("FRA"), SHOP, "/a").status()).isEqualTo(403);
      Tool.Said deleted =
          aws(warmfront, "delete-distribution-tenant", "--id", shop, "--if-match", etag);
      assertThat(deleted.status()).as(deleted.stderr()).isZero();
      assertThat(aws(warmfront, "get-distribution-tenant", "--identifier", shop).stderr())
          .contains("EntityNotFound");
      assertThat(seen(warmfront, BLOG)).isEqualTo("Hit blog");
    }
  }

  @Test
  void a_tenant_that_asks_for_a_certificate_is_served_with_it() throws Exception {
    try (Warmfront warmfront = Warmfront.up(folder, Map.of());
        Origin origin = Origin.open().says("/a", 200, "max-age=600", "ours");
        Api api = new Api(warmfront.callApi())) {
      Api.Made shared =
          api.createDistribution(
              Api.plain("shared", origin.port())
                  .replace(
                      "</DistributionConfig>",
                      "<ConnectionMode>tenant-only</ConnectionMode></DistributionConfig>"));

      Api.Answer made =
          api.call(
              "POST",
              "distribution-tenant",
              """
              <CreateDistributionTenantRequest xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
                <DistributionId>%s</DistributionId>
                <Name>own</Name>
                <Domains><member><Domain>www.example.com</Domain></member></Domains>
                <ManagedCertificateRequest>
                  <ValidationTokenHost>cloudfront</ValidationTokenHost>
                </ManagedCertificateRequest>
              </CreateDistributionTenantRequest>
              """
                  .formatted(shared.id()));
      assertThat(made.status()).as(made.body()).isEqualTo(201);

      String tenant = "distribution-tenant/" + made.text("Id");
      Await.until(
          "deployed",
          () -> api.call("GET", tenant, "").body().contains("<Status>Deployed</Status>"));
      assertThat(
              api.call("GET", "managed-certificate/" + made.text("Id"), "")
                  .text("CertificateStatus"))
          .isEqualTo("issued");
      Viewer.Answer answer =
          Viewer.getSecure(
              warmfront.https("FRA"),
              "www.example.com",
              "/a",
              warmfront.data().resolve("ca.pem"),
              "http/1.1");
      assertThat(answer.body()).isEqualTo("ours");
    }
  }

  private String create(Warmfront warmfront, String distribution, String name, String domain)
      throws Exception {
    Map<String, Object> made =
        Aws.inner(
            json(
                warmfront,
                "create-distribution-tenant",
                "--distribution-id",
                distribution,
                "--name",
                name,
                "--domains",
                "Domain=" + domain,
                "--parameters",
                "Name=site,Value=" + name),
            "DistributionTenant");
    return String.valueOf(made.get("Id"));
  }

  private Map<String, Object> read(Warmfront warmfront, String tenant) throws Exception {
    return Aws.inner(
        json(warmfront, "get-distribution-tenant", "--identifier", tenant), "DistributionTenant");
  }

  private void deployed(Warmfront warmfront, String tenant) throws Exception {
    Await.until("deployed", () -> "Deployed".equals(read(warmfront, tenant).get("Status")));
  }

  private static String seen(Warmfront warmfront, String host) throws Exception {
    Viewer.Answer answer = Viewer.get(warmfront.http("FRA"), host, "/a");
    return answer.cache() + " " + answer.body();
  }

  private static Map<String, Object> config(int port) {
    return Map.of(
        "CallerReference",
        "shared",
        "Comment",
        "",
        "Enabled",
        true,
        "ConnectionMode",
        "tenant-only",
        "TenantConfig",
        Map.of(
            "ParameterDefinitions",
            List.of(
                Map.of(
                    "Name",
                    "site",
                    "Definition",
                    Map.of("StringSchema", Map.of("Required", true))))),
        "Origins",
        Map.of(
            "Quantity",
            1,
            "Items",
            List.of(
                Map.of(
                    "Id",
                    "o",
                    "DomainName",
                    "{{site}}.localhost",
                    "OriginPath",
                    "/{{site}}",
                    "CustomOriginConfig",
                    Map.of(
                        "HTTPPort", port, "HTTPSPort", 443, "OriginProtocolPolicy", "http-only")))),
        "DefaultCacheBehavior",
        Map.of(
            "TargetOriginId",
            "o",
            "ViewerProtocolPolicy",
            "allow-all",
            "CachePolicyId",
            "658327ea-f89d-4fab-a63d-7e88639e58f6"));
  }

  private Path file(Map<String, Object> config) throws Exception {
    return Files.writeString(folder.resolve("config.json"), Json.write(config));
  }

  private Tool.Said aws(Warmfront warmfront, String... arguments) throws Exception {
    return new Aws(warmfront, folder).run(cloudfront(arguments));
  }

  private Map<String, Object> json(Warmfront warmfront, String... arguments) throws Exception {
    return new Aws(warmfront, folder).json(cloudfront(arguments));
  }

  private static String[] cloudfront(String... arguments) {
    return Stream.concat(Stream.of("cloudfront"), Stream.of(arguments)).toArray(String[]::new);
  }
}
