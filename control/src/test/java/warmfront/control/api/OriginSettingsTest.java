package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CannotDeleteEntityWhileInUseException;
import software.amazon.awssdk.services.cloudfront.model.DefaultCacheBehavior;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.EntityNotFoundException;
import software.amazon.awssdk.services.cloudfront.model.GetVpcOriginResponse;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import software.amazon.awssdk.services.cloudfront.model.NoSuchOriginException;
import software.amazon.awssdk.services.cloudfront.model.Origin;
import software.amazon.awssdk.services.cloudfront.model.OriginGroup;
import software.amazon.awssdk.services.cloudfront.model.TooManyOriginGroupsPerDistributionException;
import software.amazon.awssdk.services.cloudfront.model.VpcOrigin;
import software.amazon.awssdk.services.cloudfront.model.VpcOriginEndpointConfig;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Reach;
import warmfront.distribution.Remedies;
import warmfront.distribution.Resource;

/** Origin groups, and how origins are reached: what is refused, and what edges are given. */
final class OriginSettingsTest {
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

  private static Distribution compiled(DistributionConfig config) {
    String id = client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
    Optional<Resource> value = running.store.read(tx -> tx.latest(Kind.DISTRIBUTION, id));
    return (Distribution) value.orElseThrow();
  }

  private static OriginGroup group(String id, List<Integer> statuses, String... members) {
    return OriginGroup.builder()
        .id(id)
        .failoverCriteria(f -> f.statusCodes(s -> s.quantity(statuses.size()).items(statuses)))
        .members(m ->
            m.quantity(members.length)
                .items(
                    List.of(members).stream()
                        .map(member ->
                            software.amazon.awssdk.services.cloudfront.model.OriginGroupMember
                                .builder()
                                .originId(member)
                                .build())
                        .toList()))
        .build();
  }

  private static DistributionConfig grouped(String reference, OriginGroup... groups) {
    return Configs.minimal(reference)
        .copy(c ->
            c.origins(o ->
                    o.quantity(2).items(Configs.server(), Configs.bucket().copy(b -> b.id("p"))))
                .originGroups(g -> g.quantity(groups.length).items(groups)));
  }

  private static Origin server(Consumer<Origin.Builder> change) {
    return Configs.server().copy(change);
  }

  @Test
  void a_behavior_may_name_a_group() {
    DistributionConfig config = grouped("named", group("g", List.of(500, 503), "o", "p"));

    Distribution served =
        compiled(
            config.copy(c ->
                c.defaultCacheBehavior(
                    config.defaultCacheBehavior().copy(b -> b.targetOriginId("g")))));

    assertThat(served.defaultBehavior().originId()).isEqualTo("g");
    assertThat(served.remedies().groups())
        .containsExactly(new Remedies.OriginGroup("g", "o", "p", Set.of(500, 503)));
  }

  @Test
  void a_group_may_go_by_the_quality_of_media() {
    OriginGroup better =
        group("g", List.of(500), "o", "p").copy(g -> g.selectionCriteria("media-quality-based"));

    assertThat(compiled(grouped("better", better)).remedies().groups())
        .containsExactly(new Remedies.OriginGroup("g", "o", "p", Set.of(500), true));
  }

  @Test
  void grpc_needs_post_and_http2() {
    DefaultCacheBehavior reading =
        Configs.minimal("x").defaultCacheBehavior().copy(b -> b.grpcConfig(g -> g.enabled(true)));
    DefaultCacheBehavior writing =
        reading.copy(b ->
            b.allowedMethods(m ->
                m.quantity(7)
                    .itemsWithStrings("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")
                    .cachedMethods(c -> c.quantity(2).itemsWithStrings("GET", "HEAD"))));
    DistributionConfig calls =
        Configs.minimal("calls").copy(c -> c.defaultCacheBehavior(writing).httpVersion("http2"));

    assertThat(compiled(calls).defaultBehavior().options().grpc()).isTrue();
    refused(
        calls.copy(c -> c.callerReference("reads").defaultCacheBehavior(reading)),
        InvalidArgumentException.class);
    refused(
        calls.copy(c -> c.callerReference("old").httpVersion("http1.1")),
        InvalidArgumentException.class);
  }

  @Test
  void smooth_streaming_reaches_the_edges() {
    DefaultCacheBehavior smooth =
        Configs.minimal("x").defaultCacheBehavior().copy(b -> b.smoothStreaming(true));

    assertThat(
            compiled(Configs.minimal("smooth").copy(c -> c.defaultCacheBehavior(smooth)))
                .defaultBehavior()
                .options()
                .smooth())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 405, 501, 200, 301})
  void a_status_that_is_no_failure_is_refused(int status) {
    assertThatThrownBy(() ->
            client.createDistribution(r ->
                r.distributionConfig(
                    grouped("status " + status, group("g", List.of(status), "o", "p")))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("OriginGroups.Items[0].FailoverCriteria.StatusCodes")
        .hasMessageContaining(String.valueOf(status));
  }

  @Test
  void a_group_has_two_different_origins_of_the_distribution_and_a_name_of_its_own() {
    refused(grouped("same", group("g", List.of(500), "o", "o")), InvalidArgumentException.class);
    refused(grouped("taken", group("o", List.of(500), "o", "p")), InvalidArgumentException.class);
    refused(grouped("away", group("g", List.of(500), "o", "x")), NoSuchOriginException.class);
    OriginGroup[] many =
        IntStream.range(0, 11)
            .mapToObj(i -> group("g" + i, List.of(500), "o", "p"))
            .toArray(OriginGroup[]::new);
    refused(grouped("many", many), TooManyOriginGroupsPerDistributionException.class);
  }

  @Test
  void a_vpc_origin_lives_and_is_used() {
    VpcOrigin made =
        client
            .createVpcOrigin(r -> r.vpcOriginEndpointConfig(endpoint("one", "10.0.0.7")))
            .vpcOrigin();
    Origin origin =
        Origin.builder()
            .id("o")
            .domainName("internal.example.com")
            .vpcOriginConfig(v -> v.vpcOriginId(made.id()))
            .build();

    Distribution served = compiled(Configs.of("inside", origin));

    assertThat(made.arn()).endsWith(":vpcorigin/" + made.id());
    assertThat(served.origins().getFirst().reach().vpcOrigin()).contains(made.id());
    assertThat(running.store.read(tx -> tx.latest(Kind.VPC_ORIGIN, made.id())).orElseThrow())
        .isEqualTo(
            new warmfront.distribution.VpcOrigin(
                made.id(),
                "10.0.0.7",
                8080,
                8443,
                warmfront.distribution.Origin.Protocol.HTTP_ONLY,
                List.of("TLSv1.2")));
    GetVpcOriginResponse got = client.getVpcOrigin(r -> r.id(made.id()));
    assertThat(got.vpcOrigin().vpcOriginEndpointConfig().name()).isEqualTo("one");
    String version =
        client
            .updateVpcOrigin(r ->
                r.id(made.id())
                    .ifMatch(got.eTag())
                    .vpcOriginEndpointConfig(endpoint("one", "alb.example.com")))
            .eTag();
    assertThat(client.listVpcOrigins(r -> {}).vpcOriginList().items())
        .extracting(one -> one.id() + " " + one.name() + " " + one.originEndpointArn())
        .containsExactly(
            made.id() + " one arn:aws:ec2:us-east-1:123456789012:host/alb.example.com");
    assertThatThrownBy(() -> client.deleteVpcOrigin(r -> r.id(made.id()).ifMatch(version)))
        .isInstanceOf(CannotDeleteEntityWhileInUseException.class);
  }

  @Test
  void a_vpc_origin_names_a_host_in_its_arn_and_one_that_is_not_there_is_refused() {
    assertThatThrownBy(
            () -> client.createVpcOrigin(r -> r.vpcOriginEndpointConfig(endpoint("bad", "a b"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Arn");
    refused(
        Configs.of(
            "nowhere",
            Origin.builder()
                .id("o")
                .domainName("internal.example.com")
                .vpcOriginConfig(v -> v.vpcOriginId("vo_none"))
                .build()),
        EntityNotFoundException.class);
  }

  private static VpcOriginEndpointConfig endpoint(String name, String host) {
    return VpcOriginEndpointConfig.builder()
        .name(name)
        .arn("arn:aws:ec2:us-east-1:123456789012:host/" + host)
        .httpPort(8080)
        .httpsPort(8443)
        .originProtocolPolicy("http-only")
        .build();
  }

  private static void refused(DistributionConfig config, Class<? extends Exception> type) {
    assertThatThrownBy(() -> client.createDistribution(r -> r.distributionConfig(config)))
        .isInstanceOf(type);
  }

  @Test
  void edges_are_told_how_an_origin_is_reached() {
    Origin origin =
        server(o ->
            o.responseCompletionTimeout(60)
                .originShield(s -> s.enabled(true).originShieldRegion("eu-west-1"))
                .customOriginConfig(
                    Configs.server().customOriginConfig().copy(c -> c.ipAddressType("dualstack"))));

    assertThat(compiled(Configs.of("reach", origin)).origins().getFirst().reach())
        .isEqualTo(
            new Reach(
                Optional.of(Duration.ofSeconds(60)),
                Reach.Family.DUALSTACK,
                Optional.of("eu-west-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu-nowhere-1", ""})
  void a_shield_is_in_a_region_that_is_known(String region) {
    assertThatThrownBy(() ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.of(
                        "shield " + region,
                        server(o ->
                            o.originShield(s ->
                                s.enabled(true)
                                    .originShieldRegion(region.isEmpty() ? null : region)))))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("OriginShieldRegion");
  }

  @Test
  void the_whole_exchange_may_not_be_shorter_than_the_wait_for_its_parts() {
    assertThatThrownBy(() ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.of("short", server(o -> o.responseCompletionTimeout(29))))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("ResponseCompletionTimeout")
        .hasMessageContaining("30");
  }
}
