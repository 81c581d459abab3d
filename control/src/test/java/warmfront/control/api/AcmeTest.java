package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static warmfront.control.api.AcmCalls.named;
import static warmfront.control.api.AcmCalls.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongPredicate;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.InvalidViewerCertificateException;
import warmfront.control.api.acm.Acm;
import warmfront.control.api.acm.Issuers;
import warmfront.control.certificate.AcmeAuthority;
import warmfront.control.certificate.SiteCertificates;
import warmfront.control.certificate.SiteKey;
import warmfront.distribution.Certificate;
import warmfront.distribution.Kind;
import warmfront.distribution.TextRecord;
import warmfront.link.Pem;
import warmfront.time.ManualClock;

/** Certificates that are requested of a public authority by ACME. */
final class AcmeTest {
  private static final SecretKeySpec SEALING = new SecretKeySpec(new byte[32], "AES");

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.now());
  private final Issuer root = new Issuer("world", Instant.now());
  private final Issuer issuer = root.below("issuer");
  private final Map<String, String> aliases = new HashMap<>();

  /** Names whose texts the authority's resolver does not see yet. */
  private final Set<String> unseen = new HashSet<>();

  private Running running;
  private AcmeServer server;
  private LongPredicate answered = _ -> true;
  private Acm acm;
  private AcmCalls calls;

  @BeforeEach
  void start() throws Exception {
    running = new Running(folder, Quotas.DEFAULT, Limits.DEFAULT, clock);
    server = new AcmeServer(issuer, this::texts);
    acm =
        new Acm(
            running.store,
            new Acm.Owner(Running.ACCOUNT, Running.ZONE, user -> "arn:" + user.id(), 100, 10),
            new Issuers(
                new SiteCertificates(running.authority, clock),
                Optional.of(authority()),
                revision -> answered.test(revision)),
            name -> Optional.ofNullable(aliases.get(name)),
            clock,
            () -> UUID.randomUUID().toString());
    calls = new AcmCalls(acm, running.store);
  }

  private AcmeAuthority authority() throws Exception {
    return AcmeAuthority.loadOrMake(
        new AcmeAuthority.Options(server.directory(), Optional.of("dns@example.com")),
        folder,
        SEALING,
        new SecureRandom());
  }

  /** DNS as the authority sees it: it follows an alias to the fleet's zone. */
  private List<String> texts(String name) {
    if (unseen.contains(name)) {
      return List.of();
    }
    String at = aliases.getOrDefault(name, name);
    Optional<List<String>> found =
        running.store.read(
            tx -> tx.latest(Kind.TEXT_RECORD, at).map(one -> ((TextRecord) one).values()));
    return found.orElse(List.of());
  }

  @AfterEach
  void stop() {
    server.close();
    running.close();
  }

  @Test
  void it_is_pending_until_its_record_is_in_dns_and_then_issued() throws Exception {
    String arn = requested("www.example.com");

    acm.advance();

    JsonNode pending = calls.detail(arn);
    assertThat(text(pending, "Status")).isEqualTo("PENDING_VALIDATION");
    assertThat(pending.field("NotAfter")).isEmpty();
    assertThat(text(record(pending, 0), "Name")).isEqualTo("_acme-challenge.www.example.com.");
    assertThat(text(record(pending, 0), "Value"))
        .matches("_[0-9a-f]{32}\\.warmfront\\.localhost\\.");
    assertThat(server.orders()).isZero();
    calls.refused("RequestInProgressException", "GetCertificate", named(arn));
    try (CloudFrontClient client = running.client()) {
      assertThatThrownBy(() ->
              client.createDistribution(
                  r -> r.distributionConfig(RequestedCertificateTest.showing(arn))))
          .isInstanceOf(InvalidViewerCertificateException.class);
    }

    point(pending);
    acm.advance();

    JsonNode issued = calls.detail(arn);
    assertThat(text(issued, "Status")).isEqualTo("ISSUED");
    assertThat(text(issued, "Issuer")).isEqualTo("CN=issuer");
    assertThat(text(issued, "KeyAlgorithm")).isEqualTo("EC_prime256v1");
    Certificate published = calls.published(arn);
    assertThat(Pem.certificates(published.chainPem())).hasSize(2);
    assertThat(Pem.privateKey(published.keyPem()).getAlgorithm()).isEqualTo("EC");
    assertThat(running.store.read(tx -> tx.latest(Kind.TEXT_RECORD)).size()).isZero();
    acm.advance();
    assertThat(server.orders()).isOne();
    try (CloudFrontClient client = running.client()) {
      client.createDistribution(r -> r.distributionConfig(RequestedCertificateTest.showing(arn)));
    }
  }

  @Test
  void a_domain_and_its_wildcard_are_proved_by_one_record_and_the_zone_s_names_by_none()
      throws Exception {
    String arn = requested("example.com", "*.example.com", "www.warmfront.localhost");
    point(calls.detail(arn));
    aliases.remove("_acme-challenge.www.warmfront.localhost");

    acm.advance();

    assertThat(text(calls.detail(arn), "Status")).isEqualTo("ISSUED");
    assertThat(calls.leaf(arn).getSubjectAlternativeNames()).hasSize(3);
  }

  @Test
  void an_authority_that_does_not_take_a_proof_is_asked_again_later() throws Exception {
    String arn = requested("www.example.com");
    point(calls.detail(arn));
    unseen.add("_acme-challenge.www.example.com");

    acm.advance();
    assertThat(text(calls.detail(arn), "Status")).isEqualTo("PENDING_VALIDATION");
    assertThat(server.orders()).isOne();
    unseen.clear();
    acm.advance();
    assertThat(server.orders()).isOne();
    clock.advance(Duration.ofMinutes(15));
    acm.advance();

    assertThat(server.orders()).isEqualTo(2);
    assertThat(text(calls.detail(arn), "Status")).isEqualTo("ISSUED");
  }

  @Test
  void the_authority_is_not_sent_to_dns_servers_that_do_not_answer_yet() throws Exception {
    String arn = requested("www.example.com");
    point(calls.detail(arn));
    answered =
        _ -> {
          clock.advance(Duration.ofSeconds(31));
          return false;
        };

    acm.advance();

    assertThat(text(calls.detail(arn), "Status")).isEqualTo("PENDING_VALIDATION");
    assertThat(texts("_acme-challenge.www.example.com")).isEmpty();
    clock.advance(Duration.ofMinutes(15));
    answered = _ -> true;
    acm.advance();
    assertThat(text(calls.detail(arn), "Status")).isEqualTo("ISSUED");
  }

  @Test
  void what_is_not_proved_in_three_days_never_is() throws Exception {
    String arn = requested("www.example.com");

    clock.advance(Duration.ofDays(3));
    acm.advance();

    JsonNode detail = calls.detail(arn);
    assertThat(text(detail, "Status")).isEqualTo("VALIDATION_TIMED_OUT");
    point(detail);
    acm.advance();
    assertThat(server.orders()).isZero();
    assertThat(calls.ok("ListCertificates", "{\"CertificateStatuses\":[\"VALIDATION_TIMED_OUT\"]}"))
        .asString()
        .contains(arn);
    calls.ok("DeleteCertificate", named(arn));
    calls.refused("ResourceNotFoundException", "DescribeCertificate", named(arn));
  }

  @Test
  void one_in_use_is_ordered_anew_when_a_third_of_its_life_is_left() throws Exception {
    String arn = requested("www.example.com");
    point(calls.detail(arn));
    acm.advance();
    String before = calls.published(arn).keyPem();
    try (CloudFrontClient client = running.client()) {
      client.createDistribution(r -> r.distributionConfig(RequestedCertificateTest.showing(arn)));
    }

    clock.advance(Duration.ofDays(20));
    acm.renew();
    assertThat(renewal(arn)).isEqualTo("PENDING_VALIDATION");
    assertThat(text(calls.detail(arn), "Status")).isEqualTo("ISSUED");
    acm.renew();
    acm.advance();

    assertThat(renewal(arn)).isEqualTo("SUCCESS");
    assertThat(calls.published(arn).keyPem()).isNotEqualTo(before);
    assertThat(server.orders()).isEqualTo(2);
  }

  @Test
  void the_account_s_key_is_kept_sealed() throws Exception {
    String arn = requested("www.example.com");
    point(calls.detail(arn));
    acm.advance();
    AcmeAuthority again = authority();

    again.issue(
        List.of("b.warmfront.localhost"),
        SiteKey.RSA_2048,
        new AcmeAuthority.Proofs() {
          @Override
          public void show(Map<String, List<String>> texts) {
            texts.forEach((domain, values) -> {
              TextRecord record = new TextRecord("_acme-challenge." + domain, values);
              running.store.write(
                  tx -> tx.append(Kind.TEXT_RECORD, record.id(), Optional.of(record)));
            });
          }

          @Override
          public void withdraw(Set<String> domains) {}
        });

    assertThat(server.accounts()).isOne();
    assertThat(Files.readString(folder.resolve("acme.key"), StandardCharsets.ISO_8859_1))
        .doesNotContain("PRIVATE");
  }

  private String renewal(String arn) {
    return text(calls.detail(arn).field("RenewalSummary").orElseThrow(), "RenewalStatus");
  }

  /** Sets the records of DNS that a certificate asks for. */
  private void point(JsonNode detail) {
    int count = detail.field("DomainValidationOptions").orElseThrow().asArray().size();
    for (int i = 0; i < count; i++) {
      String name = text(record(detail, i), "Name");
      String value = text(record(detail, i), "Value");
      aliases.put(name.substring(0, name.length() - 1), value.substring(0, value.length() - 1));
    }
  }

  private static JsonNode record(JsonNode detail, int index) {
    return detail
        .field("DomainValidationOptions")
        .orElseThrow()
        .asArray()
        .get(index)
        .field("ResourceRecord")
        .orElseThrow();
  }

  private String requested(String name, String... more) {
    StringBuilder others = new StringBuilder();
    for (String other : more) {
      others.append(others.isEmpty() ? "" : ",").append('"').append(other).append('"');
    }
    return text(
        calls.ok(
            "RequestCertificate",
            "{\"DomainName\":\"%s\",\"SubjectAlternativeNames\":[%s],\"KeyAlgorithm\":\"EC_prime256v1\"}"
                .formatted(name, others)),
        "CertificateArn");
  }
}
