package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import warmfront.time.Clock;

/** How many distributions use one policy, or another thing that they may share. */
final class AssociationsTest {
  private final Running running;
  private final CloudFrontClient client;
  private int asks;

  AssociationsTest(@TempDir Path folder) {
    running =
        new Running(
            folder,
            Quotas.DEFAULT
                .with(Quota.DISTRIBUTIONS_OF_POLICY, 1)
                .with(Quota.DISTRIBUTIONS_OF_ORIGIN_ACCESS_CONTROL, 1)
                .with(Quota.DISTRIBUTIONS_OF_VPC_ORIGIN, 1)
                .with(Quota.DISTRIBUTIONS_OF_ANYCAST_IP_LIST, 1)
                .with(Quota.STAGING_DISTRIBUTIONS, 1),
            Limits.DEFAULT,
            Clock.system());
    client = running.client();
  }

  @AfterEach
  void close() {
    client.close();
    running.close();
  }

  private String create(Consumer<DefaultCacheBehavior.Builder> change) {
    DistributionConfig plain = Configs.minimal("a" + ++asks);
    DistributionConfig config =
        plain.copy(c -> c.defaultCacheBehavior(plain.defaultCacheBehavior().copy(change)));
    return client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
  }

  private void refused(String what, Runnable call) {
    refusedWith("TooManyDistributionsAssociatedTo" + what, call);
  }

  private static void refusedWith(String code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            thrown -> assertThat(thrown.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void a_policy_of_ones_own_has_a_quota_and_one_of_the_product_has_none() {
    String policy =
        client
            .createCachePolicy(r -> r.cachePolicyConfig(c -> c.name("own").minTTL(1L)))
            .cachePolicy()
            .id();
    String id = create(b -> b.cachePolicyId(policy));
    create(b -> b.cachePolicyId(Configs.OPTIMIZED));
    create(b -> b.cachePolicyId(Configs.OPTIMIZED));

    refused("CachePolicy", () -> create(b -> b.cachePolicyId(policy)));

    var made = client.getDistributionConfig(r -> r.id(id));
    String changed =
        client
            .updateDistribution(r ->
                r.id(id)
                    .ifMatch(made.eTag())
                    .distributionConfig(made.distributionConfig().copy(c -> c.enabled(false))))
            .eTag();
    running.rollOut();
    client.deleteDistribution(r -> r.id(id).ifMatch(changed));
    create(b -> b.cachePolicyId(policy)); // one that is deleted does not count
  }

  @Test
  void other_policies_and_access_controls_have_one_too() {
    String asking =
        client
            .createOriginRequestPolicy(r ->
                r.originRequestPolicyConfig(c ->
                    c.name("own")
                        .headersConfig(h -> h.headerBehavior("none"))
                        .cookiesConfig(k -> k.cookieBehavior("none"))
                        .queryStringsConfig(q -> q.queryStringBehavior("all"))))
            .originRequestPolicy()
            .id();
    create(b -> b.originRequestPolicyId(asking));
    refused("OriginRequestPolicy", () -> create(b -> b.originRequestPolicyId(asking)));

    String dressing =
        client
            .createResponseHeadersPolicy(r -> r.responseHeadersPolicyConfig(c -> c.name("own")))
            .responseHeadersPolicy()
            .id();
    create(b -> b.responseHeadersPolicyId(dressing));
    refused("ResponseHeadersPolicy", () -> create(b -> b.responseHeadersPolicyId(dressing)));

    String control =
        client
            .createOriginAccessControl(r ->
                r.originAccessControlConfig(c ->
                    c.name("own")
                        .originAccessControlOriginType("lambda")
                        .signingBehavior("always")
                        .signingProtocol("sigv4")))
            .originAccessControl()
            .id();
    create(signed(control));
    refused("OriginAccessControl", () -> create(signed(control)));
  }

  @Test
  void vpc_origins_anycast_lists_and_staging_have_one_and_the_errors_of_others() {
    String inside =
        client
            .createVpcOrigin(r ->
                r.vpcOriginEndpointConfig(c ->
                    c.name("inside")
                        .arn("arn:aws:ec2:us-east-1:123456789012:host/10.0.0.7")
                        .httpPort(80)
                        .httpsPort(443)
                        .originProtocolPolicy("http-only")))
            .vpcOrigin()
            .id();
    create(within(inside));
    refusedWith("EntityLimitExceeded", () -> create(within(inside)));

    String list = client.createAnycastIpList(r -> r.name("list").ipCount(3)).anycastIpList().id();
    String first = create(announced(list));
    refusedWith("EntityLimitExceeded", () -> create(announced(list)));
    var made = client.getDistributionConfig(r -> r.id(first));
    client.updateDistribution(r ->
        r.id(first)
            .ifMatch(made.eTag())
            .distributionConfig(made.distributionConfig().copy(c -> c.comment("other"))));

    create(staged());
    refusedWith("TooManyDistributions", () -> create(staged()));
  }

  private DistributionConfig within(String origin) {
    return Configs.of(
        "within" + ++asks,
        Origin.builder()
            .id("o")
            .domainName("internal.example.com")
            .vpcOriginConfig(v -> v.vpcOriginId(origin))
            .build());
  }

  private DistributionConfig announced(String list) {
    return Configs.minimal("announced" + ++asks).copy(c -> c.anycastIpListId(list));
  }

  private DistributionConfig staged() {
    return Configs.minimal("staged" + ++asks).copy(c -> c.staging(true));
  }

  private String create(DistributionConfig config) {
    return client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
  }

  private DistributionConfig signed(String control) {
    return Configs.of(
        "signed" + ++asks, Configs.server().copy(o -> o.originAccessControlId(control)));
  }
}
