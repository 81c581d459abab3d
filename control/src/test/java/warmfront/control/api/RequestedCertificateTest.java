package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static warmfront.control.api.AcmCalls.named;
import static warmfront.control.api.AcmCalls.text;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.MinimumProtocolVersion;
import software.amazon.awssdk.services.cloudfront.model.SSLSupportMethod;
import warmfront.control.api.acm.Acm;
import warmfront.control.api.acm.Issuers;
import warmfront.control.certificate.SiteCertificates;
import warmfront.distribution.Certificate;
import warmfront.link.Pem;
import warmfront.time.ManualClock;

/** Certificates that are requested of the fleet's authority by the certificate manager's API. */
final class RequestedCertificateTest {
  private static final String WWW = "{\"DomainName\":\"www.example.com\"%s}";

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.now());
  private Running running;
  private Acm acm;
  private AcmCalls calls;

  @BeforeEach
  void start() {
    running = new Running(folder, Quotas.DEFAULT, Limits.DEFAULT, clock);
    acm = acm(100);
    calls = new AcmCalls(acm, running.store);
  }

  private Acm acm(int certificatesMax) {
    return new Acm(
        running.store,
        new Acm.Owner(
            Running.ACCOUNT, Running.ZONE, user -> "arn:" + user.id(), certificatesMax, 10),
        new Issuers(new SiteCertificates(running.authority, clock)),
        _ -> Optional.empty(),
        clock,
        () -> UUID.randomUUID().toString());
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void what_is_requested_is_issued_by_the_fleet_s_authority_for_servers_alone() throws Exception {
    String arn =
        requested(
            """
            {"DomainName":"WWW.example.com","ValidationMethod":"DNS",
             "SubjectAlternativeNames":["www.example.com","*.example.com"],
             "Tags":[{"Key":"a","Value":"b"}]}\
            """);

    X509Certificate leaf = calls.leaf(arn);
    leaf.verify(running.authority.certificate().getPublicKey());
    assertThat(leaf.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("www.example.com", "*.example.com");
    assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(Pem.privateKey(calls.published(arn).keyPem()).getAlgorithm()).isEqualTo("RSA");
    JsonNode detail = calls.detail(arn);
    assertThat(text(detail, "Status")).isEqualTo("ISSUED");
    assertThat(text(detail, "Type")).isEqualTo("AMAZON_ISSUED");
    assertThat(text(detail, "KeyAlgorithm")).isEqualTo("RSA_2048");
    assertThat(text(detail, "RenewalEligibility")).isEqualTo("INELIGIBLE");
    assertThat(detail.field("IssuedAt")).isPresent();
    assertThat(detail.field("ImportedAt")).isEmpty();
    assertThat(calls.ok("ListTagsForCertificate", named(arn)).field("Tags").orElseThrow().asArray())
        .hasSize(1);
    assertThat(text(calls.ok("GetCertificate", named(arn)), "CertificateChain"))
        .isEqualTo(running.authority.pem());
  }

  @Test
  void each_name_has_a_record_for_tools_that_set_one_and_a_wildcard_that_of_its_domain()
      throws Exception {
    String arn =
        requested(
            """
            {"DomainName":"example.com","SubjectAlternativeNames":["*.example.com","b.example"]}\
            """);

    List<JsonNode> options =
        calls.detail(arn).field("DomainValidationOptions").orElseThrow().asArray();

    assertThat(options)
        .extracting(option -> text(option, "DomainName"))
        .containsExactly("example.com", "*.example.com", "b.example");
    assertThat(options)
        .allSatisfy(option -> assertThat(text(option, "ValidationStatus")).isEqualTo("SUCCESS"));
    List<JsonNode> records =
        options.stream().map(option -> option.field("ResourceRecord").orElseThrow()).toList();
    assertThat(text(records.get(0), "Type")).isEqualTo("CNAME");
    assertThat(text(records.get(0), "Name")).matches("_[0-9a-f]{32}\\.example\\.com\\.");
    assertThat(text(records.get(0), "Value")).matches("_[0-9a-f]{32}\\.warmfront\\.localhost\\.");
    assertThat(records.get(1)).isEqualTo(records.get(0));
    assertThat(text(records.get(2), "Name")).endsWith(".b.example.");
  }

  @ParameterizedTest
  @CsvSource({"RSA_2048", "EC_prime256v1", "EC_secp384r1"})
  void the_key_is_of_the_kind_that_was_asked_for(String kind) throws Exception {
    String arn = requested(WWW.formatted(",\"KeyAlgorithm\":\"" + kind + "\""));

    assertThat(text(calls.detail(arn), "KeyAlgorithm")).isEqualTo(kind);
  }

  @Test
  void a_distribution_shows_it_and_then_it_is_not_deleted() throws Exception {
    String arn = requested(WWW.formatted(""));
    try (CloudFrontClient client = running.client()) {
      String id =
          client.createDistribution(r -> r.distributionConfig(showing(arn))).distribution().id();

      assertThat(calls.detail(arn).field("InUseBy").orElseThrow().asArray())
          .singleElement()
          .satisfies(user -> assertThat(user.asString()).isEqualTo("arn:" + id));
      assertThat(text(calls.detail(arn), "RenewalEligibility")).isEqualTo("ELIGIBLE");
      calls.refused("ResourceInUseException", "DeleteCertificate", named(arn));
    }
  }

  @Test
  void it_is_issued_anew_under_its_arn_when_a_third_of_its_life_is_left_and_it_is_in_use()
      throws Exception {
    String arn = requested(WWW.formatted(",\"KeyAlgorithm\":\"EC_prime256v1\""));
    String idle = requested("{\"DomainName\":\"idle.example\"}");
    Certificate first = calls.published(arn);
    Certificate unused = calls.published(idle);
    try (CloudFrontClient client = running.client()) {
      client.createDistribution(r -> r.distributionConfig(showing(arn)));
    }

    clock.advance(Duration.ofDays(59));
    assertThat(acm.renew()).isZero();
    clock.advance(Duration.ofDays(1));
    assertThat(acm.renew()).isOne();

    assertThat(calls.published(arn).keyPem()).isNotEqualTo(first.keyPem());
    assertThat(calls.leaf(arn).getNotAfter().toInstant())
        .isAfter(clock.now().plus(Duration.ofDays(89)));
    assertThat(text(calls.detail(arn), "KeyAlgorithm")).isEqualTo("EC_prime256v1");
    assertThat(text(calls.detail(arn).field("RenewalSummary").orElseThrow(), "RenewalStatus"))
        .isEqualTo("SUCCESS");
    assertThat(calls.published(idle)).isEqualTo(unused);
    assertThat(acm.renew()).isZero();
  }

  @Test
  void what_was_imported_is_not_issued_anew() throws Exception {
    Issuer.Issued leaf = new Issuer("root", clock.now()).issue("www.example.com");
    String arn =
        text(calls.ok("ImportCertificate", AcmTest.brought(leaf, "", "")), "CertificateArn");
    try (CloudFrontClient client = running.client()) {
      client.createDistribution(r -> r.distributionConfig(showing(arn)));
    }

    clock.advance(Duration.ofDays(29));

    assertThat(acm.renew()).isZero();
    assertThat(calls.detail(arn).field("DomainValidationOptions")).isEmpty();
  }

  @Test
  void the_same_request_under_one_token_within_an_hour_is_one_certificate() throws Exception {
    String first = requested(WWW.formatted(",\"IdempotencyToken\":\"t1\""));

    assertThat(requested(WWW.formatted(",\"IdempotencyToken\":\"t1\""))).isEqualTo(first);
    assertThat(requested(WWW.formatted(",\"IdempotencyToken\":\"t2\""))).isNotEqualTo(first);
    assertThat(requested("{\"DomainName\":\"b.example\",\"IdempotencyToken\":\"t1\"}"))
        .isNotEqualTo(first);
    assertThat(requested(WWW.formatted(""))).isNotEqualTo(first);
    clock.advance(Duration.ofHours(1));
    String later = requested(WWW.formatted(",\"IdempotencyToken\":\"t1\""));
    assertThat(later).isNotEqualTo(first);
    calls.ok("DeleteCertificate", named(later));
    assertThat(Set.of(first, later))
        .doesNotContain(requested(WWW.formatted(",\"IdempotencyToken\":\"t1\"")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          ValidationException       | {}                                                       | DomainName is required
          ValidationException       | {"DomainName":"localhost"}                               | localhost
          ValidationException       | {"DomainName":"a.*.example"}                             | a.*.example
          ValidationException       | {"DomainName":"a..example"}                              | a..example
          ValidationException       | {"DomainName":"-a.example"}                              | -a.example
          ValidationException       | {"DomainName":"x.server.fleet.warmfront"}                | fleet's servers
          ValidationException       | {"DomainName":"a.b","SubjectAlternativeNames":["*.fleet.warmfront"]} | fleet's servers
          ValidationException       | {"DomainName":"a.example","KeyAlgorithm":"RSA_1024"}     | RSA_1024
          ValidationException       | {"DomainName":"a.example","IdempotencyToken":"a-b"}      | a-b
          InvalidParameterException | {"DomainName":"a.example","ValidationMethod":"EMAIL"}    | EMAIL
          InvalidParameterException | {"DomainName":"a.example","ManagedBy":"CLOUDFRONT"}      | ManagedBy
          InvalidParameterException | {"DomainName":"a.example","CertificateAuthorityArn":"a"} | CertificateAuthorityArn
          InvalidParameterException | {"DomainName":"a.example","Options":{"Export":"ENABLED"}} | exported
          """)
  void what_is_not_to_be_had_is_refused_by_name(String code, String asked, String named)
      throws Exception {
    assertThat(calls.refused(code, "RequestCertificate", asked)).contains(named);
  }

  @Test
  void it_may_have_ten_names_and_there_may_be_so_many() throws Exception {
    assertThat(
            calls.refused(
                "LimitExceededException",
                "RequestCertificate",
                WWW.formatted(
                    ",\"SubjectAlternativeNames\":[%s]"
                        .formatted(
                            String.join(
                                ",",
                                java.util.stream.IntStream.range(0, 10)
                                    .mapToObj(i -> "\"n" + i + ".example\"")
                                    .toList())))))
        .contains("11");
    calls = new AcmCalls(acm(1), running.store);
    requested(WWW.formatted(""));
    calls.refused("LimitExceededException", "RequestCertificate", WWW.formatted(""));
  }

  @Test
  void one_that_was_requested_is_not_imported_again_and_gets_no_mail() throws Exception {
    String arn = requested(WWW.formatted(""));
    Issuer.Issued leaf = new Issuer("root", clock.now()).issue("www.example.com");

    assertThat(
            calls.refused(
                "ValidationException",
                "ImportCertificate",
                AcmTest.brought(leaf, "", ",\"CertificateArn\":\"" + arn + "\"")))
        .contains("requested");
    calls.refused("InvalidStateException", "ResendValidationEmail", named(arn));
  }

  /** Returns a distribution that shows a certificate. */
  static DistributionConfig showing(String arn) {
    return Configs.minimal("showing " + arn).toBuilder()
        .aliases(aliases -> aliases.quantity(1).items("www.example.com"))
        .viewerCertificate(viewers ->
            viewers
                .acmCertificateArn(arn)
                .sslSupportMethod(SSLSupportMethod.SNI_ONLY)
                .minimumProtocolVersion(MinimumProtocolVersion.TLS_V1_2_2021))
        .build();
  }

  private String requested(String json) throws Exception {
    return text(calls.ok("RequestCertificate", json), "CertificateArn");
  }
}
