package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CustomOriginConfig;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionIdList;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.VpcOrigin;

/** Lists of the distributions that refer to something; driven by the AWS SDK for Java. */
final class DistributionsByTest {
  /** Managed policies. */
  private static final String ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3";

  private static final String SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03";

  @TempDir private static Path folder;
  private static Running running;
  private static CloudFrontClient client;

  @BeforeAll
  static void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    running.close();
  }

  private static String distribution(
      String reference, UnaryOperator<DefaultCacheBehavior.Builder> change) {
    DistributionConfig config = Configs.minimal(reference);
    DefaultCacheBehavior behavior = change.apply(config.defaultCacheBehavior().toBuilder()).build();
    return client
        .createDistribution(
            r -> r.distributionConfig(config.copy(c -> c.defaultCacheBehavior(behavior))))
        .distribution()
        .id();
  }

  private static String pem() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      byte[] key = generator.generateKeyPair().getPublic().getEncoded();
      return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
          .formatted(Base64.getMimeEncoder().encodeToString(key));
    } catch (GeneralSecurityException e) {
      throw new LinkageError("every JDK has EC keys", e);
    }
  }

  private static void refused(ThrowingCallable call, String code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CloudFrontException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void the_users_of_a_policy_are_listed_a_page_at_a_time_in_the_order_of_their_ids() {
    String policy =
        client
            .createCachePolicy(r ->
                r.cachePolicyConfig(c ->
                    c.name("listed")
                        .minTTL(1L)
                        .parametersInCacheKeyAndForwardedToOrigin(p ->
                            p.enableAcceptEncodingGzip(false)
                                .headersConfig(h -> h.headerBehavior("none"))
                                .cookiesConfig(k -> k.cookieBehavior("none"))
                                .queryStringsConfig(q -> q.queryStringBehavior("none")))))
            .cachePolicy()
            .id();
    List<String> users = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      users.add(distribution("policy " + i, b -> b.cachePolicyId(policy)));
    }
    users.sort(null);

    DistributionIdList first =
        client
            .listDistributionsByCachePolicyId(r -> r.cachePolicyId(policy).maxItems("2"))
            .distributionIdList();
    DistributionIdList second =
        client
            .listDistributionsByCachePolicyId(
                r -> r.cachePolicyId(policy).maxItems("2").marker(first.nextMarker()))
            .distributionIdList();

    assertThat(first.items()).isEqualTo(users.subList(0, 2));
    assertThat(first.isTruncated()).isTrue();
    assertThat(first.quantity()).isEqualTo(2);
    assertThat(first.maxItems()).isEqualTo(2);
    assertThat(second.items()).isEqualTo(users.subList(2, 3));
    assertThat(second.isTruncated()).isFalse();
    assertThat(second.marker()).isEqualTo(first.nextMarker());
    assertThat(second.nextMarker()).isNull();
  }

  @Test
  void the_users_of_other_policies_and_of_key_groups_are_listed() {
    String key =
        client
            .createPublicKey(
                r -> r.publicKeyConfig(k -> k.callerReference("k").name("k").encodedKey(pem())))
            .publicKey()
            .id();
    String group =
        client.createKeyGroup(r -> r.keyGroupConfig(g -> g.name("g").items(key))).keyGroup().id();
    String user =
        distribution(
            "others",
            b ->
                b.originRequestPolicyId(ALL_VIEWER)
                    .responseHeadersPolicyId(SECURITY_HEADERS)
                    .trustedKeyGroups(t -> t.enabled(true).quantity(1).items(group)));

    assertThat(
            client
                .listDistributionsByOriginRequestPolicyId(r -> r.originRequestPolicyId(ALL_VIEWER))
                .distributionIdList()
                .items())
        .containsExactly(user);
    assertThat(
            client
                .listDistributionsByResponseHeadersPolicyId(
                    r -> r.responseHeadersPolicyId(SECURITY_HEADERS))
                .distributionIdList()
                .items())
        .containsExactly(user);
    assertThat(
            client
                .listDistributionsByKeyGroup(r -> r.keyGroupId(group))
                .distributionIdList()
                .items())
        .containsExactly(user);
  }

  @Test
  void the_users_of_a_vpc_origin_are_found_by_its_id_and_by_its_arn() {
    VpcOrigin origin =
        client
            .createVpcOrigin(r ->
                r.vpcOriginEndpointConfig(e ->
                        e.name("inner")
                            .arn("arn:aws:ec2:us-east-1:123456789012:instance/10.0.0.7")
                            .httpPort(80)
                            .httpsPort(443)
                            .originProtocolPolicy("http-only"))
                    .tags(t -> t.items(Tag.builder().key("team").value("web").build())))
            .vpcOrigin();

    assertThat(
            client
                .listDistributionsByVpcOriginId(r -> r.vpcOriginId(origin.id()))
                .distributionIdList()
                .items())
        .isEmpty();
    DistributionConfig config =
        Configs.of(
            "inside",
            Configs.server().toBuilder()
                .customOriginConfig((CustomOriginConfig) null)
                .vpcOriginConfig(v -> v.vpcOriginId(origin.id()))
                .build());
    String user = client.createDistribution(r -> r.distributionConfig(config)).distribution().id();

    assertThat(
            client
                .listDistributionsByVpcOriginId(r -> r.vpcOriginId(origin.id()))
                .distributionIdList()
                .items())
        .containsExactly(user);
    assertThat(
            client
                .listDistributionsByOwnedResource(r -> r.resourceArn(origin.arn()))
                .distributionList()
                .items())
        .singleElement()
        .satisfies(owned -> {
          assertThat(owned.distributionId()).isEqualTo(user);
          assertThat(owned.ownerAccountId()).isEqualTo(Running.ACCOUNT);
        });
    assertThat(client.listTagsForResource(r -> r.resource(origin.arn())).tags().items())
        .extracting(Tag::key)
        .containsExactly("team");
    refused(
        () ->
            client.tagResource(r ->
                r.resource(origin.arn())
                    .tags(
                        t -> t.items(Tag.builder().key("warmfront:strict").value("true").build()))),
        "InvalidTagging");
  }

  @Test
  void those_without_a_web_acl_are_listed_whole() {
    String id = distribution("no acl", b -> b);

    assertThat(
            client.listDistributionsByWebACLId(r -> r.webACLId("null")).distributionList().items())
        .filteredOn(summary -> summary.id().equals(id))
        .singleElement()
        .satisfies(summary -> {
          assertThat(summary.status()).isEqualTo("InProgress");
          assertThat(summary.origins().quantity()).isEqualTo(1);
        });
  }

  @Test
  void what_is_not_there_has_no_users() {
    refused(
        () -> client.listDistributionsByCachePolicyId(r -> r.cachePolicyId("x")),
        "NoSuchCachePolicy");
    refused(
        () -> client.listDistributionsByOriginRequestPolicyId(r -> r.originRequestPolicyId("x")),
        "NoSuchOriginRequestPolicy");
    refused(
        () ->
            client.listDistributionsByResponseHeadersPolicyId(r -> r.responseHeadersPolicyId("x")),
        "NoSuchResponseHeadersPolicy");
    refused(() -> client.listDistributionsByKeyGroup(r -> r.keyGroupId("x")), "NoSuchResource");
    refused(() -> client.listDistributionsByVpcOriginId(r -> r.vpcOriginId("x")), "EntityNotFound");
    refused(() -> client.listDistributionsByWebACLId(r -> r.webACLId("x")), "InvalidWebACLId");
    refused(
        () -> client.listDistributionsByAnycastIpListId(r -> r.anycastIpListId("x")),
        "EntityNotFound");
    refused(
        () ->
            client.listDistributionsByOwnedResource(
                r -> r.resourceArn("arn:aws:cloudfront::123456789012:vpcorigin/x")),
        "EntityNotFound");
    refused(
        () -> client.listDistributionsByOwnedResource(r -> r.resourceArn("x")), "InvalidArgument");
  }
}
