package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.AnycastIpListSummary;
import software.amazon.awssdk.services.cloudfront.model.CloudFrontException;
import software.amazon.awssdk.services.cloudfront.model.CreateAnycastIpListResponse;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.IpamCidrConfig;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import warmfront.distribution.Anycast;
import warmfront.distribution.ConnectionGroup;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;

/**
 * Anycast IP lists, where the operator announces four addresses of IPv4 and one of IPv6 ({@link
 * Running#ANYCAST}).
 */
final class AnycastTest {
  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;

  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  @Test
  void a_list_has_addresses_that_the_operator_announces() {
    var made = list("a", 3);

    assertThat(made.anycastIpList().anycastIps())
        .containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3");
    assertThat(made.anycastIpList().status()).isEqualTo("Deployed");
    assertThat(made.anycastIpList().ipAddressTypeAsString()).isEqualTo("ipv4");
    assertThat(made.anycastIpList().arn())
        .isEqualTo("arn:aws:cloudfront::123456789012:anycast-ip-list/" + id(made));
    var got = client.getAnycastIpList(r -> r.id(id(made)));
    assertThat(got.anycastIpList()).isEqualTo(made.anycastIpList());
    assertThat(got.eTag()).isEqualTo(made.eTag());
    assertThat(list("b", 4).anycastIpList().anycastIps()).hasSize(4);
    assertThat(client.listAnycastIpLists(r -> {}).anycastIpLists().items())
        .extracting(AnycastIpListSummary::name)
        .containsExactlyInAnyOrder("a", "b");
    var page = client.listAnycastIpLists(r -> r.maxItems(1)).anycastIpLists();
    assertThat(page.isTruncated()).isTrue();
    assertThat(client.listAnycastIpLists(r -> r.marker(page.nextMarker())).anycastIpLists().items())
        .hasSize(1);
  }

  @Test
  void a_distribution_with_a_list_tells_dns_servers_its_addresses() {
    var list = list("a", 3);
    String id = distribution("d", id(list)).distribution().id();

    assertThat(published(id))
        .contains(new Anycast(id(list), List.of("192.0.2.1", "192.0.2.2", "192.0.2.3")));
    assertThat(
            client
                .listDistributionsByAnycastIpListId(r -> r.anycastIpListId(id(list)))
                .distributionList()
                .items())
        .singleElement()
        .satisfies(one -> assertThat(one.id()).isEqualTo(id));
    refused(
        "CannotDeleteEntityWhileInUse",
        () -> client.deleteAnycastIpList(r -> r.id(id(list)).ifMatch(list.eTag())));

    var before = client.getDistributionConfig(r -> r.id(id));
    client.updateDistribution(r ->
        r.id(id)
            .ifMatch(before.eTag())
            .distributionConfig(before.distributionConfig().copy(c -> c.anycastIpListId(""))));

    assertThat(published(id)).isEmpty();
    client.deleteAnycastIpList(r -> r.id(id(list)).ifMatch(list.eTag()));
    refused("EntityNotFound", () -> client.getAnycastIpList(r -> r.id(id(list))));
    list("a", 3);
  }

  @Test
  void a_connection_group_has_one_too() {
    var list = list("a", 3);
    String group =
        client
            .createConnectionGroup(r -> r.name("g").anycastIpListId(id(list)))
            .connectionGroup()
            .id();

    Optional<Anycast> told =
        running.store.read(tx ->
            tx.latest(Kind.CONNECTION_GROUP, group)
                .flatMap(one -> ((ConnectionGroup) one).anycast()));
    assertThat(told).map(Anycast::listId).contains(id(list));
    assertThat(
            client
                .listConnectionGroups(r -> r.associationFilter(f -> f.anycastIpListId(id(list))))
                .connectionGroups())
        .hasSize(1);
    assertThat(
            client
                .listConnectionGroups(r -> r.associationFilter(f -> f.anycastIpListId("aip_x")))
                .connectionGroups())
        .isEmpty();
    refused(
        "CannotDeleteEntityWhileInUse",
        () -> client.deleteAnycastIpList(r -> r.id(id(list)).ifMatch(list.eTag())));
  }

  @Test
  void the_family_of_addresses_changes_while_nothing_uses_them() {
    var list = client.createAnycastIpList(r -> r.name("six").ipCount(1).ipAddressType("ipv6"));
    assertThat(list.anycastIpList().anycastIps()).containsExactly("2001:db8:0:0:0:0:0:1");
    refused(
        "InvalidArgument",
        () ->
            client.updateAnycastIpList(
                r -> r.id(id(list)).ifMatch(list.eTag()).ipAddressType("ipv4")));
    var four = list("four", 4);
    distribution("d", id(four));

    refused(
        "InvalidArgument",
        () ->
            client.updateAnycastIpList(
                r -> r.id(id(four)).ifMatch(four.eTag()).ipAddressType("ipv6")));
    var same =
        client.updateAnycastIpList(r -> r.id(id(four)).ifMatch(four.eTag()).ipAddressType("ipv4"));

    assertThat(same.anycastIpList().anycastIps()).isEqualTo(four.anycastIpList().anycastIps());
    refused(
        "PreconditionFailed",
        () -> client.updateAnycastIpList(r -> r.id(id(four)).ifMatch(four.eTag())));
  }

  @Test
  void what_is_not_to_be_had_is_refused_by_name() {
    refused("InvalidArgument", () -> list("a", 21));
    refused("InvalidArgument", () -> list("a", 2));
    refused(
        "InvalidArgument",
        () -> client.createAnycastIpList(r -> r.name("a").ipCount(3).ipAddressType("ipv6")));
    refused(
        "InvalidArgument",
        () ->
            client.createAnycastIpList(r ->
                r.name("a")
                    .ipCount(3)
                    .ipamCidrConfigs(
                        IpamCidrConfig.builder()
                            .cidr("192.0.2.0/24")
                            .ipamPoolArn("arn:x")
                            .build())));
    var list = list("a", 3);
    refused("EntityAlreadyExists", () -> list("a", 3));
    refused("EntityNotFound", () -> distribution("d", "aip_x"));
    refused(
        "InvalidArgument",
        () ->
            client.createDistribution(r ->
                r.distributionConfig(
                    Configs.minimal("d")
                        .copy(c -> c.anycastIpListId(id(list)).priceClass("PriceClass_100")))));
  }

  @Test
  void lists_have_tags() {
    var list =
        client.createAnycastIpList(r ->
            r.name("a").ipCount(3).tags(t -> t.items(Tag.builder().key("k").value("v").build())));
    String arn = list.anycastIpList().arn();

    assertThat(client.listTagsForResource(r -> r.resource(arn)).tags().items()).hasSize(1);
  }

  private CreateAnycastIpListResponse list(String name, int count) {
    return client.createAnycastIpList(r -> r.name(name).ipCount(count));
  }

  private static String id(CreateAnycastIpListResponse made) {
    return made.anycastIpList().id();
  }

  private CreateDistributionResponse distribution(String reference, String list) {
    DistributionConfig config = Configs.minimal(reference).copy(c -> c.anycastIpListId(list));
    return client.createDistribution(r -> r.distributionConfig(config));
  }

  private Optional<Anycast> published(String id) {
    return running.store.read(tx ->
        tx.latest(Kind.DISTRIBUTION, id).flatMap(one -> ((Distribution) one).entrance().anycast()));
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CloudFrontException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
  }
}
