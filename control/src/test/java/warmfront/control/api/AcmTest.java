package warmfront.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import warmfront.control.api.Issuer.Issued;
import warmfront.control.api.acm.Acm;
import warmfront.control.api.acm.Issuers;
import warmfront.control.certificate.SiteCertificates;
import warmfront.control.identity.RootCaller;
import warmfront.distribution.Certificate;
import warmfront.distribution.Kind;
import warmfront.distribution.Resource;
import warmfront.time.ManualClock;

/** Certificates as the certificate manager's API has them. */
final class AcmTest {

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock(Instant.now());
  private final Issuer root = new Issuer("root", Instant.now());
  private final Issuer below = root.below("below");
  private Running running;
  private Acm acm;

  @BeforeEach
  void start() {
    running = new Running(folder);
    acm =
        new Acm(
            running.store,
            new Acm.Owner(Running.ACCOUNT, Running.ZONE, user -> "arn:" + user.id(), 100, 10),
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
  void a_certificate_is_imported_described_read_listed_and_deleted() throws Exception {
    Issued leaf = below.issue("www.example.com", "*.example.com");
    String arn =
        text(ok("ImportCertificate", brought(leaf, below.chainPem(), "")), "CertificateArn");

    assertThat(arn).matches("arn:aws:acm:us-east-1:123456789012:certificate/[0-9a-f-]{36}");
    assertThat(published(arn))
        .isEqualTo(new Certificate(arn, leaf.pem() + below.pem(), leaf.keyPem()));
    JsonNode detail = ok("DescribeCertificate", named(arn)).field("Certificate").orElseThrow();
    assertThat(text(detail, "Status")).isEqualTo("ISSUED");
    assertThat(text(detail, "Type")).isEqualTo("IMPORTED");
    assertThat(text(detail, "DomainName")).isEqualTo("www.example.com");
    assertThat(text(detail, "KeyAlgorithm")).isEqualTo("EC_prime256v1");
    assertThat(text(detail, "Issuer")).isEqualTo("CN=below");
    assertThat(text(detail, "Serial")).isEqualTo("01:02:03:04");
    assertThat(detail.field("SubjectAlternativeNames").orElseThrow().asArray())
        .extracting(JsonNode::asString)
        .containsExactly("www.example.com", "*.example.com");
    assertThat(detail.field("InUseBy").orElseThrow().asArray()).isEmpty();
    assertThat(Double.parseDouble(detail.field("NotAfter").orElseThrow().asNumber()))
        .isEqualTo((double) leaf.certificate().getNotAfter().toInstant().getEpochSecond());
    JsonNode got = ok("GetCertificate", named(arn));
    assertThat(text(got, "Certificate")).isEqualTo(leaf.pem());
    assertThat(text(got, "CertificateChain")).isEqualTo(below.pem());
    assertThat(summaries("{}")).containsExactly(arn);
    ok("DeleteCertificate", named(arn));
    refused("ResourceNotFoundException", "DescribeCertificate", named(arn));
    assertThat(summaries("{}")).isEmpty();
    assertThat(latest(arn)).isEmpty();
  }

  @Test
  void it_is_imported_again_under_its_arn() throws Exception {
    String arn = imported("www.example.com");
    Issued next = root.issue("www.example.com");
    clock.advance(Duration.ofHours(1));

    ok("ImportCertificate", brought(next, "", ",\"CertificateArn\":\"" + arn + "\""));

    assertThat(published(arn).keyPem()).isEqualTo(next.keyPem());
    JsonNode detail = ok("DescribeCertificate", named(arn)).field("Certificate").orElseThrow();
    double created = Double.parseDouble(detail.field("CreatedAt").orElseThrow().asNumber());
    assertThat(Double.parseDouble(detail.field("ImportedAt").orElseThrow().asNumber()))
        .isEqualTo(created + 3600);
    refused(
        "ResourceNotFoundException",
        "ImportCertificate",
        brought(
            next,
            "",
            ",\"CertificateArn\":\"" + arn.replace("certificate/", "certificate/a") + "\""));
  }

  @Test
  void what_cannot_be_served_is_refused_with_the_reason() throws Exception {
    Issued leaf = root.issue("www.example.com");
    Issued other = root.issue("www.example.com");

    assertThat(
            refused(
                "ValidationException",
                "ImportCertificate",
                brought(new Issued(leaf.certificate(), other.key()), "", "")))
        .contains("not the certificate's")
        .doesNotContain("PRIVATE");
    assertThat(refused("ValidationException", "ImportCertificate", "{}"))
        .contains("Certificate is required");
    refused("ValidationException", "ImportCertificate", "{\"Certificate\":7}");
    refused("ValidationException", "ImportCertificate", "{\"Certificate\":\"*\"}");
    refused("SerializationException", "ImportCertificate", "{");
    refused("SerializationException", "ImportCertificate", "[]");
    refused("InvalidArnException", "DescribeCertificate", named("arn:aws:acm:x"));
    refused("SerializationException", "ListCertificates", "[".repeat(100_000));
    refused("SerializationException", "ListCertificates", "{\"a\":".repeat(100_000));
    refused("ValidationException", "DescribeCertificate", "{}");
    refused("ValidationException", "ListCertificates", "{\"MaxItems\":0}");
    assertThat(refused("NotImplemented", "ExportCertificate", "{}")).contains("ExportCertificate");
  }

  @Test
  void lists_come_in_pages_and_by_status_and_kind_of_key() throws Exception {
    String first = imported("one.example.com");
    clock.advance(Duration.ofSeconds(1));
    String second = imported("two.example.com");

    JsonNode page = ok("ListCertificates", "{\"MaxItems\":1}");
    assertThat(arns(page)).containsExactly(second);
    assertThat(summaries("{\"NextToken\":\"" + text(page, "NextToken") + "\"}"))
        .containsExactly(first);
    assertThat(summaries("{\"Includes\":{\"keyTypes\":[\"RSA_2048\"]}}")).isEmpty();
    assertThat(summaries("{\"CertificateStatuses\":[\"EXPIRED\"]}")).isEmpty();
    clock.advance(Duration.ofDays(31));
    assertThat(summaries("{\"CertificateStatuses\":[\"EXPIRED\"]}")).containsExactly(second, first);
  }

  @Test
  void certificates_have_tags() throws Exception {
    Issued leaf = root.issue("www.example.com");
    String arn =
        text(
            ok(
                "ImportCertificate",
                brought(leaf, "", ",\"Tags\":[{\"Key\":\"a\",\"Value\":\"b\"}]")),
            "CertificateArn");

    ok("AddTagsToCertificate", tagged(arn, "{\"Key\":\"c\"}"));
    assertThat(ok("ListTagsForCertificate", named(arn)).field("Tags").orElseThrow().asArray())
        .hasSize(2);
    ok("RemoveTagsFromCertificate", tagged(arn, "{\"Key\":\"a\"}"));
    assertThat(ok("ListTagsForCertificate", named(arn)).field("Tags").orElseThrow().asArray())
        .singleElement()
        .satisfies(tag -> assertThat(text(tag, "Key")).isEqualTo("c"));
    refused("InvalidTagException", "AddTagsToCertificate", tagged(arn, "{\"Key\":\"aws:x\"}"));
  }

  @Test
  void there_may_be_so_many() {
    Acm one =
        new Acm(
            running.store,
            new Acm.Owner("1", Running.ZONE, user -> user.id(), 1, 10),
            new Issuers(new SiteCertificates(running.authority, clock)),
            _ -> Optional.empty(),
            clock,
            () -> "0-1");
    byte[] body = brought(root.issue("a.example"), "", "").getBytes(StandardCharsets.UTF_8);

    assertThat(imported(one, body).status()).isEqualTo(200);
    assertThat(imported(one, body).body()).contains("LimitExceededException");
  }

  @Test
  void keys_are_sealed_at_rest_and_never_said() throws Exception {
    Issued leaf = root.issue("www.example.com");
    String arn = text(ok("ImportCertificate", brought(leaf, "", "")), "CertificateArn");
    String secret = leaf.keyPem().lines().skip(1).findFirst().orElseThrow();

    for (String operation : List.of("DescribeCertificate", "GetCertificate")) {
      assertThat(running.acm(operation, named(arn)).body()).doesNotContain(secret);
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret)
            .doesNotContain(
                new String(leaf.key().getEncoded(), StandardCharsets.ISO_8859_1).substring(40));
      }
    }
  }

  @Test
  void it_is_spoken_on_the_port_of_cloudfront_s_api() throws Exception {
    HttpResponse<String> said = running.acm("ListCertificates", "{}");

    assertThat(said.statusCode()).isEqualTo(200);
    assertThat(said.body()).isEqualTo("{\"CertificateSummaryList\":[]}");
    assertThat(said.headers().firstValue("Content-Type")).contains("application/x-amz-json-1.1");
    assertThat(said.headers().firstValue("x-amzn-RequestId")).isPresent();
  }

  @Test
  void a_signature_for_another_service_is_not_enough() throws Exception {
    HttpResponse<String> said =
        running.send(
            "POST", "/", "{}", Map.of("X-Amz-Target", "CertificateManager.ListCertificates"));

    assertThat(said.statusCode()).isEqualTo(403);
    assertThat(JsonNode.parser().parse(said.body()).field("__type")).isPresent();
  }

  private String imported(String... names) throws Exception {
    return text(ok("ImportCertificate", brought(root.issue(names), "", "")), "CertificateArn");
  }

  private Certificate published(String arn) {
    return (Certificate) latest(arn).orElseThrow();
  }

  private Optional<Resource> latest(String arn) {
    return running.store.read(tx -> tx.latest(Kind.CERTIFICATE, arn));
  }

  static String brought(Issued leaf, String issuers, String more) {
    return "{\"Certificate\":\"%s\",\"PrivateKey\":\"%s\"%s%s}"
        .formatted(
            base64(leaf.pem()),
            base64(leaf.keyPem()),
            issuers.isEmpty() ? "" : ",\"CertificateChain\":\"" + base64(issuers) + "\"",
            more);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private Acm.Answer imported(Acm acm, byte[] body) {
    return acm.answer(RootCaller.of(running.store), "CertificateManager.ImportCertificate", body);
  }

  private static String named(String arn) {
    return "{\"CertificateArn\":\"" + arn + "\"}";
  }

  private static String tagged(String arn, String tag) {
    return "{\"CertificateArn\":\"%s\",\"Tags\":[%s]}".formatted(arn, tag);
  }

  private JsonNode ok(String operation, String json) {
    Acm.Answer said = answer(operation, json);
    assertThat(said.status()).as(said.body()).isEqualTo(200);
    return JsonNode.parser().parse(said.body());
  }

  private Acm.Answer answer(String operation, String json) {
    return acm.answer(
        RootCaller.of(running.store),
        "CertificateManager." + operation,
        json.getBytes(StandardCharsets.UTF_8));
  }

  private String refused(String code, String operation, String json) throws Exception {
    Acm.Answer said = answer(operation, json);
    assertThat(said.status()).as(said.body()).isBetween(400, 501);
    JsonNode body = JsonNode.parser().parse(said.body());
    assertThat(text(body, "__type")).isEqualTo(code);
    return text(body, "message");
  }

  private List<String> summaries(String json) throws Exception {
    return arns(ok("ListCertificates", json));
  }

  private static List<String> arns(JsonNode page) {
    return page.field("CertificateSummaryList").orElseThrow().asArray().stream()
        .map(one -> text(one, "CertificateArn"))
        .toList();
  }

  private static String text(JsonNode node, String member) {
    return node.field(member).orElseThrow().asString();
  }
}
