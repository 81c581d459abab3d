package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.IllegalUpdateException;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import software.amazon.awssdk.services.cloudfront.model.InvalidTaggingException;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.TooManyDistributionsException;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Tenancy;
import warmfront.time.Clock;

/** What a multi-tenant distribution may have. */
@SuppressWarnings({"deprecation", "unchecked"}) // legacy fields; the SDK's varargs of lambdas
final class TenancyRulesTest {
  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;

  @BeforeAll
  static void start() {
    running =
        new Running(
            folder,
            Quotas.DEFAULT.with(Quota.SHARED_DISTRIBUTIONS, 2),
            Limits.DEFAULT,
            Clock.system());
    client = running.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  @Test
  void a_multi_tenant_distribution_lives() {
    CreateDistributionResponse made =
        client.createDistribution(r -> r.distributionConfig(SharedConfigs.named("lives")));
    String id = made.distribution().id();
    DistributionConfig config = made.distribution().distributionConfig();

    Distribution compiled =
        (Distribution) running.store.read(tx -> tx.latest(Kind.DISTRIBUTION, id)).orElseThrow();
    assertThat(compiled.entrance().tenancy())
        .isEqualTo(Optional.of(new Tenancy(Map.of("folder", "all"))));
    assertThat(compiled.origins().getFirst().domainName()).isEqualTo("{{site}}.origin.example.com");
    assertThat(config.priceClassAsString()).isEqualTo("None");
    String next =
        client
            .updateDistribution(r -> r.id(id).ifMatch(made.eTag()).distributionConfig(config))
            .eTag();
    assertThatThrownBy(() ->
            client.updateDistribution(
                r -> r.id(id).ifMatch(next).distributionConfig(Configs.minimal("lives"))))
        .isInstanceOf(IllegalUpdateException.class)
        .hasMessageContaining("ConnectionMode");
    client.createDistribution(r -> r.distributionConfig(Configs.minimal("direct")));
    assertThat(modes("tenant-only")).contains(id);
    assertThat(modes("direct")).hasSize(1).doesNotContain(id);
    assertThatThrownBy(() ->
            client.tagResource(r ->
                r.resource(made.distribution().arn())
                    .tags(t ->
                        t.items(Tag.builder().key("warmfront:routing").value("redirect").build()))))
        .isInstanceOf(InvalidTaggingException.class);
    client.createDistribution(r -> r.distributionConfig(SharedConfigs.named("second")));
    assertThatThrownBy(() ->
            client.createDistribution(r -> r.distributionConfig(SharedConfigs.named("third"))))
        .isInstanceOf(TooManyDistributionsException.class);
  }

  private static List<String> modes(String mode) {
    return client
        .listDistributionsByConnectionMode(r -> r.connectionMode(mode))
        .distributionList()
        .items()
        .stream()
        .map(DistributionSummary::id)
        .toList();
  }

  @Test
  void what_it_may_not_have_is_refused_by_name() {
    refused("Aliases", c -> c.aliases(a -> a.quantity(1).items("www.example.com")));
    refused("PriceClass", c -> c.priceClass("PriceClass_100"));
    refused("IsIPV6Enabled", c -> c.isIPV6Enabled(true));
    refused(
        "Logging",
        c ->
            c.logging(l ->
                l.enabled(true).includeCookies(false).bucket("l.s3.amazonaws.com").prefix("")));
    refused("Staging", c -> c.staging(true));
    refused("ContinuousDeploymentPolicyId", c -> c.continuousDeploymentPolicyId("x"));
    refused(
        "DefaultCacheBehavior.TrustedSigners",
        c ->
            c.defaultCacheBehavior(b ->
                b.targetOriginId("o")
                    .viewerProtocolPolicy("allow-all")
                    .cachePolicyId(Configs.OPTIMIZED)
                    .trustedSigners(t -> t.enabled(true).quantity(1).items("self"))));
    refused(
        "DefaultCacheBehavior.SmoothStreaming",
        c ->
            c.defaultCacheBehavior(b ->
                b.targetOriginId("o")
                    .viewerProtocolPolicy("allow-all")
                    .cachePolicyId(Configs.OPTIMIZED)
                    .smoothStreaming(true)));
    refused(
        "DefaultCacheBehavior.CachePolicyId",
        c ->
            c.defaultCacheBehavior(b ->
                b.targetOriginId("o")
                    .viewerProtocolPolicy("allow-all")
                    .minTTL(0L)
                    .forwardedValues(f -> f.queryString(false).cookies(k -> k.forward("none")))));
    refused(
        "OriginAccessIdentity",
        c ->
            origin(
                c,
                Configs.bucket()
                    .copy(b ->
                        b.s3OriginConfig(
                            s -> s.originAccessIdentity("origin-access-identity/cloudfront/E1")))));
    refused("not defined: other", c -> origin(c, at("{{other}}.example.com", "")));
    refused("3 parameters", c -> origin(c, at("{{site}}.{{site}}.{{site}}.example.com", "")));
    refused("OriginPath", c -> origin(c, at("example.com", "/{{si te}}")));
    refused("DomainName", c -> origin(c, at("{{site}}.exa mple.com", "")));
    refused(
        "6 parameters",
        c ->
            c.tenantConfig(t ->
                t.parameterDefinitions(
                    List.of("a", "b", "c", "d", "e", "f").stream()
                        .map(name -> SharedConfigs.parameter(name, true, null))
                        .toList())));
    refused(
        "twice: site",
        c ->
            c.tenantConfig(t ->
                t.parameterDefinitions(
                    SharedConfigs.parameter("site", true, null),
                    SharedConfigs.parameter("site", false, null))));
  }

  @Test
  void a_distribution_with_viewers_of_its_own_has_no_parameters() {
    refused("TenantConfig", c -> c.connectionMode("direct").priceClass("PriceClass_All"));
    refused(
        "PriceClass",
        c ->
            c.connectionMode("direct")
                .tenantConfig((software.amazon.awssdk.services.cloudfront.model.TenantConfig) null)
                .priceClass("None"));
  }

  private static Origin at(String domainName, String path) {
    return Configs.server().copy(s -> s.domainName(domainName).originPath(path));
  }

  private static void origin(DistributionConfig.Builder config, Origin origin) {
    config.origins(o -> o.quantity(1).items(origin));
  }

  private static void refused(String part, Consumer<DistributionConfig.Builder> change) {
    assertThatThrownBy(() ->
            client.createDistribution(
                r -> r.distributionConfig(SharedConfigs.named("refused " + part).copy(change))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(part);
  }
}
