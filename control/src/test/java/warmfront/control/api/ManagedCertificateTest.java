package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionTenantRequest;
import software.amazon.awssdk.services.cloudfront.model.CreateDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionTenant;
import software.amazon.awssdk.services.cloudfront.model.DomainResult;
import software.amazon.awssdk.services.cloudfront.model.EntityLimitExceededException;
import software.amazon.awssdk.services.cloudfront.model.EntityNotFoundException;
import software.amazon.awssdk.services.cloudfront.model.GetDistributionTenantResponse;
import software.amazon.awssdk.services.cloudfront.model.IllegalUpdateException;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import software.amazon.awssdk.services.cloudfront.model.ManagedCertificateDetails;
import software.amazon.awssdk.services.cloudfront.model.ManagedCertificateRequest;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionTenantResponse;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.distribution.Certificate;
import warmfront.distribution.Kind;
import warmfront.distribution.Tenant;
import warmfront.distribution.TextRecord;
import warmfront.link.Pem;
import warmfront.time.Clock;

/** Certificates that tenants request for themselves. */
@SuppressWarnings("unchecked") // the SDK's varargs of lambdas
final class ManagedCertificateTest {
  private static final SecretKeySpec SEALING = new SecretKeySpec(new byte[32], "AES");

  /** In the zone, where a public authority's proofs need no record of others. */
  private static final String SHOP = "shop.one.warmfront.localhost";

  @TempDir private Path folder;
  private Running running;
  private CloudFrontClient client;
  private String shared;
  private Optional<AcmeServer> world = Optional.empty();

  /** Starts one that has the fleet's authority alone. */
  @BeforeEach
  void start() {
    running = new Running(folder);
    client = running.client();
    shared = shared();
  }

  private String shared() {
    return client
        .createDistribution(r -> r.distributionConfig(SharedConfigs.named("shared")))
        .distribution()
        .id();
  }

  /** Starts one in its place that asks a public authority. */
  private void startInWorld() throws Exception {
    stop();
    Issuer issuer = new Issuer("world", Instant.now()).below("issuer");
    AcmeServer server = new AcmeServer(issuer, this::texts);
    world = Optional.of(server);
    running =
        new Running(
            Files.createDirectories(folder.resolve("world")),
            Clock.system(),
            AcmeAuthority.loadOrMake(
                new AcmeAuthority.Options(server.directory(), Optional.empty()),
                folder,
                SEALING,
                new SecureRandom()));
    client = running.client();
    shared = shared();
  }

  private List<String> texts(String name) {
    Optional<List<String>> found =
        running.store.read(
            tx -> tx.latest(Kind.TEXT_RECORD, name).map(one -> ((TextRecord) one).values()));
    return found.orElse(List.of());
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
    world.ifPresent(AcmeServer::close);
  }

  private CreateDistributionTenantResponse create(
      String name, List<String> domains, Consumer<CreateDistributionTenantRequest.Builder> more) {
    return client.createDistributionTenant(r -> {
      r.distributionId(shared)
          .name(name)
          .domains(domains.stream().map(SharedConfigs::domain).toList())
          .parameters(p -> p.name("site").value(name))
          .managedCertificateRequest(m -> m.validationTokenHost("cloudfront"));
      more.accept(r);
    });
  }

  private static void none(CreateDistributionTenantRequest.Builder request) {
    request.managedCertificateRequest((ManagedCertificateRequest) null);
  }

  private DistributionTenant create(String... domains) {
    return create("one", List.of(domains), _ -> {}).distributionTenant();
  }

  private GetDistributionTenantResponse get() {
    return client.getDistributionTenant(r -> r.identifier("one"));
  }

  private UpdateDistributionTenantResponse ask(String... domains) {
    GetDistributionTenantResponse now = get();
    return client.updateDistributionTenant(r ->
        r.id(now.distributionTenant().id())
            .ifMatch(now.eTag())
            .domains(List.of(domains).stream().map(SharedConfigs::domain).toList())
            .managedCertificateRequest(m -> m.validationTokenHost("cloudfront")));
  }

  private ManagedCertificateDetails details() {
    return client
        .getManagedCertificateDetails(r -> r.identifier("one"))
        .managedCertificateDetails();
  }

  private static String arn(DistributionTenant tenant) {
    return tenant.customizations().certificate().arn();
  }

  private Tenant compiled(DistributionTenant tenant) {
    return (Tenant) running.store.read(tx -> tx.latest(Kind.TENANT, tenant.id())).orElseThrow();
  }

  private List<String> names(String arn) throws Exception {
    Certificate published =
        (Certificate) running.store.read(tx -> tx.latest(Kind.CERTIFICATE, arn)).orElseThrow();
    X509Certificate leaf = Pem.certificates(published.chainPem()).getFirst();
    return leaf.getSubjectAlternativeNames().stream().map(one -> (String) one.get(1)).toList();
  }

  private static List<String> statuses(DistributionTenant tenant) {
    return tenant.domains().stream().map(DomainResult::statusAsString).toList();
  }

  @Test
  void the_fleets_authority_issues_it_at_once_and_the_tenant_shows_it() throws Exception {
    DistributionTenant made =
        create(
                "one",
                List.of("A.example.com", "b.example.com"),
                r ->
                    r.managedCertificateRequest(m ->
                        m.validationTokenHost("self-hosted").primaryDomainName("b.example.com")))
            .distributionTenant();

    assertThat(names(arn(made))).containsExactly("b.example.com", "a.example.com");
    assertThat(compiled(made).certificate()).contains(arn(made));
    assertThat(compiled(made).domains()).containsExactly("a.example.com", "b.example.com");
    assertThat(statuses(made)).containsOnly("active");
    assertThat(details())
        .isEqualTo(
            ManagedCertificateDetails.builder()
                .certificateArn(arn(made))
                .certificateStatus("issued")
                .validationTokenHost("self-hosted")
                .build());
    assertThat(
            client
                .listDistributionTenantsByCustomization(r -> r.certificateArn(arn(made)))
                .distributionTenantList())
        .hasSize(1);
    assertThat(running.acm("DeleteCertificate", AcmCalls.named(arn(made))).body())
        .contains("ResourceInUseException");
  }

  @Test
  void asked_for_again_it_is_the_same_and_another_one_for_other_domains() throws Exception {
    DistributionTenant first = create("a.example.com");

    DistributionTenant again = ask("a.example.com").distributionTenant();
    assertThat(arn(again)).isEqualTo(arn(first));

    DistributionTenant more = ask("a.example.com", "b.example.com").distributionTenant();
    assertThat(arn(more)).isNotEqualTo(arn(first));
    assertThat(names(arn(more))).containsExactly("a.example.com", "b.example.com");
    assertThat(details().certificateArn()).isEqualTo(arn(more));
    assertThat(running.acm("DeleteCertificate", AcmCalls.named(arn(first))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void what_it_cannot_be_for_is_refused_by_name() {
    assertThatThrownBy(() -> create("*.example.com"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("*.example.com");
    assertThatThrownBy(() ->
            create(
                "one",
                List.of("a.example.com"),
                r ->
                    r.managedCertificateRequest(m ->
                        m.validationTokenHost("cloudfront").primaryDomainName("b.example.com"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("PrimaryDomainName")
        .hasMessageContaining("b.example.com");
    String[] many = new String[11];
    for (int i = 0; i < many.length; i++) {
      many[i] = "n" + i + ".example.com";
    }
    assertThatThrownBy(() -> create(many)).isInstanceOf(EntityLimitExceededException.class);
    long made = running.store.read(tx -> tx.count("certificate", ""));
    assertThat(made).as("a tenant that is refused leaves no certificate").isZero();
    create("one", List.of("a.warmfront.localhost"), ManagedCertificateTest::none);
    assertThatThrownBy(this::details).isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void until_a_public_authority_issues_it_nobody_is_served_there() throws Exception {
    startInWorld();

    DistributionTenant made = create("one.warmfront.localhost", SHOP);

    assertThat(statuses(made)).containsExactly("active", "inactive");
    assertThat(made.customizations()).isNull();
    assertThat(compiled(made).domains()).containsExactly("one.warmfront.localhost");
    assertThat(details().certificateStatusAsString()).isEqualTo("pending-validation");
    running.rollOut();
    String before = get().eTag();

    running.server.advanceCertificates();

    GetDistributionTenantResponse after = get();
    assertThat(details().certificateStatusAsString()).isEqualTo("issued");
    assertThat(arn(after.distributionTenant())).isEqualTo(details().certificateArn());
    assertThat(statuses(after.distributionTenant())).containsOnly("active");
    assertThat(after.distributionTenant().status()).isEqualTo("InProgress");
    assertThat(after.eTag()).isNotEqualTo(before);
    assertThat(compiled(made).domains()).containsExactly("one.warmfront.localhost", SHOP);
    running.server.advanceCertificates();
    assertThat(get().eTag()).isEqualTo(after.eTag());
  }

  @Test
  void one_that_is_pending_keeps_its_domains_and_lets_no_other_be_asked_for() throws Exception {
    startInWorld();
    DistributionTenant made = create("one.warmfront.localhost", SHOP);
    String arn = details().certificateArn();

    assertThatThrownBy(() -> ask("one.warmfront.localhost", SHOP, "b.one.warmfront.localhost"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(arn);
    DistributionTenant two =
        create("two", List.of("two.warmfront.localhost"), ManagedCertificateTest::none)
            .distributionTenant();
    assertThatThrownBy(() ->
            client.updateDomainAssociation(
                r -> r.domain(SHOP).targetResource(t -> t.distributionTenantId(two.id()))))
        .isInstanceOf(IllegalUpdateException.class)
        .hasMessageContaining("not issued yet");
    assertThat(statuses(ask("one.warmfront.localhost", SHOP).distributionTenant()))
        .containsExactly("active", "inactive");
    assertThat(details().certificateArn()).isEqualTo(arn);

    assertThat(running.acm("DeleteCertificate", AcmCalls.named(arn)).statusCode()).isEqualTo(200);

    assertThatThrownBy(this::details).isInstanceOf(EntityNotFoundException.class);
    ask("one.warmfront.localhost", SHOP, "b.one.warmfront.localhost");
    running.server.advanceCertificates();
    assertThat(statuses(get().distributionTenant())).containsOnly("active");
    assertThat(made.id()).isEqualTo(get().distributionTenant().id());
  }

  @Test
  void one_that_is_never_issued_leaves_the_domain_without_viewers() throws Exception {
    startInWorld();
    create("one.warmfront.localhost", SHOP);
    String arn = details().certificateArn();

    running.store.write(tx -> {
      tx.update(tx.find("certificate", arn).orElseThrow().withStatus("VALIDATION_TIMED_OUT"));
      return arn;
    });
    running.server.advanceCertificates();

    assertThat(details().certificateStatusAsString()).isEqualTo("validation-timed-out");
    assertThat(statuses(get().distributionTenant())).containsExactly("active", "inactive");
    ask("one.warmfront.localhost", SHOP);
    assertThat(details().certificateArn()).as("it is asked for anew").isNotEqualTo(arn);
    GetDistributionTenantResponse now = get();
    assertThat(statuses(now.distributionTenant())).containsExactly("active", "inactive");
    UpdateDistributionTenantResponse off =
        client.updateDistributionTenant(
            r -> r.id(now.distributionTenant().id()).ifMatch(now.eTag()).enabled(false));
    running.rollOut();
    client.deleteDistributionTenant(r -> r.id(off.distributionTenant().id()).ifMatch(off.eTag()));
    assertThat(create(SHOP).id()).isNotEqualTo(now.distributionTenant().id());
  }

  @Test
  void no_web_server_can_prove_a_domain_to_a_public_authority() throws Exception {
    startInWorld();

    assertThatThrownBy(() ->
            create(
                "one",
                List.of(SHOP),
                r -> r.managedCertificateRequest(m -> m.validationTokenHost("self-hosted"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("self-hosted")
        .hasMessageContaining("DNS");
  }
}
