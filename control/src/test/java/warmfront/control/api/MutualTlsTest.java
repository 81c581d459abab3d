package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CannotDeleteEntityWhileInUseException;
import software.amazon.awssdk.services.cloudfront.model.CreateTrustStoreResponse;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionList;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.EntityLimitExceededException;
import software.amazon.awssdk.services.cloudfront.model.EntityNotFoundException;
import software.amazon.awssdk.services.cloudfront.model.GetTrustStoreResponse;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;
import software.amazon.awssdk.services.cloudfront.model.PreconditionFailedException;
import software.amazon.awssdk.services.cloudfront.model.Tag;
import software.amazon.awssdk.services.cloudfront.model.Tags;
import software.amazon.awssdk.services.cloudfront.model.TrustStoreSummary;
import software.amazon.awssdk.services.cloudfront.model.UpdateDistributionResponse;
import software.amazon.awssdk.services.cloudfront.model.ViewerMtlsConfig;
import warmfront.control.api.Issuer.Issued;
import warmfront.distribution.Distribution;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.distribution.S3Endpoint;
import warmfront.distribution.TrustStore;
import warmfront.distribution.ViewerMtls;
import warmfront.time.Clock;

/** Trust stores, and certificates of viewers and toward origins: what is refused and published. */
final class MutualTlsTest {
  private static final S3Endpoint ENDPOINT =
      new S3Endpoint(
          "s3.*.amazonaws.com", URI.create("http://127.0.0.1:1"), "us-east-1", "key", "secret");

  private final Issuer root = new Issuer("root", Instant.now());
  private final Map<String, String> objects = new ConcurrentHashMap<>();
  private final Running running;
  private CloudFrontClient client;

  MutualTlsTest(@TempDir Path folder) {
    Quotas quotas =
        Quotas.DEFAULT.with(Quota.TRUST_STORES, 3).with(Quota.TRUST_STORE_DISTRIBUTIONS, 1);
    running = new Running(folder, quotas, Limits.DEFAULT, Clock.system(), this::read);
  }

  @BeforeEach
  void start() {
    client = running.client();
    running.store.write(tx -> tx.append(Kind.S3_ENDPOINT, ENDPOINT.id(), Optional.of(ENDPOINT)));
    objects.put("trust/ca.pem", root.pem());
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private ObjectReader.Answer read(S3Endpoint endpoint, ObjectReader.Name name, int bytesMax) {
    assertThat(endpoint).isEqualTo(ENDPOINT);
    String key = name + name.version().map(version -> "@" + version).orElse("");
    String found = objects.get(key);
    return found == null
        ? new ObjectReader.Answer.Unread("the bucket answers 404 for " + key)
        : ObjectReader.Answer.Read.of(found.getBytes(StandardCharsets.US_ASCII));
  }

  private CreateTrustStoreResponse create(String name, String key) {
    return client.createTrustStore(r ->
        r.name(name)
            .caCertificatesBundleSource(s ->
                s.caCertificatesBundleS3Location(
                    l -> l.bucket("trust").key(key).region("eu-central-1"))));
  }

  private Optional<Resource> published(String id) {
    return running.store.read(tx -> tx.latest(Kind.TRUST_STORE, id));
  }

  private Distribution distribution(DistributionConfig config) {
    String id = client.createDistribution(r -> r.distributionConfig(config)).distribution().id();
    return (Distribution) running.store.read(tx -> tx.latest(Kind.DISTRIBUTION, id)).orElseThrow();
  }

  private static DistributionConfig config(
      String reference, Consumer<ViewerMtlsConfig.Builder> mtls) {
    DistributionConfig plain = Configs.minimal(reference);
    return plain.copy(c ->
        c.defaultCacheBehavior(
                plain.defaultCacheBehavior().copy(b -> b.viewerProtocolPolicy("https-only")))
            .viewerMtlsConfig(mtls));
  }

  private static Consumer<ViewerMtlsConfig.Builder> required(String id) {
    return m -> m.mode("required").trustStoreConfig(t -> t.trustStoreId(id));
  }

  @Test
  void a_trust_store_is_created_read_listed_and_deleted() {
    objects.put("trust/two.pem@7", root.pem() + new Issuer("other", Instant.now()).pem());
    CreateTrustStoreResponse made =
        client.createTrustStore(r ->
            r.name("clients")
                .caCertificatesBundleSource(s ->
                    s.caCertificatesBundleS3Location(
                        l -> l.bucket("trust").key("two.pem").region("us-east-1").version("7")))
                .tags(
                    Tags.builder().items(Tag.builder().key("team").value("edge").build()).build()));
    String id = made.trustStore().id();

    assertThat(made.trustStore().statusAsString()).isEqualTo("active");
    assertThat(made.trustStore().numberOfCaCertificates()).isEqualTo(2);
    assertThat(made.trustStore().arn())
        .isEqualTo("arn:aws:cloudfront::123456789012:trust-store/" + id);
    for (String identifier : List.of(id, "clients", made.trustStore().arn())) {
      GetTrustStoreResponse got = client.getTrustStore(r -> r.identifier(identifier));
      assertThat(got.trustStore()).isEqualTo(made.trustStore());
      assertThat(got.eTag()).isEqualTo(made.eTag());
    }
    assertThat(((TrustStore) published(id).orElseThrow()).authoritiesPem()).startsWith(root.pem());
    String arn = made.trustStore().arn();
    assertThat(client.listTagsForResource(r -> r.resource(arn)).tags().items())
        .containsExactly(Tag.builder().key("team").value("edge").build());
    assertThatThrownBy(() ->
            client.tagResource(r ->
                r.resource(arn)
                    .tags(
                        Tags.builder()
                            .items(Tag.builder().key("warmfront:strict").value("true").build())
                            .build())))
        .hasMessageContaining("web distributions");
    CreateTrustStoreResponse second = create("second", "ca.pem");
    assertThat(client.listTrustStores(r -> r.maxItems(1)).trustStoreList())
        .extracting(TrustStoreSummary::name)
        .containsExactly("second");
    assertThat(client.listTrustStores(r -> r.marker(second.trustStore().id())).trustStoreList())
        .extracting(TrustStoreSummary::eTag)
        .containsExactly(made.eTag());

    client.deleteTrustStore(r -> r.id(id).ifMatch(made.eTag()));
    assertThatThrownBy(() -> client.getTrustStore(r -> r.identifier(id)))
        .isInstanceOf(EntityNotFoundException.class);
    assertThat(published(id)).isEmpty();
    assertThat(create("clients", "ca.pem").trustStore().statusAsString()).isEqualTo("active");
  }

  @Test
  void names_versions_and_the_quota_are_kept() {
    CreateTrustStoreResponse one = create("one", "ca.pem");
    assertThatThrownBy(() -> create("one", "ca.pem"))
        .isInstanceOf(EntityAlreadyExistsException.class);
    assertThatThrownBy(() -> create("no name", "ca.pem"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Name");
    assertThatThrownBy(() -> create("up", "../other/ca.pem"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Key");
    String stale = one.eTag().substring(0, 13) + "Z";
    assertThatThrownBy(
            () -> client.deleteTrustStore(r -> r.id(one.trustStore().id()).ifMatch(stale)))
        .isInstanceOf(PreconditionFailedException.class);
    create("two", "ca.pem");
    create("three", "ca.pem");
    assertThatThrownBy(() -> create("four", "ca.pem"))
        .isInstanceOf(EntityLimitExceededException.class);
  }

  static Stream<Arguments> bad() {
    Issuer root = new Issuer("root", Instant.now());
    return Stream.of(
        Arguments.of("", "no certificate"),
        Arguments.of("hello", "certificate"),
        Arguments.of(root.issue("www.example.com").pem(), "not an authority's"),
        Arguments.of(root.pem().repeat(26), "26 certificates"),
        Arguments.of(root.pem() + " ".repeat(65_536), "65536 bytes"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_bundle_that_is_none_makes_it_fail_and_says_why(String bundle, String reason) {
    objects.put("trust/bad.pem", bundle);
    CreateTrustStoreResponse made = create("bad", "bad.pem");

    assertThat(made.trustStore().statusAsString()).isEqualTo("failed");
    assertThat(made.trustStore().reason()).contains("trust/bad.pem").contains(reason);
    assertThat(made.trustStore().numberOfCaCertificates()).isZero();
    assertThat(published(made.trustStore().id())).isEmpty();
    assertThatThrownBy(() -> distribution(config("r", required(made.trustStore().id()))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("failed");
  }

  @Test
  void one_that_fails_later_leaves_edges_what_they_had() {
    CreateTrustStoreResponse made = create("clients", "ca.pem");
    String id = made.trustStore().id();
    Optional<Resource> before = published(id);

    var failed =
        client.updateTrustStore(r ->
            r.id(id)
                .ifMatch(made.eTag())
                .caCertificatesBundleSource(s ->
                    s.caCertificatesBundleS3Location(
                        l -> l.bucket("trust").key("gone.pem").region("us-east-1"))));

    assertThat(failed.trustStore().statusAsString()).isEqualTo("failed");
    assertThat(failed.trustStore().reason()).contains("404");
    assertThat(published(id)).isEqualTo(before).isPresent();
    objects.put("trust/gone.pem", new Issuer("next", Instant.now()).pem());
    var mended =
        client.updateTrustStore(r ->
            r.id(id)
                .ifMatch(failed.eTag())
                .caCertificatesBundleSource(s ->
                    s.caCertificatesBundleS3Location(
                        l -> l.bucket("trust").key("gone.pem").region("us-east-1"))));
    assertThat(mended.trustStore().statusAsString()).isEqualTo("active");
    assertThat(mended.trustStore().reason()).isNull();
    assertThat(published(id)).isNotEqualTo(before).isPresent();
  }

  @Test
  void a_distribution_asks_viewers_by_a_trust_store_and_holds_it() {
    CreateTrustStoreResponse made = create("clients", "ca.pem");
    String id = made.trustStore().id();

    Distribution served = distribution(config("held", required(id)));

    assertThat(served.entrance().mtls())
        .contains(new ViewerMtls(ViewerMtls.Mode.REQUIRED, Optional.of(id), false, false));
    assertThatThrownBy(() -> client.deleteTrustStore(r -> r.id(id).ifMatch(made.eTag())))
        .isInstanceOf(CannotDeleteEntityWhileInUseException.class)
        .hasMessageContaining(served.id());
    assertThatThrownBy(() -> distribution(config("another", required(id))))
        .as("the quota of users")
        .isInstanceOf(EntityLimitExceededException.class);
    assertThatThrownBy(() -> distribution(config("unknown", required("ts_none"))))
        .isInstanceOf(EntityNotFoundException.class);

    for (String identifier : List.of(id, "clients")) {
      assertThat(
              client
                  .listDistributionsByTrustStore(r -> r.trustStoreIdentifier(identifier))
                  .distributionList()
                  .items())
          .extracting(DistributionSummary::id)
          .containsExactly(served.id());
    }
    assertThat(
            client
                .listDistributionsByTrustStore(
                    r -> r.trustStoreIdentifier(id).marker(served.id()).maxItems("1"))
                .distributionList())
        .returns(false, DistributionList::isTruncated)
        .returns(0, DistributionList::quantity);
    assertThatThrownBy(
            () -> client.listDistributionsByTrustStore(r -> r.trustStoreIdentifier("ts_none")))
        .isInstanceOf(EntityNotFoundException.class);

    var got = client.getDistribution(r -> r.id(served.id()));
    assertThat(got.distribution().distributionConfig().viewerMtlsConfig().modeAsString())
        .isEqualTo("required");
    UpdateDistributionResponse same =
        client.updateDistribution(r ->
            r.id(served.id())
                .ifMatch(got.eTag())
                .distributionConfig(
                    got.distribution()
                        .distributionConfig()
                        .copy(c ->
                            c.enabled(false)
                                .viewerMtlsConfig(m ->
                                    m.mode("optional")
                                        .trustStoreConfig(t ->
                                            t.trustStoreId(id)
                                                .advertiseTrustStoreCaNames(true)
                                                .ignoreCertificateExpiry(true))))));
    assertThat(
            ((Distribution)
                    running
                        .store
                        .read(tx -> tx.latest(Kind.DISTRIBUTION, served.id()))
                        .orElseThrow())
                .entrance()
                .mtls())
        .contains(new ViewerMtls(ViewerMtls.Mode.OPTIONAL, Optional.of(id), true, true));
    running.rollOut();
    client.deleteDistribution(r -> r.id(served.id()).ifMatch(same.eTag()));
    client.deleteTrustStore(r -> r.id(id).ifMatch(made.eTag()));
    assertThat(published(id)).isEmpty();
  }

  @Test
  void without_a_trust_store_the_origin_judges() {
    assertThat(distribution(config("pass", m -> m.mode("passthrough"))).entrance().mtls())
        .contains(new ViewerMtls(ViewerMtls.Mode.PASSTHROUGH, Optional.empty(), false, false));
  }

  @Test
  void what_does_not_go_together_is_refused() {
    String id = create("clients", "ca.pem").trustStore().id();
    DistributionConfig right = config("refused", required(id));

    refused(right.copy(c -> c.httpVersion("http2and3")), "HTTP/3");
    refused(right.copy(c -> c.staging(true)), "continuous deployment");
    refused(right.copy(c -> c.continuousDeploymentPolicyId("x")), "continuous deployment");
    refused(
        right.copy(c ->
            c.defaultCacheBehavior(
                right.defaultCacheBehavior().copy(b -> b.viewerProtocolPolicy("allow-all")))),
        "ViewerProtocolPolicy");
    refused(right.copy(c -> c.viewerMtlsConfig(m -> m.mode("required"))), "TrustStoreConfig");
    refused(right.copy(c -> c.viewerMtlsConfig(m -> {})), "TrustStoreConfig");
    refused(
        right.copy(c ->
            c.viewerMtlsConfig(
                m -> m.mode("passthrough").trustStoreConfig(t -> t.trustStoreId(id)))),
        "TrustStoreConfig");
    refused(right.copy(c -> c.connectionFunctionAssociation(f -> f.id("x"))), "not supported");
  }

  private void refused(DistributionConfig config, String what) {
    assertThatThrownBy(() -> distribution(config))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(what);
  }

  private static DistributionConfig showing(String reference, String protocol, String arn) {
    return Configs.of(
        reference,
        Configs.server()
            .copy(o ->
                o.customOriginConfig(
                    Configs.server()
                        .customOriginConfig()
                        .copy(s ->
                            s.originProtocolPolicy(protocol)
                                .originMtlsConfig(m -> m.clientCertificateArn(arn))))));
  }

  private String imported(Issued issued, String again) throws Exception {
    Base64.Encoder base64 = Base64.getEncoder();
    String json =
        """
        {"Certificate": "%s", "PrivateKey": "%s"%s}
        """
            .formatted(
                base64.encodeToString(issued.pem().getBytes(StandardCharsets.US_ASCII)),
                base64.encodeToString(issued.keyPem().getBytes(StandardCharsets.US_ASCII)),
                again.isEmpty() ? "" : ", \"CertificateArn\": \"" + again + "\"");
    return running.acm("ImportCertificate", json).body();
  }

  private static String arn(String answer) {
    return answer.replaceFirst("(?s).*(arn:aws:acm:[^\"]*)\".*", "$1");
  }

  @Test
  void an_origin_is_shown_an_imported_certificate_which_is_held() throws Exception {
    String arn = arn(imported(root.issueFor(KeyPurposeId.id_kp_clientAuth), ""));

    Distribution served = distribution(showing("shown", "https-only", arn));

    assertThat(served.origins().getFirst().reach().clientCertificate()).contains(arn);
    assertThat(running.acm("DescribeCertificate", "{\"CertificateArn\": \"" + arn + "\"}").body())
        .contains("distribution/" + served.id());
    assertThat(running.acm("DeleteCertificate", "{\"CertificateArn\": \"" + arn + "\"}").body())
        .contains("ResourceInUseException");
    assertThat(imported(root.issueFor(KeyPurposeId.id_kp_serverAuth), arn))
        .as("again, for another purpose")
        .contains("ValidationException")
        .contains(served.id());
    assertThat(imported(root.issue("other.example.com"), arn)).contains(arn);
  }

  @Test
  void an_origin_is_shown_nothing_that_does_not_fit() throws Exception {
    String arn = arn(imported(root.issueFor(KeyPurposeId.id_kp_clientAuth), ""));
    String ofServers = arn(imported(root.issueFor(KeyPurposeId.id_kp_serverAuth), ""));

    refused(showing("plain", "http-only", arn), "OriginProtocolPolicy");
    refused(showing("servers", "https-only", ofServers), "client authentication");
    refused(
        showing("none", "match-viewer", arn.substring(0, arn.length() - 4) + "0000"), "not there");
  }
}
