package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CannotDeleteEntityWhileInUseException;
import software.amazon.awssdk.services.cloudfront.model.CnameAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.ConnectionGroup;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenantSummary;
import software.amazon.awssdk.services.cloudfront.model.DomainConflict;
import software.amazon.awssdk.services.cloudfront.model.DomainResult;
import software.amazon.awssdk.services.cloudfront.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.EntityLimitExceededException;
import software.amazon.awssdk.services.cloudfront.model.EntityNotFoundException;
import software.amazon.awssdk.services.cloudfront.model.GetConnectionGroupResponse;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.IllegalUpdateException;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import software.amazon.awssdk.services.cloudfront.model.InvalidAssociationException;
import software.amazon.awssdk.services.cloudfront.model.InvalidTaggingException;
import software.amazon.awssdk.services.cloudfront.model.Invalidation;
import software.amazon.awssdk.services.cloudfront.model.ListDistributionTenantsResponse;
import software.amazon.awssdk.services.cloudfront.model.ResourceInUseException;
import software.amazon.awssdk.services.cloudfront.model.ResourceNotDisabledException;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionTenantResponse;
import warmfront.control.store.OnBothDatabases;
import warmfront.distribution.Certificate;
import warmfront.distribution.Geography;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.Tenant;
import warmfront.time.Clock;

/** Distribution tenants, their domains, connection groups; driven by the AWS SDK for Java. */
@SuppressWarnings("unchecked") // the SDK's varargs of lambdas
@OnBothDatabases
final class TenantsTest {
  private static final Quotas FEW =
      Quotas.DEFAULT
          .with(Quota.TENANTS, 3)
          .with(Quota.TENANT_DOMAINS, 3)
          .with(Quota.CONNECTION_GROUPS, 2)
          .with(Quota.PAGE_ITEMS, 2);

  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;
  private String shared;

  @BeforeEach
  void start() {
    running = new Running(folder, FEW, Limits.DEFAULT, Clock.system());
    client = running.client();
    shared =
        client
            .createDistribution(r -> r.distributionConfig(SharedConfigs.named("shared")))
            .distribution()
            .id();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private CreateDistributionTenantResponse create(
      String name, List<String> domains, Consumer<CreateDistributionTenantRequest.Builder> more) {
    return client.createDistributionTenant(r -> {
      r.distributionId(shared)
          .name(name)
          .domains(domains.stream().map(SharedConfigs::domain).toList())
          .parameters(p -> p.name("site").value(name));
      more.accept(r);
    });
  }

  private DistributionTenant create(String name, String... domains) {
    return create(name, List.of(domains), _ -> {}).distributionTenant();
  }

  private Optional<Resource> latest(Kind kind, String id) {
    return running.store.read(tx -> tx.latest(kind, id));
  }

  private Tenant compiled(String id) {
    return (Tenant) latest(Kind.TENANT, id).orElseThrow();
  }

  /** Puts a certificate where edges get it from. */
  private String certificate(String... names) {
    Issuer.Issued issued = new Issuer("ca", Instant.now()).issue(names);
    String arn = "arn:aws:acm:us-east-1:123456789012:certificate/" + names[0];
    running.store.write(tx ->
        tx.append(
            Kind.CERTIFICATE,
            arn,
            Optional.of(new Certificate(arn, issued.pem(), issued.keyPem()))));
    return arn;
  }

  private static List<String> domains(DistributionTenant tenant) {
    return tenant.domains().stream().map(DomainResult::domain).toList();
  }

  @Test
  void a_tenant_lives() {
    DistributionTenant made =
        create(
                "one",
                List.of("One.warmfront.localhost"),
                r -> r.tags(t -> t.items(Tag.builder().key("team").value("x").build())))
            .distributionTenant();

    assertThat(made.id()).startsWith("dt_");
    assertThat(made.arn())
        .isEqualTo("arn:aws:cloudfront::123456789012:distribution-tenant/" + made.id());
    assertThat(made.status()).isEqualTo("InProgress");
    assertThat(made.enabled()).isTrue();
    assertThat(made.tags().items()).extracting(Tag::value).containsExactly("x");
    assertThat(compiled(made.id()))
        .isEqualTo(
            new Tenant(
                made.id(),
                shared,
                true,
                List.of("one.warmfront.localhost"),
                Map.of("site", "one"),
                made.connectionGroupId(),
                Optional.empty(),
                Optional.empty()));
    for (String identifier : List.of(made.id(), made.arn(), "one")) {
      assertThat(client.getDistributionTenant(r -> r.identifier(identifier)).distributionTenant())
          .isEqualTo(made);
    }
    assertThat(
            client
                .getDistributionTenantByDomain(r -> r.domain("one.warmfront.localhost"))
                .distributionTenant()
                .id())
        .isEqualTo(made.id());

    String first = client.getDistributionTenant(r -> r.identifier("one")).eTag();
    assertThatThrownBy(() -> client.deleteDistributionTenant(r -> r.id(made.id()).ifMatch(first)))
        .isInstanceOf(ResourceNotDisabledException.class);
    UpdateDistributionTenantResponse off =
        client.updateDistributionTenant(r -> r.id(made.id()).ifMatch(first).enabled(false));
    assertThat(off.distributionTenant().parameters()).isEqualTo(made.parameters());
    assertThat(domains(off.distributionTenant())).isEqualTo(domains(made));
    assertThatThrownBy(
            () -> client.deleteDistributionTenant(r -> r.id(made.id()).ifMatch(off.eTag())))
        .isInstanceOf(ResourceNotDisabledException.class);

    running.rollOut();
    client.deleteDistributionTenant(r -> r.id(made.id()).ifMatch(off.eTag()));

    assertThatThrownBy(() -> client.getDistributionTenant(r -> r.identifier("one")))
        .isInstanceOf(EntityNotFoundException.class);
    assertThat(latest(Kind.TENANT, made.id())).isEmpty();
    create("one", "one.warmfront.localhost");
  }

  @Test
  void the_default_connection_group_is_made_on_demand_once() {
    DistributionTenant one = create("one", "one.warmfront.localhost");
    DistributionTenant two = create("two", "two.warmfront.localhost");

    assertThat(one.connectionGroupId()).isEqualTo(two.connectionGroupId());
    ConnectionGroup group =
        client.getConnectionGroup(r -> r.identifier(one.connectionGroupId())).connectionGroup();
    assertThat(group.isDefault()).isTrue();
    assertThat(group.ipv6Enabled()).isTrue();
    assertThat(group.routingEndpoint()).matches("d[0-9a-z]{13}\\.warmfront\\.localhost");
    assertThat(latest(Kind.CONNECTION_GROUP, group.id()).orElseThrow())
        .isEqualTo(
            new warmfront.distribution.ConnectionGroup(
                group.id(), group.routingEndpoint(), true, true));
    assertThat(
            client
                .verifyDnsConfiguration(r -> r.identifier("one"))
                .dnsConfigurationList()
                .getFirst()
                .statusAsString())
        .isEqualTo("valid-configuration");
  }

  @Test
  void a_connection_group_lives() {
    ConnectionGroup made =
        client.createConnectionGroup(r -> r.name("mine").ipv6Enabled(false)).connectionGroup();
    GetConnectionGroupResponse got = client.getConnectionGroup(r -> r.identifier("mine"));
    assertThat(got.connectionGroup()).isEqualTo(made);
    assertThat(made.isDefault()).isFalse();
    assertThat(
            client
                .getConnectionGroupByRoutingEndpoint(r -> r.routingEndpoint(made.routingEndpoint()))
                .connectionGroup()
                .id())
        .isEqualTo(made.id());
    assertThatThrownBy(() -> client.createConnectionGroup(r -> r.name("mine")))
        .isInstanceOf(EntityAlreadyExistsException.class);
    assertThatThrownBy(() -> client.createConnectionGroup(r -> r.name("any").anycastIpListId("x")))
        .isInstanceOf(EntityNotFoundException.class)
        .hasMessageContaining("Anycast IP list");
    create("one", List.of("one.warmfront.localhost"), r -> r.connectionGroupId(made.id()));

    String off =
        client
            .updateConnectionGroup(r -> r.id(made.id()).ifMatch(got.eTag()).enabled(false))
            .eTag();
    running.rollOut();
    assertThatThrownBy(() -> client.deleteConnectionGroup(r -> r.id(made.id()).ifMatch(off)))
        .isInstanceOf(CannotDeleteEntityWhileInUseException.class);

    String other = client.createConnectionGroup(r -> r.name("other")).connectionGroup().id();
    assertThatThrownBy(() -> client.createConnectionGroup(r -> r.name("third")))
        .isInstanceOf(EntityLimitExceededException.class);
    String version = client.getDistributionTenant(r -> r.identifier("one")).eTag();
    String id = client.getDistributionTenant(r -> r.identifier("one")).distributionTenant().id();
    client.updateDistributionTenant(r -> r.id(id).ifMatch(version).connectionGroupId(other));
    client.deleteConnectionGroup(r -> r.id(made.id()).ifMatch(off));

    assertThat(client.listConnectionGroups(r -> {}).connectionGroups())
        .extracting(one -> one.name())
        .containsExactly("other");
    assertThat(client.listConnectionGroups(r -> {}).connectionGroups().getFirst().eTag())
        .startsWith("E");
  }

  @Test
  void a_domain_is_one_owners_and_moves_in_one_change() {
    String arn = certificate("*.example.com");
    String web =
        client
            .createDistribution(r ->
                r.distributionConfig(
                    Configs.minimal("web")
                        .copy(c ->
                            c.aliases(a -> a.quantity(1).items("web.example.com"))
                                .viewerCertificate(
                                    v -> v.acmCertificateArn(arn).sslSupportMethod("sni-only")))))
            .distribution()
            .id();
    DistributionTenant one =
        create(
                "one",
                List.of("one.example.com", "one.warmfront.localhost"),
                r -> r.customizations(c -> c.certificate(t -> t.arn(arn))))
            .distributionTenant();
    DistributionTenant two = create("two", "two.warmfront.localhost");

    assertThatThrownBy(() -> create("three", "one.warmfront.localhost"))
        .isInstanceOf(CnameAlreadyExistsException.class)
        .hasMessageContaining(one.id());
    assertThatThrownBy(() ->
            create(
                "three",
                List.of("web.example.com"),
                r -> r.customizations(c -> c.certificate(t -> t.arn(arn)))))
        .isInstanceOf(CnameAlreadyExistsException.class)
        .hasMessageContaining(web);
    assertThat(
            client
                .listDomainConflicts(r ->
                    r.domain("*.example.com")
                        .domainControlValidationResource(d -> d.distributionTenantId(two.id())))
                .domainConflicts())
        .extracting(DomainConflict::domain, DomainConflict::resourceId)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("one.example.com", one.id()),
            org.assertj.core.groups.Tuple.tuple("web.example.com", web));

    client.updateDomainAssociation(
        r -> r.domain("web.example.com").targetResource(t -> t.distributionTenantId(one.id())));
    client.updateDomainAssociation(
        r -> r.domain("one.example.com").targetResource(t -> t.distributionId(web)));
    client.updateDomainAssociation(r ->
        r.domain("one.warmfront.localhost").targetResource(t -> t.distributionTenantId(two.id())));

    assertThat(compiled(one.id()).domains()).containsExactly("web.example.com");
    assertThat(compiled(two.id()).domains())
        .containsExactly("two.warmfront.localhost", "one.warmfront.localhost");
    assertThat(
            client
                .getDistribution(r -> r.id(web))
                .distribution()
                .distributionConfig()
                .aliases()
                .items())
        .containsExactly("one.example.com");
    assertThatThrownBy(() ->
            client.updateDomainAssociation(
                r -> r.domain("web.example.com").targetResource(t -> t.distributionId(web))))
        .isInstanceOf(IllegalUpdateException.class);
  }

  @Test
  void what_a_tenant_may_not_have_is_refused_by_name() {
    String arn = certificate("one.example.com");
    refused("site", "Domains", r -> r.domains(SharedConfigs.domain("one.example.com")));
    refused(
        "site",
        "no.example.com",
        r ->
            r.domains(SharedConfigs.domain("no.example.com"))
                .customizations(c -> c.certificate(t -> t.arn(arn))));
    refused(
        "site",
        "arn:none",
        r ->
            r.domains(SharedConfigs.domain("one.example.com"))
                .customizations(c -> c.certificate(t -> t.arn("arn:none"))));
    refused(
        "site",
        "twice",
        r ->
            r.domains(
                SharedConfigs.domain("a.warmfront.localhost"),
                SharedConfigs.domain("A.warmfront.localhost")));
    refused("site", "other", r -> r.parameters(p -> p.name("other").value("x")));
    refused("site", "required parameter site", r -> r.parameters(List.of()));
    refused(
        "site", "DNS name of the origin o", r -> r.parameters(p -> p.name("site").value("a b")));
    refused(
        "site",
        "path of the origin o",
        r -> r.parameters(p -> p.name("site").value("a"), p -> p.name("folder").value("a?b")));
    refused(
        "site",
        "WebAcl",
        r -> r.customizations(c -> c.webAcl(w -> w.action("override").arn("arn:x"))));
    refused(
        "site",
        "'XX'",
        r ->
            r.customizations(
                c -> c.geoRestrictions(g -> g.restrictionType("whitelist").locations("XX"))));
    String direct =
        client
            .createDistribution(r -> r.distributionConfig(Configs.minimal("direct")))
            .distribution()
            .id();
    assertThatThrownBy(
            () -> create("other", List.of("x.warmfront.localhost"), r -> r.distributionId(direct)))
        .isInstanceOf(InvalidAssociationException.class);
    assertThatThrownBy(
            () -> create("other", List.of("x.warmfront.localhost"), r -> r.distributionId("E0")))
        .isInstanceOf(EntityNotFoundException.class);
    assertThatThrownBy(() ->
            create(
                "other",
                "a.warmfront.localhost",
                "b.warmfront.localhost",
                "c.warmfront.localhost",
                "d.warmfront.localhost"))
        .isInstanceOf(EntityLimitExceededException.class);
  }

  private void refused(
      String name, String part, Consumer<CreateDistributionTenantRequest.Builder> more) {
    assertThatThrownBy(() -> create(name, List.of("x.warmfront.localhost"), more))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(part);
  }

  @Test
  void customizations_go_to_edges_and_are_listed_by() {
    String arn = certificate("*.example.com");
    DistributionTenant one =
        create(
                "one",
                List.of("one.example.com"),
                r ->
                    r.customizations(c ->
                        c.certificate(t -> t.arn(arn))
                            .geoRestrictions(g -> g.restrictionType("blacklist").locations("FR"))))
            .distributionTenant();
    create("two", "two.warmfront.localhost");
    create("three", "three.warmfront.localhost");

    assertThat(compiled(one.id()).certificate()).contains(arn);
    assertThat(compiled(one.id()).geography())
        .contains(new Geography(Geography.Rule.ALL_BUT, Set.of("FR")));
    assertThat(
            client
                .listDistributionTenantsByCustomization(r -> r.certificateArn(arn))
                .distributionTenantList())
        .extracting(DistributionTenantSummary::id)
        .containsExactly(one.id());
    ListDistributionTenantsResponse page =
        client.listDistributionTenants(r ->
            r.associationFilter(
                a -> a.distributionId(shared).connectionGroupId(one.connectionGroupId())));
    assertThat(page.distributionTenantList())
        .extracting(DistributionTenantSummary::name)
        .containsExactly("three", "two");
    assertThat(
            client
                .listDistributionTenants(r -> r.marker(page.nextMarker()))
                .distributionTenantList())
        .extracting(DistributionTenantSummary::name)
        .containsExactly("one");
    assertThat(
            client
                .listDistributionTenants(r -> r.associationFilter(a -> a.distributionId("E0")))
                .distributionTenantList())
        .isEmpty();
    assertThatThrownBy(() -> create("four", "four.warmfront.localhost"))
        .isInstanceOf(EntityLimitExceededException.class);
    assertThatThrownBy(() -> client.getManagedCertificateDetails(r -> r.identifier("one")))
        .isInstanceOf(EntityNotFoundException.class);
    assertThatThrownBy(() ->
            client.tagResource(r ->
                r.resource(one.arn())
                    .tags(
                        t -> t.items(Tag.builder().key("warmfront:strict").value("true").build()))))
        .isInstanceOf(InvalidTaggingException.class);
    client.tagResource(
        r -> r.resource(one.arn()).tags(t -> t.items(Tag.builder().key("a").value("b").build())));
    assertThat(client.listTagsForResource(r -> r.resource(one.arn())).tags().items()).hasSize(1);
  }

  @Test
  void a_distribution_that_its_tenants_would_not_fit_stays_as_it_is() {
    DistributionTenant one = create("one", "one.warmfront.localhost");
    GetDistributionTenantResponse got = client.getDistributionTenant(r -> r.identifier("one"));
    String version = client.getDistribution(r -> r.id(shared)).eTag();
    DistributionConfig config =
        client.getDistributionConfig(r -> r.id(shared)).distributionConfig();

    assertThatThrownBy(() ->
            client.updateDistribution(r ->
                r.id(shared)
                    .ifMatch(version)
                    .distributionConfig(
                        config.copy(c ->
                            c.tenantConfig(t ->
                                    t.parameterDefinitions(
                                        SharedConfigs.parameter("name", true, null)))
                                .origins(o ->
                                    o.quantity(1)
                                        .items(
                                            Configs.server()
                                                .copy(
                                                    s -> s.domainName("{{name}}.example.com"))))))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(one.id());
    assertThatThrownBy(() -> client.deleteDistribution(r -> r.id(shared).ifMatch(version)))
        .isInstanceOf(ResourceInUseException.class);
    assertThat(client.getDistributionTenant(r -> r.identifier("one")).distributionTenant())
        .isEqualTo(got.distributionTenant());
  }

  @Test
  void invalidations_are_the_tenants_own() {
    DistributionTenant one = create("one", "one.warmfront.localhost");
    Invalidation made =
        client
            .createInvalidationForDistributionTenant(r ->
                r.id(one.id())
                    .invalidationBatch(
                        b -> b.callerReference("1").paths(p -> p.quantity(2).items("/*", "/"))))
            .invalidation();

    assertThat(
            client
                .getInvalidationForDistributionTenant(
                    r -> r.distributionTenantId(one.id()).id(made.id()))
                .invalidation())
        .isEqualTo(made);
    assertThat(
            client
                .listInvalidationsForDistributionTenant(r -> r.id(one.id()))
                .invalidationList()
                .items())
        .hasSize(1);
    assertThat(client.listInvalidations(r -> r.distributionId(shared)).invalidationList().items())
        .isEmpty();
    assertThat(latest(Kind.INVALIDATION, made.id()))
        .contains(
            new warmfront.distribution.Invalidation(
                made.id(), one.id(), List.of("/*", "/", "/index.html")));
    assertThatThrownBy(() ->
            client.createInvalidationForDistributionTenant(r ->
                r.id("dt_none")
                    .invalidationBatch(
                        b -> b.callerReference("1").paths(p -> p.quantity(1).items("/*")))))
        .isInstanceOf(EntityNotFoundException.class);
  }
}
